//! A REST client for Confluent Cloud for Apache Flink.
//!
//! ```no_run
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> flink_client::Result<()> {
//! use flink_client::{Client, Credentials, Filter, Place};
//!
//! let key = Credentials::basic("ABCDEFGHIJKLMNOP", "the secret of the key");
//! let client = Client::builder().credentials(key).build()?;
//! let place = Place {
//!     organization: "9bb441c4-edef-46ac-8a41-c49e44a3fd9a".into(),
//!     environment: "env-a1b2c3".into(),
//!     cloud: "aws".into(),
//!     region: "us-west-2".into(),
//! };
//! for connection in client.connections(&place).list(&Filter::default()).all().await? {
//!     println!("{} ({})", connection.name, connection.connection_type);
//! }
//! # Ok(()) }
//! ```
//!
//! # Concepts
//!
//! A *noun* is a kind of object of the API, such as connections. Its objects are read and
//! written through [`Objects`], whose rules are the same for every noun.
//!
//! - **Retries.** A request whose failure may pass is sent again, after growing waits or
//!   after the wait that the server asks for. A request that must not be carried out twice
//!   is repeated only after the object has been read.
//! - **Throttling.** When a server refuses because of the number of requests, all requests
//!   to it wait together and then follow one by one, at a distance that adapts.
//! - **Read batching.** Where many objects are read, most are answered from a list that was
//!   fetched moments ago ([`Objects::refresh`]). A list is no evidence of absence.
//! - **Errors.** An [`Error`] knows whether the object is absent by the API's own word
//!   ([`Error::is_not_found`]) and whether the outcome of a write is unknown
//!   ([`Error::outcome_unknown`]). If no server is reached it says what to check, and of
//!   which host ([`Error::is_unreachable`], [`Error::host`]).
//! - **Secrets.** A [`Secret`] has no form that shows it, and what a server repeats of it
//!   is redacted. No log line has a header or a body.
//! - **Time.** [`CallOptions`] bounds a call with all its waits, and can cancel it.
//!
//! # Limits
//!
//! The client caches no object for longer than seconds, does not wait for a connection to
//! become ready, and does not check what the API checks.
//!
//! # Layers
//!
//! From the top: `api` has one file per noun; `object` has the operations, which know no
//! noun; `read_batch` and `page` read lists; `auth` adds credentials; `call` makes the
//! attempts of one call, by the rules of `retry`, `throttle` and `redirect`; `transport`
//! is the only part that knows the HTTP library, so that everything else is tested without
//! a socket and with a paused clock. `request`, `error`, `secret`, `endpoint` and `types`
//! are data that all of them use.

mod api;
mod auth;
mod call;
mod client;
mod endpoint;
mod error;
mod object;
mod page;
mod read_batch;
mod redirect;
mod request;
mod retry;
mod secret;
mod throttle;
mod transport;
mod types;

pub use api::connection::{
    AuthData, Connection, ConnectionSpec, Connections, Filter, KnownConnection, Revision,
};
pub use api::environment::Environment;
pub use api::organization::Organization;
pub use api::region::{Region, RegionFilter};
pub use auth::{Credentials, ExternalToken, KeyKind, OAuth};
pub use client::{Client, ClientBuilder};
pub use endpoint::{check_endpoint, check_rest_endpoint};
pub use error::{Error, Result};
pub use object::{Collection, Managed, Noun, Objects, Server};
pub use page::Pager;
pub use secret::Secret;
pub use types::{CallOptions, Place};
