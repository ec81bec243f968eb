//! The objects of a place, as the gateway's description has them.
//!
//! `/sql/v1/organizations/{organization_id}/environments/{environment_id}/…` and the
//! name of a collection: statuses, headers and bodies follow the operations of
//! `sql/v1`. Where the documentation shows something else, a setting chooses. This
//! file knows no noun.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use serde_json::{Map, Value};

use super::paging::{Listing, Paging};
use super::request::{At, JsonBody, PathFields, QueryFields};
use crate::error::Failure;
use crate::json::Json;
use crate::object::fields::Fields;
use crate::object::{API_VERSION, Noun, Object};
use crate::settings::Settings;
use crate::store::{Bump, Store};
use crate::world::World;

const PLACE: &str = "/sql/v1/organizations/{organization_id}/environments/{environment_id}";

/// The fields of a body at its top.
const FIELDS: [&str; 6] = ["api_version", "kind", "metadata", "name", "spec", "status"];
/// The fields of `ObjectMeta`, of which a client can set none.
const METADATA: [&str; 6] =
    ["self", "resource_name", "created_at", "updated_at", "uid", "resource_version"];

/// A body whose fields are taken one by one.
type Body = JsonBody<Map<String, Value>>;

/// The store of a noun, for the handlers below.
type Objects<N> = Extension<Arc<Store<N>>>;

/// The routes of a noun whose objects are in a store.
pub(super) fn routes<N: Noun>(store: Arc<Store<N>>) -> Router<Arc<World>> {
    let collection = format!("{PLACE}/{}", N::COLLECTION);
    Router::new()
        .route(&collection, get(list::<N>).post(create::<N>))
        .route(
            &format!("{collection}/{{name}}"),
            get(read::<N>).put(update::<N>).delete(delete::<N>),
        )
        .layer(Extension(store))
}

/// GET of a collection: 200, or a 400 for a parameter that it does not have.
async fn list<N: Noun>(
    State(world): State<Arc<World>>,
    store: Objects<N>,
    at: At,
    query: QueryFields,
) -> Result<Json<Value>, Failure> {
    let paging = Paging::of(&query, &world.bookmarks, N::NAME, N::FILTERS)?;
    let wanted = |content: &N| {
        let mut given = N::FILTERS.iter().filter_map(|name| Some((name, query.find(name)?)));
        given.all(|(name, value)| content.matches(name, value))
    };
    let page = store.page(&at.place, paging.after.as_deref(), paging.size, wanted);
    let settings = world.settings();
    let items = page.objects.iter();
    let listing = Listing {
        api_version: API_VERSION,
        kind: N::KIND,
        url: &at.collection_url(N::COLLECTION),
        items: items
            .map(|object| object.render_item(&at.url::<N>(&object.name), &settings))
            .collect(),
        last: page.objects.last().filter(|_| page.more).map(|object| object.name.as_str()),
    };
    Ok(Json(listing.render(&query, &world.bookmarks)))
}

/// POST: 201 with the object and its `Location`, or a 409 with the location of the
/// object that has the name.
async fn create<N: Noun>(
    State(world): State<Arc<World>>,
    store: Objects<N>,
    at: At,
    body: Body,
) -> Result<Response, Failure> {
    let (name, new) = read_creation::<N>(body)?;
    let url = at.url::<N>(&name);
    let created = store.create(&at.place, &name, new).map_err(|refusal| {
        let taken = refusal.is_already_exists();
        let failure = Failure::from(refusal);
        if taken { failure.located_at(url.clone()) } else { failure }
    })?;
    let object = created.render(&url, &world.settings());
    Ok((StatusCode::CREATED, [(LOCATION, url)], Json(object)).into_response())
}

/// GET of an object: 200, or 404.
async fn read<N: Noun>(
    State(world): State<Arc<World>>,
    store: Objects<N>,
    at: At,
    path: PathFields,
) -> Result<Json<Value>, Failure> {
    let found = store.get(&at.place, path.get("name"))?;
    Ok(Json(found.render(&at.url::<N>(&found.name), &world.settings())))
}

