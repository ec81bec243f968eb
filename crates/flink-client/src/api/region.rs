//! Regions: the regions of cloud providers in which Flink runs.
//!
//! Specification: "Regions (fcpm/v2)" of the control plane's description.

use serde_json::Value;

use super::json::{required, text};
use crate::client::Client;
use crate::object::{Collection, Noun, Objects, Server};

/// A region of a cloud provider.
///
/// Open, because the API may add fields.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Region {
    /// The id, such as `aws.us-east-2`.
    pub id: String,
    /// The cloud provider, such as `AWS`.
    pub cloud: String,
    /// The cloud provider's name of the region, such as `us-east-2`.
    pub region_name: String,
    /// The name for people, such as `Ohio (us-east-2)`.
    pub display_name: Option<String>,
    /// The URL of the Flink gateway on the public internet.
    pub http_endpoint: Option<String>,
    /// The URL of the Flink gateway for private networking.
    pub private_http_endpoint: Option<String>,
}

/// The restrictions of a list of regions. The API compares exactly.
///
/// Closed: callers construct it with `..Default::default()`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct RegionFilter {
    /// The cloud provider, such as `AWS`.
    pub cloud: Option<String>,
    /// The cloud provider's name of the region.
    pub region_name: Option<String>,
}

impl Client {
    /// The regions in which Flink runs. The API has a list of them and no read of a single
    /// one.
    #[must_use]
    pub fn regions(&self) -> Objects<Region> {
        Objects::new(self, &())
    }
}

impl Noun for Region {
    type Scope = ();
    type Filter = RegionFilter;
    const NAME: &'static str = "region";

    fn collection((): &()) -> Collection<'_> {
        Collection { server: Server::ControlPlane, path: vec!["fcpm", "v2", "regions"] }
    }

    fn query(filter: &RegionFilter) -> Vec<(&'static str, &str)> {
        let fields = [("cloud", &filter.cloud), ("region_name", &filter.region_name)];
        fields.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?))).collect()
    }

    fn read(json: Value) -> Result<Self, String> {
        Ok(Self {
            id: required(&json, "/id")?,
            cloud: required(&json, "/cloud")?,
            region_name: required(&json, "/region_name")?,
            display_name: text(&json, "/display_name"),
            http_endpoint: text(&json, "/http_endpoint"),
            private_http_endpoint: text(&json, "/private_http_endpoint"),
        })
    }

    fn key(&self) -> &str {
        &self.id
    }
}
