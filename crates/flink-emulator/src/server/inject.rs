//! Applies faults: around the handling of a request, and to its response.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use tokio::time::sleep;

use super::reshape;
use super::wire::Wire;
use crate::error::{self, Failure};
use crate::faults::{Answer, Effect, Plan, When};
use crate::place::reached::Reached;
use crate::world::World;

/// Returns the response to send, or `None` if the connection is to be closed.
///
/// A request that is handled late runs apart from its connection, so that it is
/// handled even if the client is gone.
pub(super) async fn inject(
    world: &Arc<World>,
    wire: &Wire,
    plan: Plan,
    request: Request,
    next: Next,
    request_id: &str,
) -> Option<Response> {
    let Plan { before, after, effect, headers, .. } = plan;
    let work = work(world.clone(), effect.clone(), request, next);
    let given =
        if before.is_zero() { work.await } else { wire.later(before, work).await.flatten() };
    if !after.is_zero() {
        sleep(after).await;
    }
    let mut response = match &effect {
        Some(Effect::Drop(_)) => return None,
        Some(Effect::Answer(answer)) => answered(answer),
        _ => given?,
    };
    response.headers_mut().extend(headers);
    let response = error::finish(response, request_id);
    if has_no_body(response.status()) {
        return Some(response);
    }
    Some(match effect {
        Some(Effect::Cut { chunked }) => reshape::cut(response, chunked).await,
        Some(Effect::Drip { bytes, milliseconds }) => {
            reshape::drip(response, bytes, milliseconds).await
        }
        Some(Effect::Gzip) => reshape::gzip(response).await,
        _ => response,
    })
}

/// Handles the request, unless a fault comes before.
async fn work(
    world: Arc<World>,
    effect: Option<Effect>,
    request: Request,
    next: Next,
) -> Option<Response> {
    match effect {
        Some(Effect::Drop(When::Before)) => return None,
        Some(Effect::Answer(answer)) if answer.when == When::Before => return None,
        Some(Effect::Stale) => move_version(&world, &request),
        _ => {}
    }
    Some(next.run(request).await)
}

/// Writes the object of a request's path, as a third party does.
fn move_version(world: &World, request: &Request) {
    let place = request.extensions().get::<Reached>().and_then(|reached| reached.place.clone());
    let mut segments = request.uri().path().rsplit('/');
    if let (Some(place), Some(name), Some(collection)) = (place, segments.next(), segments.next()) {
        world.touch(&place, collection, &percent_decode_str(name).decode_utf8_lossy());
    }
}

/// Returns true if a response of this status has no body.
fn has_no_body(status: StatusCode) -> bool {
    [StatusCode::NO_CONTENT, StatusCode::RESET_CONTENT, StatusCode::NOT_MODIFIED].contains(&status)
}

/// The response of a fault, with its headers.
fn answered(answer: &Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match answer.body.as_deref() {
        None => Failure::of_status(status).map_or(status.into_response(), Failure::into_response),
        Some("") => status.into_response(),
        Some(text) => (status, text.to_owned()).into_response(),
    };
    for (name, value) in answer.headers() {
        response.headers_mut().insert(name, value);
    }
    response
}
