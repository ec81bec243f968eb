//! Organizations: the root of everything a customer has.
//!
//! Follows "Organizations (org/v2)" of the control plane's description.

use serde::Deserialize;

use super::cloud_listing;
use crate::client::Client;
use crate::page::Listing;

/// An organization.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Organization {
    /// The id, a UUID.
    pub id: String,
    /// The name people gave it.
    pub display_name: Option<String>,
}

/// The organizations the credentials can see.
pub(crate) fn all(client: &Client) -> Listing<Organization> {
    cloud_listing(client, &["org", "v2", "organizations"])
}
