//! The organizations: `/org/v2/organizations` and `…/{id}`.
//!
//! Follows `org.v2.Organization`. Those declared in the settings exist; with
//! none declared every well-formed id does, and the list shows the ones that
//! hold connections, or one sample where nothing does.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde_json::{Value, json};

use super::paging::WholeList;
use super::request::{PathFields, QueryFields};
use crate::control::settings::{Organization, SAMPLE_ORGANIZATION, Settings};
use crate::error::Failure;
use crate::json::Json;
use crate::place::{Reached, is_uuid};
use crate::world::World;

const LIST: WholeList = WholeList {
    api_version: "org/v2",
    kind: "OrganizationList",
    path: "/org/v2/organizations",
    noun: "organization",
    filters: &[],
};

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new().route(LIST.path, get(list)).route("/org/v2/organizations/{id}", get(read))
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
    if !is_uuid(id) || !settings.knows_organization(id) {
        return Err(Failure::not_found(format!("There is no organization {id}.")));
    }
    let declared = settings.organizations.iter().find(|known| known.id.eq_ignore_ascii_case(id));
    let organization = declared.cloned().unwrap_or_else(|| undeclared(id));
    Ok(Json(render(&organization, &reached)))
}

fn known(world: &World, settings: &Settings) -> Vec<Organization> {
    if !settings.organizations.is_empty() {
        return settings.organizations.clone();
    }
    let all = world.all_connections();
    let mut ids: BTreeSet<&str> = all.iter().map(|one| one.place.organization.as_str()).collect();
    if ids.is_empty() {
        ids.insert(SAMPLE_ORGANIZATION);
    }
    ids.into_iter().map(undeclared).collect()
}

fn undeclared(id: &str) -> Organization {
    Organization { id: id.to_owned(), display_name: "Emulator".to_owned() }
}

fn render(organization: &Organization, reached: &Reached) -> Value {
    let Organization { id, display_name } = organization;
    json!({
        "api_version": "org/v2",
        "kind": "Organization",
        "id": id,
        "metadata": {
            "self": reached.url(&format!("{}/{id}", LIST.path)),
            "resource_name": format!("crn://confluent.cloud/organization={id}"),
        },
        "display_name": display_name,
    })
}
