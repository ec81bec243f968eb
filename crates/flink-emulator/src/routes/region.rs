//! The regions that have a gateway: `/fcpm/v2/regions`.
//!
//! Follows `fcpm.v2.Region`. The endpoints of a region point back at this
//! server, under the prefix that names the region.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde_json::{Value, json};

use super::paging::WholeList;
use super::request::QueryFields;
use crate::control::settings::Region;
use crate::error::Failure;
use crate::json::Json;
use crate::place::Reached;
use crate::world::World;

const LIST: WholeList = WholeList {
    api_version: "fcpm/v2",
    kind: "RegionList",
    path: "/fcpm/v2/regions",
    noun: "region",
    filters: &["cloud", "region_name"],
};

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new().route(LIST.path, get(list))
}

async fn list(
    State(world): State<Arc<World>>,
    reached: Reached,
    query: QueryFields,
) -> Result<Json<Value>, Failure> {
    let cloud = query.get("cloud");
    let name = query.get("region_name");
    let settings = world.settings();
    let wanted = |region: &&Region| {
        // Clouds are seen in either case, in the description and in use.
        cloud.is_none_or(|cloud| region.cloud.eq_ignore_ascii_case(cloud))
            && name.is_none_or(|name| region.region == name)
    };
    let regions = settings.regions.iter().filter(wanted);
    let objects = regions.map(|region| render(region, &reached)).collect();
    LIST.page(&world, &reached, &query, objects)
}

fn render(region: &Region, reached: &Reached) -> Value {
    let Region { cloud, region, display_name } = region;
    let id = format!("{cloud}.{region}");
    let endpoint = reached.region_url(cloud, region);
    json!({
        "api_version": "fcpm/v2",
        "kind": "Region",
        "id": id,
        "metadata": { "self": reached.url(&format!("{}/{id}", LIST.path)) },
        "display_name": format!("{display_name} ({region})"),
        "cloud": cloud.to_uppercase(),
        "region_name": region,
        "http_endpoint": endpoint,
        "private_http_endpoint": endpoint,
    })
}
