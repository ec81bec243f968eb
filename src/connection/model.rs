//! The typed state of a connection, and its one mapping from the client's type.
//!
//! Credentials are not here: they go from the configuration into the request,
//! and the framework keeps what of them may be stored.

use flink_client::{Connection, Place};
use serde::{Deserialize, Serialize};

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
    pub(super) resource_version: Option<String>,
    created_at: Option<String>,
    updated_at: Option<String>,
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
            resource_version: before.resource_version,
            created_at: before.created_at,
            updated_at: before.updated_at,
            status: before.status,
            status_detail: before.status_detail,
            ..self
        }
    }

    /// Whether what was found is still what is stored, credentials aside. What
    /// was just imported is.
    pub(super) fn is_still(&self, found: &Connection) -> bool {
        self.kind.is_empty()
            || self.kind.eq_ignore_ascii_case(&found.connection_type)
                && self.endpoint == found.endpoint
    }

    /// Whether an entry of a list says all that the state holds, and nothing else
    /// of what a plan compares. A list may be older than the object, or tell less.
    pub(super) fn is_told_by(&self, listed: &Connection) -> bool {
        if self.kind.is_empty() {
            return listed.uid.is_some() && listed.resource_version.is_some();
        }
        let stored = [&self.uid, &self.resource_version, &self.updated_at, &self.status];
        let told = [&listed.uid, &listed.resource_version, &listed.updated_at, &listed.phase];
        let has_all =
            stored.iter().zip(told).all(|(stored, told)| stored.is_none() || told.is_some());
        has_all && self.is_still(listed)
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
        let Place { organization, environment, cloud, region } = place;
        let id = id(&[&organization, &environment, &cloud, &region, &self.name]);
        Self {
            id: Some(id),
            organization_id: Some(organization),
            environment_id: Some(environment),
            cloud: Some(self.cloud.unwrap_or(cloud)),
            region: Some(region),
            uid: self.uid.or(connection.uid),
            resource_version: connection.resource_version,
            created_at: self.created_at.or(connection.created_at),
            updated_at: connection.updated_at,
            status: connection.phase,
            status_detail: connection.detail,
            ..self
        }
    }
}

/// The id of a connection, from the organization inwards.
pub(super) fn id(parts: &[&str; 5]) -> String {
    parts.join("/")
}
