//! `/control/faults`: the rules of faults over HTTP.
//!
//! A rule is the same JSON here as in the library. Rules hold no secrets, so an
//! error may quote one.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{delete, get};
use serde_json::{Value, json};

use super::super::request::PathFields;
use crate::error::Failure;
use crate::faults::{Fault, InvalidFault};
use crate::json::Json;
use crate::world::World;

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/faults", get(list).post(add).delete(clear))
        .route("/faults/{id}", delete(remove))
}

async fn list(State(world): State<Arc<World>>) -> Json<Value> {
    Json(json!({ "data": world.faults.list() }))
}

/// Adds one rule or an array of them; where one is wrong, none.
async fn add(
    State(world): State<Arc<World>>,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Failure> {
    let rules = rules(&body)?;
    let added = world.faults.try_add(rules).map_err(|invalid| refused(&invalid, ""))?;
    Ok((StatusCode::CREATED, Json(json!({ "data": added }))))
}

async fn clear(State(world): State<Arc<World>>) -> StatusCode {
    world.faults.clear();
    StatusCode::NO_CONTENT
}

async fn remove(State(world): State<Arc<World>>, path: PathFields) -> Result<StatusCode, Failure> {
    let id = path.get("id");
    let is_removed = id.parse().is_ok_and(|id| world.faults.remove(id));
    is_removed
        .then_some(StatusCode::NO_CONTENT)
        .ok_or_else(|| Failure::not_found(format!("There is no fault {id}.")))
}

fn rules(body: &[u8]) -> Result<Vec<Fault>, Failure> {
    let document: Value = serde_json::from_slice(body)
        .map_err(|error| Failure::malformed("", format!("The body is not JSON: {error}.")))?;
    match document {
        Value::Array(rules) => {
            let named = rules.iter().enumerate();
            named.map(|(index, rule)| read(rule, &format!("/{index}"))).collect()
        }
        rule => Ok(vec![read(&rule, "")?]),
    }
}

fn read(rule: &Value, at: &str) -> Result<Fault, Failure> {
    let fault = serde_json::from_value::<Fault>(rule.clone())
        .map_err(|error| Failure::invalid(at, format!("This is no fault: {error}.")))?;
    fault.check().map_err(|invalid| refused(&invalid, at))?;
    Ok(fault)
}

/// The failure of a rule that stands at a pointer of the body.
fn refused(invalid: &InvalidFault, at: &str) -> Failure {
    Failure::invalid(&format!("{at}{}", invalid.pointer), invalid.detail.as_str())
}
