//! The HTTP server: what happens to every request, whatever it asks for.
//!
//! From the outside in: the body is read up to a bound, the request gets its id
//! and its entry in the journal, and failures get their body on the way out.
//! It knows nothing of single routes.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderName, USER_AGENT};
use axum::http::request::Parts;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::auth::{IDENTITY_POOL, Presented};
use crate::error::{self, Failure};
use crate::journal::{self, AuthSeen, Entry};
use crate::place::Reached;
use crate::routes;
use crate::world::World;

/// The longest body that is read. The largest legitimate one, a connection with
/// its credentials, stays far below.
const MAX_BODY: usize = 1024 * 1024;

/// Serves until the other end of `stopped` is dropped or used.
pub(crate) async fn serve(
    listener: TcpListener,
    world: Arc<World>,
    stopped: oneshot::Receiver<()>,
) -> io::Result<()> {
    let service = router(world).into_make_service_with_connect_info::<SocketAddr>();
    let stopped = async move {
        // An error means that the sender was dropped, which is the same wish.
        let _ = stopped.await;
    };
    axum::serve(listener, service).with_graceful_shutdown(stopped).await
}

/// All routes inside what happens to every request.
///
/// A layer that plays faults belongs between the two: inside `converse`, so
/// that what it does to a request is in the journal and carries a request id,
/// and around the routes, so that it can act before them or after them.
fn router(world: Arc<World>) -> Router {
    routes::all(&world).layer(from_fn_with_state(world.clone(), converse)).with_state(world)
}

async fn converse(
    State(world): State<Arc<World>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let request_id = world.ids.uuid();
    let reached = reached(&world, &parts);
    let body = to_bytes(body, MAX_BODY).await;
    let sent = body.as_deref().unwrap_or_default();
    let sequence = is_journaled(&parts)
        .then(|| world.journal.arrived(entry(&parts, &reached, sent, &request_id, peer)));

    parts.extensions.insert(reached);
    let response = match body {
        Ok(body) => next.run(Request::from_parts(parts, Body::from(body))).await,
        Err(_) => Failure::too_large(MAX_BODY).into_response(),
    };
    let response = error::finish(response, &request_id);
    if let Some(sequence) = sequence {
        world.journal.answered(sequence, response.status().as_u16());
    }
    response
}

fn reached(world: &World, parts: &Parts) -> Reached {
    let settings = world.settings();
    let region = &settings.default_region;
    let default = (region.cloud.as_str(), region.region.as_str());
    Reached::of(&parts.uri, &parts.headers, &world.address.to_string(), default)
}

/// The control API looks at the journal; it must not fill it.
fn is_journaled(parts: &Parts) -> bool {
    !parts.uri.path().starts_with("/control/")
}

fn entry(
    parts: &Parts,
    reached: &Reached,
    body: &[u8],
    request_id: &str,
    peer: SocketAddr,
) -> Entry {
    let content_type = header(parts, CONTENT_TYPE).unwrap_or_default();
    let body = journal::without_secrets(&content_type, body);
    let version = body.as_ref().and_then(|body| body.pointer("/metadata/resource_version"));
    Entry {
        sequence: 0,
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().map(str::to_owned),
        status: None,
        request_id: request_id.to_owned(),
        place: reached.place.clone(),
        user_agent: header(parts, USER_AGENT),
        auth: AuthSeen::of(&Presented::in_headers(&parts.headers)),
        identity_pool: header(parts, HeaderName::from_static(IDENTITY_POOL)),
        resource_version: version.and_then(Value::as_str).map(str::to_owned),
        body,
        peer_port: peer.port(),
    }
}

fn header(parts: &Parts, name: HeaderName) -> Option<String> {
    parts.headers.get(name)?.to_str().ok().map(str::to_owned)
}
