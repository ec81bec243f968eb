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
        Ok(Self { id: required(&json, "/id")?, display_name: text(&json, "/display_name") })
    }

    fn key(&self) -> &str {
        &self.id
    }
}
