//! Authentication of the requests to the gateway and to the control plane.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::auth::Audience;
use crate::error::Failure;
use crate::world::World;

/// Passes on requests with credentials that the gateway takes.
pub(super) async fn gateway(
    State(world): State<Arc<World>>,
    request: Request,
    next: Next,
) -> Response {
    guard(&world, Audience::Gateway, request, next).await
}

/// Passes on requests with credentials that the control plane takes.
pub(super) async fn control_plane(
    State(world): State<Arc<World>>,
    request: Request,
    next: Next,
) -> Response {
    guard(&world, Audience::ControlPlane, request, next).await
}

async fn guard(world: &World, audience: Audience, request: Request, next: Next) -> Response {
    let admitted = world.access().admits(request.headers(), audience, world.shared.clock.now());
    if admitted { next.run(request).await } else { Failure::unauthenticated().into_response() }
}
