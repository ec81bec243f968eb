//! The typed state of a connection, and its one mapping from the client's type.
//!
//! Credentials are not here: they go from the plan into the request, and the framework
//! keeps what of them may be stored. Nor are the version and the time of the last
//! change: only the provider needs them, so they are in private state.

use flink_client::{Client, Connection, Connections, Place};
use serde::{Deserialize, Serialize};

use super::connection_type::ConnectionType;
use super::drift::Policy;
use crate::scope::{Fields, State, Words};

/// The attributes of a connection. After an import, `type` and `endpoint` are
/// empty until the first refresh.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Model {
    #[serde(flatten)]
    pub(super) scope: Fields,
    pub(super) name: String,
    #[serde(rename = "type", default)]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) endpoint: String,
    #[serde(default)]
    pub(super) credential_drift: Policy,
    pub(super) uid: Option<String>,
    created_at: Option<String>,
    pub(super) status: Option<String>,
    pub(super) status_detail: Option<String>,
}

impl Model {
    /// The state where nothing was sent: what the service decides is as before.
    pub(super) fn unchanged_at_service(self, before: Self) -> Self {
        Self {
            uid: before.uid,
            created_at: before.created_at,
            status: before.status,
            status_detail: before.status_detail,
            ..self
        }
    }

    /// The state after a refresh: what the API says.
    pub(super) fn found(self, connection: Connection, place: &Place) -> Self {
        Self {
            name: connection.name.clone(),
            kind: connection.connection_type.clone(),
            endpoint: connection.endpoint.clone(),
            uid: connection.uid.clone(),
            created_at: connection.created_at.clone(),
            ..self.written(connection, place)
        }
    }
}

impl State for Model {
    type Object = Connection;

    const WORDS: Words = super::WORDS;

    fn objects(client: &Client, place: &Place) -> Connections {
        client.connections(place)
    }

    fn fields(&self) -> &Fields {
        &self.scope
    }

    fn object(&self) -> Connection {
        Connection::named(&self.name, ConnectionType::api_name(&self.kind), &self.endpoint)
    }

    /// Values that the service or a third party has changed since the plan show at the next
    /// refresh.
    fn written(self, connection: Connection, place: &Place) -> Self {
        Self {
            scope: self.scope.at(place, &self.name),
            uid: self.uid.or(connection.uid),
            created_at: self.created_at.or(connection.created_at),
            status: connection.phase,
            status_detail: connection.detail,
            ..self
        }
    }
}
