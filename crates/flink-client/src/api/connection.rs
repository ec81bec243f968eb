//! Connections: the address of an external service, and the credentials for it.
//!
//! Specification: "Connections (sql/v1)" of the Flink gateway's description. The
//! credentials can be written and not read: whatever a response has in their place is
//! skipped unread.

mod auth_data;
mod revision;

use serde_json::{Value, json};

pub use self::auth_data::AuthData;
pub use self::revision::{KnownConnection, Revision};
use super::json::{required, text};
use crate::client::Client;
use crate::object::{Collection, Managed, Noun, Objects, Server};
use crate::secret::Secret;
use crate::types::Place;

/// The connections of one place.
pub type Connections = Objects<Connection>;

/// A connection as the API reports it, without its credentials.
///
/// Fields that the API left out or sent empty are `None`. Closed, so that tests of callers
/// can construct what the API reports.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Connection {
    /// The name, unique within the place.
    pub name: String,
    /// The type, such as `OPENAI`, in the API's own spelling.
    pub connection_type: String,
    /// The address of the external service.
    pub endpoint: String,
    /// The id that the API gave the object; another object of the same name has another.
    pub uid: Option<String>,
    /// An opaque word that changes with each change of the object.
    pub resource_version: Option<String>,
    /// The time of the creation, in RFC 3339.
    pub created_at: Option<String>,
    /// The time of the last change, in RFC 3339.
    pub updated_at: Option<String>,
    /// An open word such as `READY`, `UNREACHABLE` or `INVALID_AUTH`.
    pub phase: Option<String>,
    /// The reason for the phase.
    pub detail: Option<String>,
}

/// A connection as a caller wants it.
///
/// A create sends all of it. An update sends it too, but only the credentials can change:
/// name, type and endpoint identify the object. Closed: callers construct it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionSpec {
    /// The name, 1 to 100 characters without a slash.
    pub name: String,
    /// The type, such as `OPENAI`. Case does not matter when two are compared.
    pub connection_type: String,
    /// The address of the external service, at most 16,384 characters.
    pub endpoint: String,
    /// The credentials, at most 4,000 bytes.
    pub auth_data: AuthData,
}

/// The restrictions of a list of connections.
///
/// Closed: callers construct it with `..Default::default()`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Filter {
    /// The type, in the API's own spelling.
    pub connection_type: Option<String>,
}

impl Client {
    /// The connections of one place.
    #[must_use]
    pub fn connections(&self, place: &Place) -> Connections {
        Objects::new(self, place)
    }
}

impl Connection {
    /// A connection of which nothing else is known.
    #[must_use]
    pub fn named(name: &str, connection_type: &str, endpoint: &str) -> Self {
        Self {
            name: name.to_owned(),
            connection_type: connection_type.to_owned(),
            endpoint: endpoint.to_owned(),
            ..Self::default()
        }
    }

    /// The current revision.
    #[must_use]
    pub fn revision(&self) -> Revision {
        Revision {
            uid: self.uid.clone(),
            resource_version: self.resource_version.clone(),
            updated_at: self.updated_at.clone(),
            phase: self.phase.clone(),
        }
    }
}

impl Noun for Connection {
    type Scope = Place;
    type Filter = Filter;
    const NAME: &'static str = "connection";

    fn collection(place: &Place) -> Collection<'_> {
        let Place { organization, environment, .. } = place;
        let path = vec![
            "sql",
            "v1",
            "organizations",
            organization,
            "environments",
            environment,
            "connections",
        ];
        Collection { server: Server::Gateway(place), path }
    }

    fn query(filter: &Filter) -> Vec<(&'static str, &str)> {
        let kind = filter.connection_type.as_deref();
        kind.map(|kind| ("spec.connection_type", kind)).into_iter().collect()
    }

    fn read(json: Value) -> Result<Self, String> {
        Ok(Self {
            name: required(&json, "/name")?,
            connection_type: required(&json, "/spec/connection_type")?,
            endpoint: required(&json, "/spec/endpoint")?,
            uid: text(&json, "/metadata/uid"),
            resource_version: text(&json, "/metadata/resource_version"),
            created_at: text(&json, "/metadata/created_at"),
            updated_at: text(&json, "/metadata/updated_at"),
            phase: text(&json, "/status/phase"),
            detail: text(&json, "/status/detail"),
        })
    }

    fn key(&self) -> &str {
        &self.name
    }

    fn free_text(&mut self) -> Option<&mut String> {
        self.detail.as_mut()
    }
}

impl Managed for Connection {
    type Spec = ConnectionSpec;
    type Known = KnownConnection;

    fn written(spec: &ConnectionSpec) -> Self {
        Self::named(&spec.name, &spec.connection_type, &spec.endpoint)
    }

    /// The description gives `data` the format `byte`, but the API takes the text as it is
    /// and not in base64, as Confluent's own tools send it.
    fn body(spec: &ConnectionSpec, version: Option<&str>) -> Value {
        let mut body = json!({
            "name": spec.name,
            "spec": {
                "connection_type": spec.connection_type,
                "endpoint": spec.endpoint,
                "auth_data": {
                    "kind": "PlaintextProvider",
                    "data": spec.auth_data.payload().expose(),
                },
            },
        });
        if let Some(version) = version {
            body["metadata"] = json!({ "resource_version": version });
        }
        body
    }

    fn secrets(spec: &ConnectionSpec) -> Vec<Secret> {
        spec.auth_data.secrets()
    }

    fn identity(&self) -> Vec<(&'static str, String)> {
        vec![
            ("type", self.connection_type.to_ascii_uppercase()),
            ("endpoint", self.endpoint.clone()),
        ]
    }

    fn uid(&self) -> Option<&str> {
        self.uid.as_deref()
    }

    fn version(&self) -> Option<&str> {
        self.resource_version.as_deref()
    }

    fn created_at(&self) -> Option<&str> {
        self.created_at.as_deref()
    }

    fn confirms(&self, known: &KnownConnection) -> bool {
        known.is_confirmed_by(&self.connection_type, &self.endpoint, &self.revision())
    }
}

#[cfg(test)]
mod tests;
