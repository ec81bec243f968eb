//! Asking a provider what no Terraform would ask: any bytes, and any environment.
//!
//! Unlike the Core it has no state and no rules of Terraform; what an answer must
//! be is for the test to say.

use std::fmt;
use std::net::SocketAddr;

use super::told::Told;
use crate::plugin;
use crate::proto;
use crate::provider::Provider;

/// A provider in front of which there is nothing, not even gRPC.
pub struct Raw(proto::raw::Raw);

/// What a [`Raw`] provider answered.
#[derive(Debug)]
pub struct Reply {
    /// The answer, as the protocol encodes it.
    pub message: Vec<u8>,
    /// The diagnostics in it.
    pub told: Told,
}

impl Raw {
    /// Makes a provider ready to be asked.
    #[must_use]
    pub fn new<P: Send + Sync + 'static>(provider: Provider<P>) -> Self {
        Self(proto::raw::Raw::new(provider.into_parts()))
    }

    /// Asks one call of the protocol, such as `ReadResource`, with the bytes of its
    /// message. None where they are no such message, which gRPC refuses by itself.
    ///
    /// # Panics
    ///
    /// Where the provider answers with a gRPC error, which Terraform shows as a
    /// crash, and where there is no such call.
    pub async fn ask(&self, rpc: &str, message: &[u8]) -> Option<Reply> {
        let proto::raw::Reply { message, told } = self.0.ask(rpc, message).await?;
        Some(Reply { message, told: Told::new(told) })
    }
}

impl fmt::Debug for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Raw").finish_non_exhaustive()
    }
}

/// What the process of a provider with this name, listening at this address, answers
/// to a host with these environment variables: the handshake line.
///
/// # Errors
///
/// What the process says where it does not start.
pub fn handshake(
    name: &str,
    address: SocketAddr,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<String, String> {
    plugin::handshake(name, address, variable)
}
