//! A region that has a gateway, as `fcpm.v2.Region` describes it.
//!
//! The endpoints of a region point back at this server, under the prefix that
//! names the region.

use serde_json::{Value, json};

use crate::control_plane::Listed;
use crate::place::reached::Reached;

/// A region of a cloud.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Region {
    /// The cloud in lower case, such as `aws`.
    pub cloud: String,
    /// The region, such as `us-east-1`.
    pub region: String,
    /// The location, such as `N. Virginia`.
    pub display_name: String,
    /// True if the region has an endpoint for private networks too; the
    /// description does not require one.
    pub private: bool,
}

impl Region {
    /// A region with a public and a private endpoint.
    pub fn new(cloud: &str, region: &str, display_name: &str) -> Self {
        Self {
            cloud: cloud.to_owned(),
            region: region.to_owned(),
            display_name: display_name.to_owned(),
            private: true,
        }
    }
}

impl Listed for Region {
    const API_VERSION: &'static str = "fcpm/v2";
    const KIND: &'static str = "Region";
    const PATH: &'static str = "/fcpm/v2/regions";
    const NAME: &'static str = "region";
    const FILTERS: &'static [&'static str] = &["cloud", "region_name"];

    fn id(&self) -> String {
        format!("{}.{}", self.cloud, self.region)
    }

    fn matches(&self, filter: &str, value: &str) -> bool {
        match filter {
            // Clouds are seen in either case, in the description and in use.
            "cloud" => self.cloud.eq_ignore_ascii_case(value),
            _ => self.region == value,
        }
    }

    fn fields(&self, reached: &Reached) -> Value {
        let Self { cloud, region, display_name, private } = self;
        let [endpoint, private_endpoint] = reached.region_urls(cloud, region);
        let mut fields = json!({
            "display_name": format!("{display_name} ({region})"),
            "cloud": cloud.to_uppercase(),
            "region_name": region,
            "http_endpoint": endpoint,
        });
        if *private {
            fields["private_http_endpoint"] = private_endpoint.into();
        }
        fields
    }
}
