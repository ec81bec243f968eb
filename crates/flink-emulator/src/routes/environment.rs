//! The environments: `/org/v2/environments` and `…/{id}`.
//!
//! Follows `org.v2.Environment`. Which ones exist is decided as it is for
//! organizations.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde_json::{Value, json};

use super::paging::WholeList;
use super::request::{PathFields, QueryFields};
use crate::control::settings::{Environment, Settings};
use crate::error::Failure;
use crate::json::Json;
use crate::place::{Reached, is_environment};
use crate::world::World;

const LIST: WholeList = WholeList {
    api_version: "org/v2",
    kind: "EnvironmentList",
    path: "/org/v2/environments",
    noun: "environment",
    filters: &[],
};
const SAMPLE: &str = "env-emulator";

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new().route(LIST.path, get(list)).route("/org/v2/environments/{id}", get(read))
}

async fn list(
    State(world): State<Arc<World>>,
    reached: Reached,
    query: QueryFields,
) -> Result<Json<Value>, Failure> {
    let known = known(&world, &world.settings()).into_iter();
    let objects = known.map(|one| render(&one, &reached)).collect();
    LIST.page(&world, &reached, &query, objects)
}

async fn read(
    State(world): State<Arc<World>>,
    reached: Reached,
    path: PathFields,
) -> Result<Json<Value>, Failure> {
    let (id, settings) = (path.get("id"), world.settings());
    let known = known(&world, &settings).into_iter().find(|known| known.id == id);
    let accepted = settings.environments.is_empty() && is_environment(id);
    let found = known.or_else(|| accepted.then(|| undeclared(id, settings.some_organization())));
    let found =
        found.ok_or_else(|| Failure::not_found(format!("There is no environment {id}.")))?;
    Ok(Json(render(&found, &reached)))
}

fn known(world: &World, settings: &Settings) -> Vec<Environment> {
    if !settings.environments.is_empty() {
        return settings.environments.clone();
    }
    let all = world.all_connections();
    let places = all.iter().map(|one| &one.place);
    let mut ids: BTreeSet<(&str, &str)> =
        places.map(|place| (place.environment.as_str(), place.organization.as_str())).collect();
    if ids.is_empty() {
        ids.insert((SAMPLE, settings.some_organization()));
    }
    ids.into_iter().map(|(id, organization)| undeclared(id, organization)).collect()
}

fn undeclared(id: &str, organization: &str) -> Environment {
    Environment {
        id: id.to_owned(),
        organization: organization.to_owned(),
        display_name: id.to_owned(),
    }
}

fn render(environment: &Environment, reached: &Reached) -> Value {
    let Environment { id, organization, display_name } = environment;
    let resource_name =
        format!("crn://confluent.cloud/organization={organization}/environment={id}");
    json!({
        "api_version": "org/v2",
        "kind": "Environment",
        "id": id,
        "metadata": {
            "self": reached.url(&format!("{}/{id}", LIST.path)),
            "resource_name": resource_name,
        },
        "display_name": display_name,
        "stream_governance_config": { "package": "ESSENTIALS" },
    })
}
