//! `ImportResourceState`: an id becomes a first state, which Terraform then refreshes.

use super::super::Server;
use super::{Object, StoredObject};
use crate::diagnostics::Result;
use crate::resource::Request;
use crate::value::canonical;

impl Server {
    /// Returns the attributes that the handler sets, with all others null. The id is in the
    /// normal form C of Unicode, like all text of a configuration.
    pub(crate) async fn import_resource(
        &self,
        type_name: &str,
        id: String,
    ) -> Result<StoredObject> {
        let handlers = self.handlers(type_name)?;
        let request = Request { call: self.call(None)?, private: Vec::new() };
        // The command line gives it as it was typed, and a configuration in this form.
        let id = canonical::text(&id).into_owned();
        let reply = handlers.import(request, id).await;
        let object = Object { state: reply.outcome?, private: reply.private };
        Ok(StoredObject { object, diagnostics: reply.warnings })
    }
}
