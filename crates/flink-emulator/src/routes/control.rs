//! The control API: methods of the library over HTTP, for users of the program.
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

use crate::journal::Counts;
use crate::json::Json;
use crate::world::World;

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/journal", get(read_journal).delete(clear_journal))
        .route("/counts", get(read_counts))
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
