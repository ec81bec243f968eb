//! Environments: the parts an organization is divided into.
//!
//! Follows "Environments (org/v2)" of the control plane's description.

use serde::Deserialize;

use super::cloud_listing;
use crate::client::Client;
use crate::page::Listing;

/// An environment of an organization.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Environment {
    /// The id, such as `env-a1b2c3`.
    pub id: String,
    /// The name people gave it.
    pub display_name: Option<String>,
}

/// The environments the credentials can see.
pub(crate) fn all(client: &Client) -> Listing<Environment> {
    cloud_listing(client, &["org", "v2", "environments"])
}
