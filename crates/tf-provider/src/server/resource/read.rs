//! `ReadResource`: what is there now?

use super::super::{Server, deadline};
use super::{Kept, Object, complete};
use crate::diagnostics::Result;
use crate::resource::Request;
use crate::schema::Operation;
use crate::value::Value;

impl Server {
    pub(crate) async fn read_resource(&self, type_name: &str, stored: Object) -> Result<Kept> {
        let handlers = self.handlers(type_name)?;
        let schema = handlers.schema();
        let deadline = deadline(schema, Operation::Read, &stored.state);
        let request = Request { call: self.call(deadline)?, private: stored.private.clone() };
        let reply = handlers.read(request, stored.state.clone()).await;
        let mut told = reply.warnings;
        let object = match reply.outcome {
            Ok(Some(found)) => {
                let state = complete(schema, &found, &stored.state);
                Object { state, private: reply.private }
            }
            Ok(None) => Object { state: Value::Null, private: Vec::new() },
            // What is stored stays: an error is no reason to forget an object.
            Err(errors) => {
                told.extend(errors);
                stored
            }
        };
        Ok(Kept { object, told })
    }
}
