//! The HTTP server: the steps that every request takes.
//!
//! The body is read up to a bound, the request gets its id and its entry in the
//! journal, the faults that pick it are applied around the routes, and a failure
//! gets its body at the end. This file knows no single route.

mod inject;
mod reshape;
mod tls;
mod wire;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderName, USER_AGENT};
use axum::http::request::Parts;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;

use self::wire::Wire;
use crate::auth::{IDENTITY_POOL, Presented};
use crate::error::{self, Failure};
use crate::faults::Plan;
use crate::ids;
use crate::journal::{AuthSeen, Entry, redaction};
use crate::place::reached::Reached;
use crate::routes;
use crate::world::World;

/// The longest body that is read. The largest legitimate one, a connection with
/// its credentials, stays far below.
const MAX_BODY: usize = 1024 * 1024;

/// Serves until the other end of `stopped` is dropped or used.
pub(crate) async fn serve(listener: TcpListener, world: Arc<World>, stopped: watch::Receiver<()>) {
    let router = routes::all(&world).layer(from_fn_with_state(world.clone(), handle));
    wire::serve(listener, world.clone(), router.with_state(world), stopped).await;
}

/// Takes a request through all steps. The control API meets no fault and is not in
/// the journal.
async fn handle(State(world): State<Arc<World>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    // Removed, so that a request that outlasts the connection does not keep it.
    let wire: Arc<Wire> = parts.extensions.remove().expect("`wire` adds itself to every request");
    let request_id = ids::uuid().to_string();
    let reached = reached(&world, &parts);
    let body = to_bytes(body, MAX_BODY).await;
    let is_control = parts.uri.path().starts_with("/control/");
    let plan = match body {
        Ok(_) if !is_control => {
            world.faults.plan(&parts.method, parts.uri.path(), &world.shared.clock)
        }
        _ => Plan::default(),
    };
    let number = (!is_control).then(|| {
        wire.count_once(&world);
        let sent = body.as_deref().unwrap_or_default();
        let faults = plan.played.clone();
        world.journal.arrived(Entry { faults, ..entry(&parts, &reached, sent, &request_id) })
    });

    parts.extensions.insert(reached);
    let response = match body {
        Ok(body) => {
            let request = Request::from_parts(parts, Body::from(body));
            inject::inject(&world, &wire, plan, request, next, &request_id).await
        }
        Err(_) => Some(error::finish(Failure::too_large(MAX_BODY).into_response(), &request_id)),
    };
    let Some(response) = response else { return wire.close().await };
    if let Some(number) = number {
        world.journal.responded(number, response.status().as_u16());
    }
    response
}

/// The place of a request, with the region of the settings as the last resort.
fn reached(world: &World, parts: &Parts) -> Reached {
    let settings = world.settings();
    let region = &settings.default_region;
    let default = (region.cloud.as_str(), region.region.as_str());
    let address = world.address.to_string();
    Reached::of(&parts.uri, &parts.headers, (world.scheme(), &address), default)
}

/// The journal's entry of a request that has no response yet.
fn entry(parts: &Parts, reached: &Reached, body: &[u8], request_id: &str) -> Entry {
    let content_type = header(parts, CONTENT_TYPE).unwrap_or_default();
    let body = redaction::without_secrets(&content_type, body);
    let version = body.as_ref().and_then(|body| body.pointer("/metadata/resource_version"));
    Entry {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().map(str::to_owned),
        request_id: request_id.to_owned(),
        place: reached.place.clone(),
        user_agent: header(parts, USER_AGENT),
        auth: AuthSeen::of(&Presented::in_headers(&parts.headers)),
        identity_pool: header(parts, HeaderName::from_static(IDENTITY_POOL)),
        resource_version: version.and_then(Value::as_str).map(str::to_owned),
        body,
        http_version: format!("{:?}", parts.version),
        ..Entry::default()
    }
}

fn header(parts: &Parts, name: HeaderName) -> Option<String> {
    parts.headers.get(name)?.to_str().ok().map(str::to_owned)
}
