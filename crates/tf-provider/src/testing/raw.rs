//! Requests that Terraform never sends: any bytes, and any environment.
//!
//! Unlike the Core it has no state and no rules of Terraform; the test says what a response
//! has to be.

use std::fmt;
use std::net::SocketAddr;

use super::diagnostics::StepDiagnostics;
use crate::plugin;
use crate::proto;
use crate::provider::Provider;

/// A provider in front of which there is nothing, not even gRPC.
pub struct Raw(proto::raw::Raw);

/// The response of a [`Raw`] provider.
#[derive(Debug)]
#[non_exhaustive]
pub struct Reply {
    /// The message, as the protocol encodes it.
    pub message: Vec<u8>,
    /// The diagnostics in it.
    pub diagnostics: StepDiagnostics,
}

impl Raw {
    /// Makes a provider ready for requests.
    #[must_use]
    pub fn new<P: Send + Sync + 'static>(provider: Provider<P>) -> Self {
        Self(proto::raw::Raw::new(provider.into_parts()))
    }

    /// Sends one request of the protocol, such as `ReadResource`, with the bytes of its
    /// message. None where they are no such message, which gRPC refuses by itself.
    ///
    /// # Panics
    ///
    /// If the provider responds with a gRPC error, which Terraform shows as a crash, and if
    /// there is no such request.
    pub async fn send(&self, rpc: &str, message: &[u8]) -> Option<Reply> {
        let proto::raw::Reply { message, diagnostics } = self.0.send(rpc, message).await?;
        Some(Reply { message, diagnostics: StepDiagnostics::new(diagnostics) })
    }
}

impl fmt::Debug for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Raw").finish_non_exhaustive()
    }
}

/// The handshake line of the process of a provider with this name, which listens at this
/// address, for a host with these environment variables.
///
/// # Errors
///
/// The message of a process that does not start.
pub fn handshake(
    name: &str,
    address: SocketAddr,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<String, String> {
    plugin::handshake(name, address, variable)
}