/// PUT: 200, without a body by the description and with the object by the
/// documentation. A version that is not the object's is a 409; a request without a
/// version is accepted, since clients of the vendor send none.
async fn update<N: Noun>(
    State(world): State<Arc<World>>,
    store: Objects<N>,
    at: At,
    path: PathFields,
    body: Body,
) -> Result<Response, Failure> {
    let name = path.get("name");
    let url = at.url::<N>(name);
    let update = Update::<N>::read(body)?;
    let settings = world.settings();
    let updated: Result<Object<N>, Failure> =
        store.update(&at.place, name, Bump::VersionAndTime, |object| {
            update.apply(object, &url, &settings)
        });
    let updated = updated?;
    if settings.update_answers_with_body {
        return Ok(Json(updated.render(&url, &settings)).into_response());
    }
    Ok(StatusCode::OK.into_response())
}

/// DELETE: 200 by the description, 204 in the vendor's own tests.
async fn delete<N: Noun>(
    State(world): State<Arc<World>>,
    store: Objects<N>,
    at: At,
    path: PathFields,
) -> Result<StatusCode, Failure> {
    store.remove(&at.place, path.get("name"))?;
    Ok(StatusCode::from_u16(world.settings().delete_status).unwrap_or(StatusCode::OK))
}

/// Reads the body of a POST: the name and the object.
fn read_creation<N: Noun>(body: Body) -> Result<(String, N), Failure> {
    let mut object = Fields::of("", body.0, &FIELDS)?;
    let mut spec = object.require_object("spec", N::SPEC)?;
    let metadata = object.object("metadata", &METADATA)?;
    let name = object.require_string("name")?;
    object.check_value("api_version", API_VERSION)?;
    object.check_value("kind", N::KIND)?;
    if object.object("status", N::STATUS)?.is_some() {
        return Err(object.invalid("status", "is set by the server"));
    }
    if let Some((pointer, _)) = metadata.and_then(|metadata| metadata.rest().next()) {
        return Err(Failure::invalid(&pointer, "This field is set by the server."));
    }
    Ok((name, N::create(&mut spec)?))
}

/// The body of a PUT.
struct Update<N: Noun> {
    change: N::Change,
    /// None: the client does not say which version it knows.
    resource_version: Option<String>,
    /// The fields that cannot change, by their pointers: each must have the value
    /// that the object has.
    echoes: Vec<(String, Value)>,
}

impl<N: Noun> Update<N> {
    fn read(body: Body) -> Result<Self, Failure> {
        let mut object = Fields::of("", body.0, &FIELDS)?;
        let mut spec = object.require_object("spec", N::SPEC)?;
        let change = N::read_change(&mut spec)?;
        let mut echoes: Vec<(String, Value)> = spec.rest().collect();
        let mut resource_version = None;
        if let Some(mut metadata) = object.object("metadata", &METADATA)? {
            resource_version = metadata.string("resource_version")?;
            echoes.extend(metadata.rest());
        }
        if let Some(status) = object.object("status", N::STATUS)? {
            echoes.extend(status.rest());
        }
        let name = object.require_string("name")?;
        echoes.push(("/name".to_owned(), name.into()));
        echoes.extend(object.rest());
        Ok(Self { change, resource_version, echoes })
    }

    /// Applies the change to an object, if nothing else would change.
    fn apply(self, object: &mut Object<N>, url: &str, settings: &Settings) -> Result<(), Failure> {
        if self.resource_version.is_some_and(|version| version != object.resource_version) {
            let detail = format!("The {} has another resource_version by now.", N::NAME);
            return Err(Failure::stale(detail));
        }
        let current = object.render(url, settings);
        let changed = self.echoes.iter().find(|(at, sent)| current.pointer(at) != Some(sent));
        if let Some((pointer, _)) = changed {
            return Err(Failure::invalid(pointer, "This field cannot be changed."));
        }
        Ok(object.content.apply(self.change)?)
    }
}
