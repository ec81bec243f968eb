//! `data "flink_region"`: one region of one cloud.

use flink_client::RegionFilter;
use tf_provider::data_source::Read;
use tf_provider::{Diagnostic, Result, Schema};

use super::Found;
use crate::scope;
use crate::settings::{CLOUD, REGION, Settings, same_cloud};

/// The data source `flink_region`.
#[derive(Debug)]
pub(crate) struct DataSource;

impl tf_provider::DataSource for DataSource {
    type Provider = Settings;
    type Model = Found;

    fn schema(&self) -> Schema {
        Schema::data_source(
            "region",
            "Reads a region and the endpoints of its Flink gateway. Needs a Cloud API key or the \
             `oauth` block of the provider.",
        )
        .attributes([&CLOUD, &REGION].map(scope::data_source_attribute))
        .attributes(super::attributes())
    }

    async fn read(&self, wanted: Found, cx: &mut Read<Self>) -> Result<Found> {
        let settings = cx.provider();
        let cloud = scope::part(settings, &CLOUD, wanted.cloud)?;
        let region = scope::part(settings, &REGION, wanted.region)?;
        let filter = RegionFilter {
            cloud: Some(cloud.to_ascii_uppercase()),
            region_name: Some(region.clone()),
        };
        let regions = settings.client()?.regions().within(scope::options(cx));
        let found = regions.list(&filter).all().await;
        let about = format!("Region: {cloud} {region}.");
        let found = found.map_err(|error| {
            scope::cloud_read_failed(settings, "Cannot read the region", &about, &error)
        })?;
        let is_wanted = |each: &flink_client::Region| {
            same_cloud(&each.cloud, &cloud) && each.region_name == region
        };
        let Some(found) = found.into_iter().find(is_wanted) else {
            return Err(absent(&cloud, &region));
        };
        // The configured spelling of the cloud stays.
        Ok(Found { cloud: Some(cloud), ..found.into() })
    }
}

/// The error of a region in which Flink does not run, as far as the service reports.
fn absent(cloud: &str, region: &str) -> tf_provider::Diagnostics {
    Diagnostic::error("No such region")
        .detail(format!(
            "Flink does not run in `{region}` of `{cloud}`. The data source `flink_regions` lists \
             the regions in which it does."
        ))
        .at(REGION.argument)
        .into()
}
