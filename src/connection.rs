//! `flink_connection`: where an external service is and how to authenticate to
//! it, for Flink SQL statements to use by name.
//!
//! What a connection type takes is data, in [`kind`] and [`credential`]; rules,
//! payload and documentation follow from it.

mod check;
mod credential;
mod drift;
mod import;
mod kind;
mod lost;
mod model;
mod payload;
mod resource;
mod schema;

pub(crate) use self::resource::Resource;

/// What a connection type takes, as its documentation shows it.
#[derive(Clone, Debug)]
pub struct ConnectionType {
    /// The name, as the API spells it.
    pub name: &'static str,
    /// The ways to authenticate, of which one is used.
    pub ways: Vec<Way>,
    /// Arguments beside the credentials.
    pub settings: &'static [&'static str],
    /// An endpoint as the service's own documentation shows it.
    pub endpoint: &'static str,
}

/// Credentials that go together, by argument.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// Those that are always needed.
    pub required: &'static [&'static str],
    /// Those that some accounts need.
    pub optional: &'static [&'static str],
}

/// The connection types that the provider knows, in alphabetical order.
pub fn connection_types() -> impl Iterator<Item = ConnectionType> {
    kind::KINDS.iter().map(|kind| ConnectionType {
        name: kind.name,
        ways: kind
            .ways
            .iter()
            .map(|way| Way { required: way.required, optional: way.optional })
            .collect(),
        settings: kind.settings,
        endpoint: kind.example,
    })
}

/// The arguments that are sent as credentials, each with its key in the payload.
pub fn payload_keys() -> impl Iterator<Item = (&'static str, &'static str)> {
    credential::CREDENTIALS.iter().map(|credential| (credential.attribute, credential.key))
}
