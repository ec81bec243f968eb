//! The typed state of a connection, and its one mapping from the client's type.
//!
//! Credentials are not here: they go from the plan into the request, and the framework
//! keeps what of them may be stored. Nor are the version and the time of the last
//! change: the provider needs them and nobody else, so they are in private state.

use flink_client::{Connection, KnownConnection, Place, Revision};
use serde::{Deserialize, Serialize};

use super::connection_type::ConnectionType;
use super::drift::Policy;

/// What is known of a connection. After an import, `type` and `endpoint` are
/// empty until the first refresh.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Model {
    pub(super) id: Option<String>,
    pub(super) name: String,
    #[serde(rename = "type", default)]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) endpoint: String,
    organization_id: Option<String>,
    environment_id: Option<String>,
    cloud: Option<String>,
    region: Option<String>,
    #[serde(default)]
    pub(super) credential_drift: Policy,
    uid: Option<String>,
    created_at: Option<String>,
    pub(super) status: Option<String>,
    pub(super) status_detail: Option<String>,
}

impl Model {
    /// What it says of where it lives, from the organization inwards.
    pub(super) fn place(&self) -> [Option<&str>; 4] {
        [
            self.organization_id.as_deref(),
            self.environment_id.as_deref(),
            self.cloud.as_deref(),
            self.region.as_deref(),
        ]
    }

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

    /// The knowledge that a refresh compares a list with.
    pub(super) fn known(&self, revision: Option<&Revision>) -> KnownConnection {
        let api_name = ConnectionType::api_name(&self.kind).to_owned();
        let is_known = !self.is_imported();
        KnownConnection {
            connection_type: is_known.then_some(api_name),
            endpoint: is_known.then(|| self.endpoint.clone()),
            revision: revision.cloned(),
            has_uid: self.uid.is_some(),
            has_phase: self.status.is_some(),
        }
    }

    /// The state after a refresh: what the API says.
    pub(super) fn found(self, connection: Connection, place: Place) -> Self {
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
    pub(super) fn written(self, connection: Connection, place: Place) -> Self {
        let id = id(&place, &self.name);
        let Place { organization, environment, cloud, region } = place;
        Self {
            id: Some(id),
            organization_id: Some(organization),
            environment_id: Some(environment),
            cloud: Some(self.cloud.unwrap_or(cloud)),
            region: Some(region),
            uid: self.uid.or(connection.uid),
            created_at: self.created_at.or(connection.created_at),
            status: connection.phase,
            status_detail: connection.detail,
            ..self
        }
    }
}

/// The id of a connection: `<organization>/<environment>/<cloud>/<region>/<name>`.
pub(super) fn id(place: &Place, name: &str) -> String {
    let Place { organization, environment, cloud, region } = place;
    [organization, environment, cloud, region, name].join("/")
}
