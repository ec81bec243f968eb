//! `flink_connection`: where an external service is and how to authenticate to
//! it, for Flink SQL statements to use by name.
//!
//! What a connection type takes is data, in [`connection_type`] and [`credential`];
//! rules, payload and documentation follow from it.

mod check;
mod connection_type;
mod credential;
mod drift;
mod model;
mod payload;
mod report;
mod resource;
mod schema;
mod text;

pub use self::connection_type::ConnectionType;
pub use self::credential::{AuthMethod, Credential};
pub(crate) use self::resource::Resource;

/// The connection types that the provider knows, in alphabetical order.
pub fn connection_types() -> &'static [ConnectionType] {
    &connection_type::CONNECTION_TYPES
}

/// The keys of `credentials` that the provider knows.
pub fn credentials() -> &'static [Credential] {
    &credential::CREDENTIALS
}
