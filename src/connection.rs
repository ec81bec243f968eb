//! `flink_connection`: where an external service is and how to authenticate to
//! it, for Flink SQL statements to use by name.
//!
//! The credentials of each connection type are data, in [`connection_type`] and
//! [`credential`]; rules, payload and documentation follow from it.

mod check;
mod connection_type;
mod credential;
mod data_source;
mod drift;
mod found;
mod list_data_source;
mod model;
mod payload;
mod report;
mod resource;
mod schema;
mod text;

pub use self::connection_type::ConnectionType;
pub use self::credential::{AuthMethod, Credential};
pub(crate) use self::data_source::DataSource;
pub(crate) use self::list_data_source::ListDataSource;
pub(crate) use self::resource::Resource;
use crate::scope::Words;

/// The words for a connection in messages.
const WORDS: Words = Words { name: "connection", updates: "credentials" };

/// The connection types that the provider knows, in alphabetical order.
pub fn connection_types() -> &'static [ConnectionType] {
    &connection_type::CONNECTION_TYPES
}

/// The keys of `credentials` that the provider knows.
pub fn credentials() -> &'static [Credential] {
    &credential::CREDENTIALS
}
