//! The proof of identity that a request carries.
//!
//! A call needs three things of it: headers to send, secrets to redact, and the meaning
//! of a refusal. How the proof is obtained is the business of `auth`.

use std::future::Future;
use std::sync::Arc;

use http::header::HeaderMap;
use tokio::time::Instant;

use super::key_activation::KeyActivation;
use crate::error::Result;
use crate::request::Audience;
use crate::secret::Secret;
use crate::types::CallOptions;

/// The sender of requests, as servers know it.
pub(crate) trait Identity: Sync {
    /// Returns the proof for a request to `audience`. May fetch a token first.
    fn authorize(
        &self,
        audience: Audience,
        options: &CallOptions,
    ) -> impl Future<Output = Result<Authorization>> + Send;

    /// Forgets tokens that were refused, so that the next request fetches others.
    fn forget(&self, audience: Audience, refused: &Authorization);
}

/// No identity: for token endpoints, whose form carries the proof.
pub(crate) struct Anonymous;

/// The proof of identity of one request.
#[derive(Default)]
pub(crate) struct Authorization {
    pub(crate) headers: HeaderMap,
    /// Redacted from whatever the server says.
    pub(crate) secrets: Vec<Secret>,
    /// The token, if it was fetched before this call and can be fetched again. A refusal
    /// may then only mean that it has expired.
    pub(crate) renewable: Option<Secret>,
    /// The state of an API key that may be too new to work.
    pub(crate) activation: Option<Arc<KeyActivation>>,
    /// The sentences for a refusal of these credentials; none where there are none.
    pub(crate) not_accepted: Vec<&'static str>,
}

impl Authorization {
    /// Returns true if a refusal may only mean that the API key is too new to work.
    pub(crate) fn may_be_too_new(&self) -> bool {
        self.activation.as_ref().is_some_and(|activation| activation.refused(Instant::now()))
    }

    /// Notes that these credentials were accepted.
    pub(crate) fn accepted(&self) {
        if let Some(activation) = &self.activation {
            activation.accepted();
        }
    }
}

impl Identity for Anonymous {
    async fn authorize(&self, _: Audience, _: &CallOptions) -> Result<Authorization> {
        Ok(Authorization::default())
    }

    fn forget(&self, _: Audience, _: &Authorization) {}
}
