//! A connection as data sources give it: all that the API reports.

use flink_client::{Connection, Place};
use serde::{Deserialize, Serialize};
use tf_provider::schema::{Attribute, Field, Shape, field, object_type, string};
use tf_provider::value::Type;

use crate::scope::Fields;

/// The values of a connection.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Found {
    #[serde(flatten)]
    pub(super) scope: Fields,
    pub(super) name: String,
    #[serde(rename = "type")]
    connection_type: Option<String>,
    endpoint: Option<String>,
    uid: Option<String>,
    resource_version: Option<String>,
    created_at: Option<String>,
    updated_at: Option<String>,
    status: Option<String>,
    status_detail: Option<String>,
}

/// The values that only the API knows, each with its description.
const READ: [(&str, &str); 8] = [
    ("type", "The type of service, such as `OPENAI`."),
    ("endpoint", "Where the service is."),
    ("uid", "The id that the API gave the object."),
    ("resource_version", "An opaque text that changes with each change of the connection."),
    ("created_at", "When the connection was created, in RFC 3339."),
    ("updated_at", "When the connection was last changed, in RFC 3339."),
    (
        "status",
        "What the service reports of the connection, such as `READY`, `UNREACHABLE` or \
         `INVALID_AUTH`; absent where it reports nothing.",
    ),
    ("status_detail", "Why the connection is in its status."),
];

impl Found {
    /// The values of a connection in a place. The configured spelling of the cloud in
    /// `scope` stays.
    pub(super) fn at(scope: Fields, place: &Place, connection: Connection) -> Self {
        Self {
            scope: scope.at(place, &connection.name),
            name: connection.name,
            connection_type: Some(connection.connection_type),
            endpoint: Some(connection.endpoint),
            uid: connection.uid,
            resource_version: connection.resource_version,
            created_at: connection.created_at,
            updated_at: connection.updated_at,
            status: connection.phase,
            status_detail: connection.detail,
        }
    }
}

/// The computed attributes of one connection.
pub(super) fn attributes() -> impl Iterator<Item = Attribute> {
    READ.into_iter().map(|(name, description)| string(name).computed().describe(description))
}

/// The type of a connection in a list.
pub(super) fn element() -> Shape {
    let text = |(name, description)| field(name, Type::String, description);
    let scope: [Field; 6] = [
        ("id", "`<organization>/<environment>/<cloud>/<region>/<name>`, as an import takes it."),
        ("name", "The name of the connection."),
        ("organization_id", "The id of the organization."),
        ("environment_id", "The id of the environment."),
        ("cloud", "The cloud."),
        ("region", "The region."),
    ]
    .map(text);
    object_type(scope.into_iter().chain(READ.map(text)))
}
