//! A Terraform provider for Confluent Cloud for Apache Flink.
//!
//! [`provider`] is everything it serves, for the executable and for tests;
//! [`connection_types`] and [`credentials`] are for the documentation. How the
//! parts fit together stands in ARCHITECTURE.md.

mod connection;
mod environment;
mod provider;
mod region;
mod scope;
mod settings;

pub use self::connection::{AuthMethod, ConnectionType, Credential, connection_types, credentials};
pub use self::provider::{ADDRESS, provider};
