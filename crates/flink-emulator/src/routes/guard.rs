//! Authentication of the requests to the gateway and to the control plane.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::auth::Audience;
use crate::error::Failure;
use crate::world::World;

/// Passes on requests with credentials that the part of the service takes.
pub(super) async fn guard(
    State((world, audience)): State<(Arc<World>, Audience)>,
    request: Request,
    next: Next,
) -> Result<Response, Failure> {
    if world.access().admits(request.headers(), audience, world.shared.clock.now()) {
        return Ok(next.run(request).await);
    }
    Err(Failure::unauthenticated())
}
