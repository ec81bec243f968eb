//! The connections of a place, as the gateway's description has them.
//!
//! `/sql/v1/organizations/{organization_id}/environments/{environment_id}/connections`
//! and `…/connections/{connection_name}`: statuses, headers and bodies follow
//! the operations `…Sqlv1Connection` of the description. Where the
//! documentation shows something else, a setting chooses.

mod body;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::Value;

use super::paging::{Listing, Paging};
use super::request::{At, JsonFields, PathFields, QueryFields};
use crate::connection::Connection;
use crate::control::settings::Settings;
use crate::control::{Bump, Connections, Refusal};
use crate::error::Failure;
use crate::json::Json;
use crate::world::World;

const COLLECTION: &str =
    "/sql/v1/organizations/{organization_id}/environments/{environment_id}/connections";
const OBJECT: &str = "/sql/v1/organizations/{organization_id}/environments/{environment_id}/connections/{connection_name}";

/// The one filter of the list.
const TYPE_FILTER: &str = "spec.connection_type";

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route(COLLECTION, get(list).post(create))
        .route(OBJECT, get(read).put(update).delete(delete))
}

async fn list(
    State(world): State<Arc<World>>,
    at: At,
    query: QueryFields,
) -> Result<Json<Value>, Failure> {
    query.only("connection", &[Paging::SIZE, Paging::TOKEN, TYPE_FILTER])?;
    let paging = Paging::of(&query, &world.bookmarks)?;
    let connection_type = query.get(TYPE_FILTER);
    let wanted = |one: &Connection| connection_type.is_none_or(|ty| one.connection_type == ty);
    let stretch = world.store.stretch(&at.place, paging.after(), paging.size(), wanted);
    let settings = world.settings();
    let items = stretch
        .connections
        .iter()
        .map(|one| one.render_item(&at.connection_url(&one.name), &settings))
        .collect();
    let last = stretch.connections.last().filter(|_| stretch.more);
    let listing = Listing {
        api_version: "sql/v1",
        kind: "ConnectionList",
        url: at.connections_url(),
        items,
        last: last.map(|one| one.name.as_str()),
    };
    Ok(Json(listing.render(&query, &world.bookmarks, &settings)))
}

async fn create(
    State(world): State<Arc<World>>,
    at: At,
    body: JsonFields,
) -> Result<Response, Failure> {
    let new = body::create(body)?;
    let url = at.connection_url(&new.name);
    let connections = Connections::new(world.clone(), at.place);
    let created = connections.create(new).map_err(|refusal| {
        let taken = refusal.is_already_exists();
        let failure = Failure::from(refusal);
        if taken { failure.located_at(url.clone()) } else { failure }
    })?;
    let object = created.render(&url, &world.settings());
    Ok((StatusCode::CREATED, [(LOCATION, url)], Json(object)).into_response())
}

async fn read(
    State(world): State<Arc<World>>,
    at: At,
    path: PathFields,
) -> Result<Json<Value>, Failure> {
    let name = path.get("connection_name");
    let found = world.store.find(&at.place, name).ok_or_else(|| Refusal::not_found(name))?;
    Ok(Json(found.render(&at.connection_url(name), &world.settings())))
}

async fn update(
    State(world): State<Arc<World>>,
    at: At,
    path: PathFields,
    body: JsonFields,
) -> Result<Response, Failure> {
    let name = path.get("connection_name");
    let url = at.connection_url(name);
    let update = body::update(body)?;
    let settings = world.settings();
    let updated: Result<Value, Failure> = world.store.change(&at.place, name, |slot| {
        let connection = slot.as_mut().ok_or_else(|| Refusal::not_found(name))?;
        apply(update, connection, &url, &settings)?;
        world.mark(connection, Bump::VersionAndTime);
        Ok(connection.render(&url, &settings))
    });
    let updated = updated?;
    if settings.update_answers_with_body {
        return Ok(Json(updated).into_response());
    }
    Ok(StatusCode::OK.into_response())
}

/// Writes new credentials into a connection, if that is all that would change.
fn apply(
    update: body::Update,
    connection: &mut Connection,
    url: &str,
    settings: &Settings,
) -> Result<(), Failure> {
    let current = connection.render(url, settings);
    let version = update.resource_version;
    if version.is_some_and(|version| version != connection.resource_version) {
        return Err(Failure::stale("The connection has another resource_version by now."));
    }
    let changed = update.echoes.iter().find(|(at, sent)| current.pointer(at) != Some(sent));
    if let Some((pointer, _)) = changed {
        return Err(Failure::invalid(pointer, "This field cannot be changed."));
    }
    let credentials = update.credentials;
    let checked = credentials.check_for(&connection.connection_type);
    checked.map_err(|violation| Failure::invalid(violation.pointer, violation.detail))?;
    connection.credentials = credentials;
    Ok(())
}

async fn delete(
    State(world): State<Arc<World>>,
    at: At,
    path: PathFields,
) -> Result<StatusCode, Failure> {
    let status = world.settings().delete_status;
    Connections::new(world, at.place).remove(path.get("connection_name"))?;
    Ok(StatusCode::from_u16(status).unwrap_or(StatusCode::OK))
}
