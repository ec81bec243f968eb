//! Every path that the server answers.
//!
//! One module for each noun of the API. The gateway stands at the root, for
//! clients that name a region by the host, and behind a prefix, for clients
//! that name it by the path.

mod connection;
mod control;
mod environment;
mod organization;
pub(crate) mod paging;
mod region;
mod request;
mod token;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;

use crate::auth;
use crate::error::Failure;
use crate::world::World;

pub(crate) fn all(world: &Arc<World>) -> Router<Arc<World>> {
    let gateway =
        connection::routes().route_layer(from_fn_with_state(world.clone(), auth::gateway));
    let control_plane = Router::new()
        .merge(organization::routes())
        .merge(environment::routes())
        .merge(region::routes())
        .route_layer(from_fn_with_state(world.clone(), auth::control_plane));
    Router::new()
        .nest("/flink/{cloud}/{region}", gateway.clone())
        .merge(gateway)
        .merge(control_plane)
        .merge(token::routes())
        .nest("/control", control::routes())
        .fallback(async || Failure::not_found("There is nothing at this path."))
        .method_not_allowed_fallback(async || Failure::method_not_allowed())
}
