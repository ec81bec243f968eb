//! The control API: methods of the library over HTTP, for users of the program.
//!
//! It is no part of Confluent's API and asks for no credentials. The documentation
//! of the crate lists it with an example of each request. No response of it holds
//! a secret.

mod connections;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use serde_json::{Value, json};

use crate::error::Failure;
use crate::faults::Fault;
use crate::journal::Counts;
use crate::json::Json;
use crate::world::World;

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/journal", get(read_journal).delete(clear_journal))
        .route("/counts", get(read_counts))
        .route("/faults", get(list_faults).post(add_fault).delete(clear_faults))
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

async fn list_faults(State(world): State<Arc<World>>) -> Json<Value> {
    Json(json!({ "data": world.faults.list() }))
}

/// Adds one rule, in the JSON of the library. The response is a list, as that of a
/// GET. Rules hold no secrets, so an error may quote one.
async fn add_fault(
    State(world): State<Arc<World>>,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Failure> {
    let text = String::from_utf8_lossy(&body);
    let added = text.parse::<Fault>().and_then(|fault| world.faults.try_add(fault));
    let added = added.map_err(|invalid| Failure::invalid(&invalid.pointer, invalid.detail))?;
    Ok((StatusCode::CREATED, Json(json!({ "data": [added] }))))
}

async fn clear_faults(State(world): State<Arc<World>>) -> StatusCode {
    world.faults.clear();
    StatusCode::NO_CONTENT
}
