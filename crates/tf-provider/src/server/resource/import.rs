//! `ImportResourceState`: an id becomes a first state, which Terraform then
//! asks to refresh.

use super::super::Server;
use super::{Kept, Object};
use crate::diagnostics::Result;
use crate::resource::Request;
use crate::value::canonical;

impl Server {
    pub(crate) async fn import_resource(&self, type_name: &str, id: String) -> Result<Kept> {
        let handlers = self.handlers(type_name)?;
        let request = Request { call: self.call(None)?, private: Vec::new() };
        // The command line gives it as it was typed, and a configuration in this form.
        let id = canonical::text(&id).into_owned();
        let reply = handlers.import(request, id).await;
        let object = Object { state: reply.outcome?, private: reply.private };
        Ok(Kept { object, told: reply.warnings })
    }
}
