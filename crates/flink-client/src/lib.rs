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

mod api;
mod auth;
mod call;
mod client;
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
pub use error::{Error, Result};
pub use page::{Listing, Pager};
pub use secret::Secret;
pub use types::{Patience, Place};
