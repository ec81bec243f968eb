//! The wire of plugin protocol 5.10: the only module that names generated types.
//!
//! A request is decoded into values and handed to the server, whose response is encoded
//! again. Nothing is decided here.

#[cfg(feature = "testing")]
pub(crate) mod client;
mod decode;
mod diagnostics;
mod encode;
#[cfg(feature = "testing")]
pub(crate) mod raw;
mod rpc;
mod service;
mod unimplemented;

#[allow(
    clippy::all,
    clippy::pedantic,
    dead_code,
    missing_debug_implementations,
    missing_docs,
    unreachable_pub,
    reason = "generated code"
)]
pub(crate) mod generated {
    pub(crate) mod health;
    pub(crate) mod plugin;
    pub(crate) mod tfplugin5;
}

/// The messages of the side services, which the process answers itself.
pub(crate) mod side {
    pub(crate) use super::generated::{health, plugin};
}

use std::sync::Arc;

use self::generated::tfplugin5::provider_server::ProviderServer;
use self::service::Service;
use crate::provider::Parts;
use crate::server::Server;

/// The limit that Terraform's own plugins use, in bytes. Large states are large messages.
const LARGEST_MESSAGE: usize = 256 << 20;

/// The gRPC service of a provider.
pub(crate) fn service(
    parts: Parts,
) -> ProviderServer<impl generated::tfplugin5::provider_server::Provider> {
    ProviderServer::new(Service::new(Arc::new(Server::new(parts))))
        .max_decoding_message_size(LARGEST_MESSAGE)
        .max_encoding_message_size(LARGEST_MESSAGE)
}
