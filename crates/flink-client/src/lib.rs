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
//! # What it takes care of
//!
//! - **Sending again.** Requests that fail in a way that may pass are sent again, with
//!   growing waits, and as late as the server asks for. Those that must not happen twice
//!   are sent again only after a look at what the first one did.
//! - **One pace.** When a server refuses for the number of requests, all requests to it
//!   wait together and come back one by one, at a distance that finds what it takes.
//! - **Few requests.** Where many objects are read, most are answered from a list that was
//!   fetched moments ago ([`Connections::refresh`]), and a list is never believed that an
//!   object is gone.
//! - **Honest errors.** An [`Error`] knows whether the object is absent by the API's own
//!   word ([`Error::is_not_found`]) and whether the server may have acted although the
//!   call failed ([`Error::outcome_unknown`]). Where no server is reached it says what to
//!   check, and of which host ([`Error::is_unreachable`], [`Error::host`]).
//! - **Secrets.** A [`Secret`] shows itself nowhere, and what a server repeats of it is
//!   taken out of messages. Nothing that is logged carries a header or a body.
//! - **Time.** [`CallOptions`] bounds a call with all that it waits for, and ends it early.
//!
//! # What it does not do
//!
//! It keeps no copy of an object for longer than seconds, does not wait for a connection
//! to become ready, and does not check what the API checks.
//!
//! # Inside
//!
//! `request` says what is asked, as plain data; `api` makes requests and reads answers;
//! `call` takes a request through `auth`, `transport`, `redirect` and `retry` and makes an
//! `error` of what fails; `coalesce` decides which reads need a request at all. Only
//! `transport` knows the HTTP library, so that everything else is tested without a socket
//! and with time standing still.

mod api;
mod auth;
mod call;
mod client;
mod coalesce;
mod endpoint;
mod error;
mod page;
mod redirect;
mod request;
mod retry;
mod secret;
mod transport;
mod types;

pub use api::connection::{AuthData, Connection, Connections, Filter, NewConnection, Update};
pub use api::environment::Environment;
pub use api::organization::Organization;
pub use auth::{Credentials, ExternalToken, KeyKind, OAuth};
pub use client::{Client, ClientBuilder};
pub use endpoint::{check_endpoint, check_rest_endpoint};
pub use error::{Error, Result};
pub use page::{Listing, Pager};
pub use secret::Secret;
pub use types::{CallOptions, Place};
