//! Environments: the parts of an organization.
//!
//! Specification: "Environments (org/v2)" of the control plane's description.

use serde_json::Value;

use super::json::{required, text};
use crate::client::Client;
use crate::object::{Collection, Noun, Objects, Server};

/// An environment of an organization.
///
/// Open, because the API may add fields.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Environment {
    /// The id, such as `env-a1b2c3`.
    pub id: String,
    /// The name for people.
    pub display_name: Option<String>,
    /// The package of Stream Governance, such as `ESSENTIALS`.
    pub stream_governance_package: Option<String>,
    /// The Confluent Resource Name, which names the organization as well.
    pub resource_name: Option<String>,
    /// The time of the creation, in RFC 3339.
    pub created_at: Option<String>,
    /// The time of the last change, in RFC 3339.
    pub updated_at: Option<String>,
}

impl Client {
    /// The environments that the credentials can see.
    #[must_use]
    pub fn environments(&self) -> Objects<Environment> {
        Objects::new(self, &())
    }
}

impl Noun for Environment {
    type Scope = ();
    type Filter = ();
    const NAME: &'static str = "environment";

    fn collection((): &()) -> Collection<'_> {
        Collection { server: Server::ControlPlane, path: vec!["org", "v2", "environments"] }
    }

    fn read(json: Value) -> Result<Self, String> {
        Ok(Self {
            id: required(&json, "/id")?,
            display_name: text(&json, "/display_name"),
            stream_governance_package: text(&json, "/stream_governance_config/package"),
            resource_name: text(&json, "/metadata/resource_name"),
            created_at: text(&json, "/metadata/created_at"),
            updated_at: text(&json, "/metadata/updated_at"),
        })
    }

    fn key(&self) -> &str {
        &self.id
    }
}
