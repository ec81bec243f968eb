//! `/control/connections`: the connections from behind the API, over HTTP.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::routing::{delete, get, post, put};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::connection::Status;
use crate::connection::handle::{Connections, NewConnection, StoredConnection};
use crate::error::Failure;
use crate::json::Json;
use crate::place::Place;
use crate::routes::request::{JsonBody, PathFields};
use crate::store::Bump;
use crate::world::World;

const PLACE: &str = "/connections/{organization}/{environment}/{cloud}/{region}";

pub(super) fn routes() -> Router<Arc<World>> {
    let object = Router::new()
        .route("/", delete(remove))
        .route("/verify", post(verify))
        .route("/credentials", put(set_credentials))
        .route("/status", put(set_status));
    Router::new()
        .route("/connections", get(list))
        .route(PLACE, post(create))
        .nest(&format!("{PLACE}/{{name}}"), object)
}

/// The place and the name in a path.
struct Addressed {
    connections: Connections,
    name: String,
}

impl FromRequestParts<Arc<World>> for Addressed {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, world: &Arc<World>) -> Result<Self, Failure> {
        let path = PathFields::from_request_parts(parts, world).await?;
        let [organization, environment, cloud, region] =
            ["organization", "environment", "cloud", "region"].map(|name| path.get(name));
        let place = Place::new(organization, environment, cloud, region).checked()?;
        Ok(Self { connections: world.connections(place), name: path.get("name").to_owned() })
    }
}

type Answer = Result<Json<StoredConnection>, Failure>;

async fn list(State(world): State<Arc<World>>) -> Json<Value> {
    Json(json!({ "data": world.all_connections() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    name: String,
    connection_type: String,
    endpoint: String,
    credentials: BTreeMap<String, String>,
}

async fn create(
    at: Addressed,
    JsonBody(body): JsonBody<New>,
) -> Result<(StatusCode, Json<StoredConnection>), Failure> {
    let mut new = NewConnection::new(body.name, body.connection_type, body.endpoint);
    for (key, value) in body.credentials {
        new = new.credential(key, value);
    }
    Ok((StatusCode::CREATED, Json(at.connections.insert(new)?)))
}

async fn remove(at: Addressed) -> Result<StatusCode, Failure> {
    at.connections.remove(&at.name)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Guess {
    key: String,
    value: String,
}

async fn verify(at: Addressed, JsonBody(guess): JsonBody<Guess>) -> Result<Json<Value>, Failure> {
    at.connections.require(&at.name)?;
    Ok(Json(json!({ "equal": at.connections.holds(&at.name, &guess.key, &guess.value) })))
}

async fn set_credentials(
    at: Addressed,
    JsonBody(credentials): JsonBody<BTreeMap<String, String>>,
) -> Answer {
    Ok(Json(at.connections.set_credentials(&at.name, credentials)?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewStatus {
    /// None: the connection has no status.
    phase: Option<String>,
    detail: Option<String>,
}

async fn set_status(at: Addressed, JsonBody(body): JsonBody<NewStatus>) -> Answer {
    let status = body.phase.map(|phase| Status { phase, detail: body.detail });
    Ok(Json(at.connections.set_status(&at.name, status, Bump::Nothing)?))
}
