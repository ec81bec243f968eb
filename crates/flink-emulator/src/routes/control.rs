//! The control API: what tests do through the library, over HTTP.
//!
//! It is no part of Confluent's API and asks for no credentials. It is listed
//! with an example of each request in the documentation of the crate. No answer
//! of it holds a secret.

mod faults;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::request::{JsonBody, JsonFields, PathFields};
use crate::auth::ApiKey;
use crate::connection::{Credentials, NewConnection, Status, StoredConnection};
use crate::control::settings::Settings;
use crate::control::{Bump, Connections, Refusal};
use crate::error::Failure;
use crate::journal::Counts;
use crate::json::Json;
use crate::place::Place;
use crate::world::World;

const PLACE: &str = "/connections/{organization}/{environment}/{cloud}/{region}";

pub(super) fn routes() -> Router<Arc<World>> {
    let object = Router::new()
        .route("/", get(read).put(recreate).delete(remove))
        .route("/verify", post(verify))
        .route("/credentials", put(set_credentials))
        .route("/status", put(set_status))
        .route("/touch", post(touch));
    Router::new()
        .route("/health", get(health))
        .route("/journal", get(read_journal).delete(clear_journal))
        .route("/counts", get(read_counts))
        .merge(faults::routes())
        .route("/settings", get(read_settings).put(change_settings))
        .route("/keys", get(read_keys).put(require_keys))
        .route("/oauth-client", put(know_client).delete(forget_client))
        .route("/tokens", delete(revoke_tokens))
        .route("/connections", get(list_all))
        .route(PLACE, get(list).post(create))
        .nest(&format!("{PLACE}/{{name}}"), object)
}

/// The place and the name in a path of the control API.
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
        let connections = Connections::new(world.clone(), place);
        Ok(Self { connections, name: path.get("name").to_owned() })
    }
}

type Answer = Result<Json<StoredConnection>, Failure>;

fn answer(outcome: Result<StoredConnection, Refusal>) -> Answer {
    Ok(Json(outcome?))
}

async fn health(State(world): State<Arc<World>>) -> Json<Value> {
    Json(
        json!({ "status": "ok", "url": world.url(), "connections": world.all_connections().len() }),
    )
}

async fn read_journal(State(world): State<Arc<World>>) -> Json<Value> {
    Json(json!({ "entries": world.journal.entries() }))
}

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
    world.change_settings(|current| *current = settings.clone());
    Ok(Json(settings))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    keys: Vec<Key>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    key: String,
    secret: String,
}

async fn read_keys(State(world): State<Arc<World>>) -> Json<Value> {
    Json(json!({ "keys": world.access().required() }))
}

async fn require_keys(
    State(world): State<Arc<World>>,
    JsonBody(body): JsonBody<Keys>,
) -> Json<Value> {
    let keys = body.keys.into_iter().map(|key| ApiKey::new(key.key, key.secret));
    world.access().require(keys);
    Json(json!({ "keys": world.access().required() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Client {
    client_id: String,
    client_secret: String,
}

async fn know_client(
    State(world): State<Arc<World>>,
    JsonBody(body): JsonBody<Client>,
) -> StatusCode {
    world.access().know_client(Some(ApiKey::new(body.client_id, body.client_secret)));
    StatusCode::NO_CONTENT
}

async fn forget_client(State(world): State<Arc<World>>) -> StatusCode {
    world.access().know_client(None);
    StatusCode::NO_CONTENT
}

async fn revoke_tokens(State(world): State<Arc<World>>) -> StatusCode {
    world.access().revoke_tokens();
    StatusCode::NO_CONTENT
}

async fn list_all(State(world): State<Arc<World>>) -> Json<Value> {
    Json(json!({ "data": world.all_connections() }))
}

async fn list(at: Addressed) -> Json<Value> {
    Json(json!({ "data": at.connections.list() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    name: String,
    connection_type: String,
    endpoint: String,
    credentials: BTreeMap<String, String>,
}

async fn create(at: Addressed, JsonBody(body): JsonBody<New>) -> Result<Response, Failure> {
    let new = NewConnection {
        name: body.name,
        connection_type: body.connection_type,
        endpoint: body.endpoint,
        credentials: Credentials::from_iter(body.credentials),
    };
    let created = answer(at.connections.insert(new))?;
    Ok((StatusCode::CREATED, created).into_response())
}

async fn read(at: Addressed) -> Answer {
    answer(at.connections.get(&at.name).ok_or_else(|| Refusal::not_found(&at.name)))
}

async fn remove(at: Addressed) -> Result<StatusCode, Failure> {
    at.connections.remove(&at.name)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recreate {
    connection_type: Option<String>,
    endpoint: Option<String>,
    credentials: Option<BTreeMap<String, String>>,
}

async fn recreate(at: Addressed, JsonBody(body): JsonBody<Recreate>) -> Answer {
    let credentials = body.credentials.map(Credentials::from_iter);
    answer(at.connections.recreate_as(&at.name, |old| NewConnection {
        name: old.name.clone(),
        connection_type: body.connection_type.unwrap_or_else(|| old.connection_type.clone()),
        endpoint: body.endpoint.unwrap_or_else(|| old.endpoint.clone()),
        credentials: credentials.unwrap_or_else(|| old.credentials.clone()),
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Guess {
    key: String,
    value: String,
}

#[derive(Serialize)]
struct Verdict {
    equal: bool,
}

async fn verify(at: Addressed, JsonBody(guess): JsonBody<Guess>) -> Result<Json<Verdict>, Failure> {
    if at.connections.get(&at.name).is_none() {
        return Err(Refusal::not_found(&at.name).into());
    }
    Ok(Json(Verdict { equal: at.connections.holds(&at.name, &guess.key, &guess.value) }))
}

async fn set_credentials(
    at: Addressed,
    JsonBody(credentials): JsonBody<BTreeMap<String, String>>,
) -> Answer {
    answer(at.connections.set_credentials(&at.name, credentials))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewStatus {
    phase: Option<String>,
    detail: Option<String>,
    #[serde(default)]
    bump_version: bool,
    #[serde(default)]
    keep_updated_at: bool,
}

async fn set_status(at: Addressed, JsonBody(body): JsonBody<NewStatus>) -> Answer {
    let mut status = body.phase.map(Status::new);
    if let (Some(status), Some(detail)) = (&mut status, body.detail) {
        status.detail = Some(detail);
    }
    let bump = bump(body.bump_version, body.keep_updated_at);
    answer(at.connections.set_status(&at.name, status, bump))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Touch {
    #[serde(default)]
    keep_updated_at: bool,
}

async fn touch(at: Addressed, JsonBody(body): JsonBody<Touch>) -> Answer {
    answer(at.connections.touch(&at.name, bump(true, body.keep_updated_at)))
}

fn bump(version: bool, keep_updated_at: bool) -> Bump {
    match (version, keep_updated_at) {
        (false, _) => Bump::Nothing,
        (true, true) => Bump::Version,
        (true, false) => Bump::VersionAndTime,
    }
}
