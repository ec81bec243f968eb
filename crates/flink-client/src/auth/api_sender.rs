//! Sends requests with the client's credentials.
//!
//! The outer of two senders. The inner one knows no credentials, and so the authenticator
//! can fetch its tokens through it.

use super::authenticator::Authenticator;
use crate::call::{ApiResponse, Authorization, Identity, Sender};
use crate::error::{Error, Result};
use crate::request::{Audience, Request};
use crate::types::CallOptions;

/// Sends requests and adds the credentials that each server takes.
pub(crate) struct ApiSender {
    sender: Sender,
    authenticator: Authenticator,
}

impl ApiSender {
    pub(crate) fn new(sender: Sender, authenticator: Authenticator) -> Self {
        Self { sender, authenticator }
    }

    /// Sends a request, again where the policy says so, and returns a successful response.
    pub(crate) async fn send(
        &self,
        request: &Request,
        options: &CallOptions,
    ) -> Result<ApiResponse> {
        self.sender.send(request, options, self).await
    }

    /// As [`Sender::back_off`].
    pub(crate) async fn back_off(
        &self,
        request: &Request,
        options: &CallOptions,
        attempts: u32,
        cause: Error,
    ) -> Result<()> {
        self.sender.back_off(request, options, attempts, cause).await
    }

    /// The most times that a request is sent again.
    pub(crate) fn max_retries(&self) -> u32 {
        self.sender.policy.max_retries
    }
}

impl Identity for ApiSender {
    async fn authorize(&self, audience: Audience, options: &CallOptions) -> Result<Authorization> {
        self.authenticator.authorize(&self.sender, audience, options).await
    }

    fn forget(&self, audience: Audience, refused: &Authorization) {
        self.authenticator.forget(audience, refused);
    }
}
