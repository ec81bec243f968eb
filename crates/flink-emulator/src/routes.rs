//! Every path that the server has.
//!
//! The gateway stands at the root, for clients that name a region by the host, and
//! behind a prefix, for clients that name it by the path.

mod collection;
mod control;
mod guard;
mod object;
mod paging;
mod request;
mod token;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;

use crate::auth::Audience;
use crate::control_plane::environment::Environment;
use crate::control_plane::organization::Organization;
use crate::control_plane::region::Region;
use crate::error::Failure;
use crate::world::World;

/// The routes of the service, each group behind its authentication, and those of the
/// control API, which has none.
pub(crate) fn all(world: &Arc<World>) -> Router<Arc<World>> {
    let guard = |audience| from_fn_with_state((world.clone(), audience), guard::guard);
    let gateway = object::routes(world.store.clone()).route_layer(guard(Audience::Gateway));
    let control_plane = control_plane().route_layer(guard(Audience::ControlPlane));
    Router::new()
        .nest("/flink/{cloud}/{region}", gateway.clone())
        .nest("/flink-private/{cloud}/{region}", gateway.clone())
        .merge(gateway)
        .merge(control_plane)
        .merge(token::routes())
        .nest("/control", control::routes())
        .fallback(async || Failure::not_found("There is nothing at this path."))
        .method_not_allowed_fallback(async || Failure::method_not_allowed())
}

/// Regions can only be listed: `fcpm/v2` has no path of a single one.
fn control_plane() -> Router<Arc<World>> {
    let regions = collection::list::<Region>(|world| world.settings().regions.clone());
    let organizations = collection::list::<Organization>(|world| {
        world.settings().organizations(&world.store.places())
    });
    let environments = collection::list::<Environment>(|world| {
        world.settings().environments(&world.store.places())
    });
    regions
        .merge(organizations)
        .merge(collection::read::<Organization>(|world, id| world.settings().organization(id)))
        .merge(environments)
        .merge(collection::read::<Environment>(|world, id| world.settings().environment(id)))
}
