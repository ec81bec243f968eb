//! `/control/connections`: the connections from behind the API, over HTTP.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::routing::{get, post, put};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::connection::handle::{Connections, NewConnection, StoredConnection};
use crate::error::Failure;
use crate::json::Json;
use crate::place::Place;
use crate::routes::request::{JsonBody, PathFields};
use crate::world::World;

const PLACE: &str = "/connections/{organization}/{environment}/{cloud}/{region}";

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/connections", get(list))
        .route(PLACE, post(create))
        .route(&format!("{PLACE}/{{name}}/verify"), post(verify))
        .route(&format!("{PLACE}/{{name}}/credentials"), put(set_credentials))
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

/// The connections of all places.
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

/// Creates a connection, as someone in the console does.
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Guess {
    key: String,
    value: String,
}

/// Compares a value with the credential of a key. The response does not show it.
async fn verify(at: Addressed, JsonBody(guess): JsonBody<Guess>) -> Result<Json<Value>, Failure> {
    at.connections.require(&at.name)?;
    Ok(Json(json!({ "equal": at.connections.holds(&at.name, &guess.key, &guess.value) })))
}

/// Replaces all credentials, so that a client's are out of date.
async fn set_credentials(
    at: Addressed,
    JsonBody(credentials): JsonBody<BTreeMap<String, String>>,
) -> Result<Json<StoredConnection>, Failure> {
    Ok(Json(at.connections.set_credentials(&at.name, credentials)?))
}
