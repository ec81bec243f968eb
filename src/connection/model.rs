//! The typed state of a connection, and its one mapping from the client's type.
//!
//! Credentials are not here: they go from the plan into the request, and the framework
//! keeps what of them may be stored. Nor are the version and the time of the last
//! change: the provider needs them and nobody else, so they are in private state.

use flink_client::{Connection, Place};
use serde::{Deserialize, Serialize};
use tf_provider::schema::same_word;

use super::drift::Policy;
use crate::scope::Fields;

/// What is known of a connection. After an import, `type` and `endpoint` are
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
    uid: Option<String>,
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

    /// Returns true right after an import, before the first refresh.
    pub(super) fn is_imported(&self) -> bool {
        self.kind.is_empty()
    }

    /// Returns true if an entry of a list says all that the state holds, and nothing
    /// else of what a plan compares. A list may be older than the object, or say less.
    pub(super) fn is_confirmed_by(&self, listed: &Connection) -> bool {
        if self.is_imported() {
            return listed.uid.is_some() && listed.resource_version.is_some();
        }
        let stored = [&self.uid, &self.status].into_iter().zip([&listed.uid, &listed.phase]);
        same_word(&self.kind, &listed.connection_type)
            && self.endpoint == listed.endpoint
            && stored.into_iter().all(|(stored, listed)| stored.is_none() || listed.is_some())
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

    /// The state after a write: what was planned and sent, and what the API adds to
    /// it. Should the service have made something else of it, or someone else have
    /// made the object again since the plan, the next refresh tells.
    pub(super) fn written(self, connection: Connection, place: &Place) -> Self {
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
