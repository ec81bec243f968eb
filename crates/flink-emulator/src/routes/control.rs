//! The control API: the methods of the library, over HTTP, for the program.
//!
//! It is no part of Confluent's API and asks for no credentials. The documentation
//! of the crate lists it with an example of each request. No response of it holds
//! a secret.

mod connections;
mod faults;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use serde_json::{Value, json};

use super::request::JsonFields;
use crate::error::Failure;
use crate::journal::Counts;
use crate::json::Json;
use crate::settings::Settings;
use crate::world::World;

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/journal", get(read_journal).delete(clear_journal))
        .route("/counts", get(read_counts))
        .route("/settings", get(read_settings).put(change_settings))
        .merge(faults::routes())
        .merge(connections::routes())
}

/// The entries with everything but their secrets.
async fn read_journal(State(world): State<Arc<World>>) -> Json<Value> {
    Json(json!({ "entries": world.journal.entries() }))
}

/// The counts, which cost less than the entries.
async fn read_counts(State(world): State<Arc<World>>) -> Json<Counts> {
    Json(world.journal.counts())
}

async fn clear_journal(State(world): State<Arc<World>>) -> StatusCode {
    world.journal.clear();
    StatusCode::NO_CONTENT
}

async fn read_settings(State(world): State<Arc<World>>) -> Json<Settings> {
    Json(world.settings().as_ref().clone())
}

/// Changes the settings that are named and leaves the others.
async fn change_settings(
    State(world): State<Arc<World>>,
    body: JsonFields,
) -> Result<Json<Settings>, Failure> {
    let mut document = json!(world.settings().as_ref());
    for (name, value) in body.0 {
        document[name] = value;
    }
    let settings: Settings = serde_json::from_value(document)
        .map_err(|error| Failure::invalid("", format!("These are no settings: {error}.")))?;
    if ![200, 204].contains(&settings.delete_status) {
        return Err(Failure::invalid("/delete_status", "A DELETE answers with 200 or 204."));
    }
    if settings.max_tcp_connections == Some(0) {
        let detail = "Without any connection this could not be changed again.";
        return Err(Failure::invalid("/max_tcp_connections", detail));
    }
    world.shared.settings.change(|current| *current = settings.clone());
    Ok(Json(settings))
}
