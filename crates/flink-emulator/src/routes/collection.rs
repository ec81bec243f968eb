//! The read-only collections of the control plane: a list with pages and filters,
//! and an object by its id.
//!
//! Follows the operations `listOrgV2Environments`, `getOrgV2Environment` and their
//! like. This file knows no noun, and its callers say which objects exist.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Extension, Router};
use serde_json::Value;

use super::paging::{Listing, Paging};
use super::request::{PathFields, QueryFields};
use crate::control_plane::Listed;
use crate::error::Failure;
use crate::json::Json;
use crate::place::reached::Reached;
use crate::world::World;

type Located = Extension<Reached>;

/// The route of a list; `all` returns the objects that exist.
pub(super) fn list<T: Listed + 'static>(all: fn(&World) -> Vec<T>) -> Router<Arc<World>> {
    let handler = move |world: State<Arc<World>>, reached: Located, query: QueryFields| async move {
        page(&world, &reached, &query, all(&world)).map(Json)
    };
    Router::new().route(T::PATH, get(handler))
}

/// The route of an object; `find` looks it up.
///
/// An absent one is a 404 with the error body of `org-v2` (its example has id,
/// status and title; the detail is ours). No 403 is sent for it: the description
/// has that status for credentials without a role.
pub(super) fn read<T: Listed + 'static>(find: fn(&World, &str) -> Option<T>) -> Router<Arc<World>> {
    let handler = move |world: State<Arc<World>>, reached: Located, path: PathFields| async move {
        let id = path.get("id");
        let absent = || Failure::not_found(format!("There is no {} {id}.", T::NAME));
        find(&world, id).map(|object| Json(object.render(&reached))).ok_or_else(absent)
    };
    Router::new().route(&format!("{}/{{id}}", T::PATH), get(handler))
}

/// The page of a list that a query asks for, in the order of ids.
fn page<T: Listed>(
    world: &World,
    reached: &Reached,
    query: &QueryFields,
    mut all: Vec<T>,
) -> Result<Value, Failure> {
    let paging = Paging::of(query, &world.bookmarks, T::NAME, T::FILTERS)?;
    for filter in T::FILTERS {
        if let Some(value) = query.find(filter) {
            all.retain(|object| object.matches(filter, value));
        }
    }
    let total = all.len();
    all.sort_by_key(T::id);
    all.retain(|object| paging.after.as_ref().is_none_or(|after| object.id() > *after));
    let more = all.len() > paging.size;
    all.truncate(paging.size);
    let last = all.last().filter(|_| more).map(T::id);
    let url = reached.url(T::PATH);
    let listing = Listing {
        api_version: T::API_VERSION,
        kind: T::KIND,
        url: &url,
        items: all.iter().map(|object| object.render(reached)).collect(),
        last: last.as_deref(),
    };
    let mut page = listing.render(query, &world.bookmarks);
    page["metadata"]["first"] = url.into();
    page["metadata"]["total_size"] = total.into();
    Ok(page)
}
