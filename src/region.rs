//! `flink_region` and `flink_regions`: the regions of clouds in which Flink runs, with the
//! endpoints of their gateways. Both are data sources; regions cannot be made.
//!
//! Specification: `fcpm.v2.Region` of the control plane.

mod data_source;
mod list_data_source;

use flink_client::Region;
use serde::{Deserialize, Serialize};
use tf_provider::schema::{Attribute, Shape, field, object_type, string};
use tf_provider::value::Type;

pub(crate) use self::data_source::DataSource;
pub(crate) use self::list_data_source::ListDataSource;

/// The values of a region.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Found {
    cloud: Option<String>,
    region: Option<String>,
    id: Option<String>,
    display_name: Option<String>,
    rest_endpoint: Option<String>,
    private_rest_endpoint: Option<String>,
}

/// The values that only the API knows, each with its description.
const READ: [(&str, &str); 4] = [
    ("id", "The id of the region in the API, such as `aws.us-east-1`."),
    ("display_name", "The name for people, such as `Ohio (us-east-2)`."),
    ("rest_endpoint", "The URL of the Flink gateway on the public internet."),
    ("private_rest_endpoint", "The URL of the Flink gateway in private networks."),
];

impl From<Region> for Found {
    fn from(region: Region) -> Self {
        Self {
            cloud: Some(region.cloud.to_ascii_lowercase()),
            region: Some(region.region_name),
            id: Some(region.id),
            display_name: region.display_name,
            rest_endpoint: region.http_endpoint,
            private_rest_endpoint: region.private_http_endpoint,
        }
    }
}

/// The computed attributes of one region.
fn attributes() -> impl Iterator<Item = Attribute> {
    READ.into_iter().map(|(name, description)| string(name).computed().describe(description))
}

/// The type of a region in a list.
fn element() -> Shape {
    let place = [("cloud", "The cloud, in lower case."), ("region", "The cloud's name of it.")];
    let text = |(name, description)| field(name, Type::String, description);
    object_type(place.into_iter().chain(READ).map(text))
}
