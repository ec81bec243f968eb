//! `/control/faults`: the rules of faults over HTTP.
//!
//! A rule is the same JSON here as in the library. Rules hold no secrets, so an
//! error may quote one.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use serde_json::{Value, json};

use crate::error::Failure;
use crate::faults::Fault;
use crate::json::Json;
use crate::world::World;

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new().route("/faults", get(list).post(add).delete(clear))
}

async fn list(State(world): State<Arc<World>>) -> Json<Value> {
    Json(json!({ "data": world.faults.list() }))
}

/// Adds one rule. The response is a list, as that of a GET.
async fn add(
    State(world): State<Arc<World>>,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Failure> {
    let text = String::from_utf8_lossy(&body);
    let added = text.parse::<Fault>().and_then(|fault| world.faults.try_add(fault));
    let added = added.map_err(|invalid| Failure::invalid(&invalid.pointer, invalid.detail))?;
    Ok((StatusCode::CREATED, Json(json!({ "data": [added] }))))
}

async fn clear(State(world): State<Arc<World>>) -> StatusCode {
    world.faults.clear();
    StatusCode::NO_CONTENT
}
