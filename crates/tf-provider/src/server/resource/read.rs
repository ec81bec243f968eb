//! `ReadResource`: refreshing an object.

use super::super::{Server, deadline};
use super::{Object, StoredObject, complete};
use crate::diagnostics::Result;
use crate::resource::Request;
use crate::schema::Operation;
use crate::value::Value;

impl Server {
    /// Returns a null state where the object is gone. Spellings that mean the same as the
    /// stored ones stay as stored, so that they are not shown as changes.
    pub(crate) async fn read_resource(
        &self,
        type_name: &str,
        stored: Object,
    ) -> Result<StoredObject> {
        let handlers = self.handlers(type_name)?;
        let schema = handlers.schema();
        let deadline = deadline(schema, Operation::Read, &stored.state);
        let request = Request { call: self.call(deadline)?, private: stored.private.clone() };
        let reply = handlers.read(request, stored.state.clone()).await;
        let mut diagnostics = reply.warnings;
        let object = match reply.outcome {
            Ok(Some(found)) => {
                let state = complete(schema, &found, &stored.state);
                Object { state, private: reply.private }
            }
            Ok(None) => Object { state: Value::Null, private: Vec::new() },
            // The stored object stays: an error is no reason to forget it.
            Err(errors) => {
                diagnostics.extend(errors);
                stored
            }
        };
        Ok(StoredObject { object, diagnostics })
    }
}
