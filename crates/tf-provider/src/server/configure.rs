//! `PrepareProviderConfig` and `Configure`: the provider block is validated, and made into
//! the value that all handlers share.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::resource::validate::validate_block;
use super::{Server, Session};
use crate::diagnostics::Diagnostics;
use crate::provider::Configure;
use crate::value::Value;

impl Server {
    /// Validates the provider block as far as it is known.
    pub(crate) fn validate_provider(&self, config: &Value) -> Diagnostics {
        validate_block(&self.parts.schema, config)
    }

    /// Configures the provider anew, which also ends an earlier `Stop`. If the handler fails,
    /// the earlier configuration stays.
    pub(crate) async fn configure(&self, config: Value, terraform_version: String) -> Diagnostics {
        let schema = Arc::clone(&self.parts.schema);
        let cx = Configure { schema, config, terraform_version, warnings: Diagnostics::none() };
        let (outcome, mut diagnostics) = (self.parts.configure)(cx).await;
        match outcome {
            Ok(shared) => {
                *self.session() =
                    Session { configured: Some(shared), cancelled: CancellationToken::new() };
            }
            Err(errors) => diagnostics.extend(errors),
        }
        diagnostics
    }
}
