//! From a provider to a process that serves it: the top of the crate, which
//! knows all of it and which nothing else knows.

use std::process::ExitCode;

use crate::plugin::{self, Program};
use crate::proto;
use crate::provider::Provider;

impl<P: Send + Sync + 'static> Provider<P> {
    /// Serves Terraform until it is done; what `main` returns.
    pub fn serve(self) -> ExitCode {
        let parts = self.into_parts();
        let program = Program {
            name: parts.name.clone(),
            address: parts.address.clone(),
            version: parts.version.clone(),
        };
        plugin::run(program, || proto::service(parts))
    }
}
