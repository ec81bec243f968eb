//! Organizations: the root of everything a customer has.
//!
//! Specification: "Organizations (org/v2)" of the control plane's description.

use serde_json::Value;

use super::json::required;
use crate::client::Client;
use crate::object::{Collection, Noun, Objects, Server};

/// An organization.
///
/// Open, because the API may add fields.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Organization {
    /// The id, a UUID.
    pub id: String,
}

impl Client {
    /// The organizations that the credentials can see, which is usually one.
    #[must_use]
    pub fn organizations(&self) -> Objects<Organization> {
        Objects::new(self, &())
    }
}

impl Noun for Organization {
    type Scope = ();
    type Filter = ();
    const NAME: &'static str = "organization";

    fn collection((): &()) -> Collection<'_> {
        Collection { server: Server::ControlPlane, path: vec!["org", "v2", "organizations"] }
    }

    fn read(json: Value) -> Result<Self, String> {
        Ok(Self { id: required(&json, "/id")? })
    }

    fn key(&self) -> &str {
        &self.id
    }
}
