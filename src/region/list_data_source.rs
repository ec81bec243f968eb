//! `data "flink_regions"`: the regions in which Flink runs.

use flink_client::{Region, RegionFilter};
use serde::{Deserialize, Serialize};
use tf_provider::data_source::Read;
use tf_provider::schema::list;
use tf_provider::{Result, Schema};

use super::Found;
use crate::scope;
use crate::settings::{CLOUD, Settings, same_cloud};

/// The data source `flink_regions`.
#[derive(Debug)]
pub(crate) struct ListDataSource;

/// The filter, and the regions that it leaves.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Model {
    cloud: Option<String>,
    #[serde(default)]
    regions: Vec<Found>,
}

impl tf_provider::DataSource for ListDataSource {
    type Provider = Settings;
    type Model = Model;

    fn schema(&self) -> Schema {
        Schema::data_source(
            "regions",
            "Lists the regions in which Flink runs, with the endpoints of their gateways. Needs a \
             Cloud API key or the `oauth` block of the provider.",
        )
        .attribute(scope::restricted_to(&CLOUD).describe(
            "Only regions of this cloud: `aws`, `azure` or `gcp`, in any case. Default: those \
                 of all clouds.",
        ))
        .attribute(
            list("regions", super::element())
                .computed()
                .describe("The regions, sorted by cloud and name."),
        )
    }

    /// The service compares clouds in its own spelling, which is upper case; the result is
    /// filtered again, for a service that ignores the filter.
    async fn read(&self, wanted: Model, cx: &mut Read<Self>) -> Result<Model> {
        let settings = cx.provider();
        let cloud = wanted.cloud.as_deref();
        let filter = RegionFilter { cloud: cloud.map(str::to_ascii_uppercase), region_name: None };
        let regions = settings.client()?.regions().within(scope::options(cx));
        let found = regions.list(&filter).all().await.map_err(|error| {
            scope::cloud_read_failed(settings, "Cannot list the regions", "Regions.", &error)
        })?;
        let fits = |each: &Region| cloud.is_none_or(|cloud| same_cloud(cloud, &each.cloud));
        let mut regions: Vec<Found> = found.into_iter().filter(fits).map(Found::from).collect();
        regions.sort_by(|one, other| (&one.cloud, &one.region).cmp(&(&other.cloud, &other.region)));
        Ok(Model { regions, ..wanted })
    }
}
