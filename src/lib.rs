//! A Terraform provider for Confluent Cloud for Apache Flink.
//!
//! [`provider`] is everything it serves, for the executable and for tests. How
//! the parts fit together stands in ARCHITECTURE.md.

mod connection;
mod provider;
mod scope;
mod settings;

pub use self::provider::{ADDRESS, provider};
