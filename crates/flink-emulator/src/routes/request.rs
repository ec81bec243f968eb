//! Strict reading of requests: place, path, query, form and body.
//!
//! A message names the field at fault and the rule, never the value that was sent:
//! any value may hold a credential.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Form;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Query, RawPathParams, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::error::Failure;
use crate::object::Noun;
use crate::place::Place;
use crate::place::reached::{Reached, percent_encoded};
use crate::world::World;

/// The place of a request to the gateway, after every check, and the addresses that
/// a response needs.
pub(super) struct At {
    pub(super) place: Place,
    reached: Reached,
}

impl At {
    /// The address of a collection of the place.
    pub(super) fn collection_url(&self, collection: &str) -> String {
        self.reached.collection_url(&self.place, collection)
    }

    /// The address of an object of the place.
    pub(super) fn url<N: Noun>(&self, name: &str) -> String {
        format!("{}/{}", self.collection_url(N::COLLECTION), percent_encoded(name))
    }
}

impl FromRequestParts<Arc<World>> for At {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, world: &Arc<World>) -> Result<Self, Failure> {
        let reached = parts.extensions.get::<Reached>().cloned();
        let reached = reached.ok_or_else(|| Failure::internal("the request was not located"))?;
        let place = reached.place.clone().ok_or_else(|| Failure::internal("no place"))?;
        let place = place.checked()?;
        let settings = world.settings();
        let (organization, environment) = (&place.organization, &place.environment);
        if settings.organization(organization).is_none() {
            return Err(Failure::not_found(format!("There is no organization {organization}.")));
        }
        if !settings.knows_environment(organization, environment) {
            return Err(Failure::not_found(format!("There is no environment {environment}.")));
        }
        Ok(Self { place, reached })
    }
}

/// The parameters of a path, decoded.
pub(super) struct PathFields(BTreeMap<String, String>);

impl PathFields {
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name).map(String::as_str).unwrap_or_default()
    }
}

impl FromRequestParts<Arc<World>> for PathFields {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, world: &Arc<World>) -> Result<Self, Failure> {
        let fields = RawPathParams::from_request_parts(parts, world).await;
        let fields = fields.map_err(|_| Failure::parameter("path", "The path is not UTF-8."))?;
        Ok(Self(fields.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()))
    }
}

/// The parameters of a query, each given at most once.
pub(super) struct QueryFields(BTreeMap<String, String>);

impl QueryFields {
    /// Refuses parameters that a collection does not have.
    pub(super) fn only(&self, collection: &str, names: &[&str]) -> Result<(), Failure> {
        match self.0.keys().find(|name| !names.contains(&name.as_str())) {
            Some(name) => Err(Failure::filter(name, collection)),
            None => Ok(()),
        }
    }

    pub(super) fn find(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl FromRequestParts<Arc<World>> for QueryFields {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<World>) -> Result<Self, Failure> {
        let pairs = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            .map_err(|_| Failure::parameter("query", "The query cannot be read."))?;
        unique(pairs.0).map(Self)
    }
}

/// The fields of a form, each given at most once.
pub(super) struct FormFields(BTreeMap<String, String>);

impl FormFields {
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    /// Takes a field that must be there and not be empty.
    pub(super) fn require(&mut self, name: &str) -> Result<String, Failure> {
        let value = self.take(name).filter(|value| !value.is_empty());
        value.ok_or_else(|| Failure::parameter(name, format!("The field {name} is required.")))
    }

    /// Takes a field that can only have one value.
    pub(super) fn require_value(&mut self, name: &str, expected: &str) -> Result<(), Failure> {
        if self.require(name)? == expected {
            return Ok(());
        }
        Err(Failure::parameter(name, format!("The field {name} must be {expected}.")))
    }

    /// Refuses the fields that were not taken.
    pub(super) fn finish(self) -> Result<(), Failure> {
        match self.0.keys().next() {
            Some(name) => Err(Failure::parameter(name, format!("There is no field {name}."))),
            None => Ok(()),
        }
    }
}

impl FromRequest<Arc<World>> for FormFields {
    type Rejection = Failure;

    async fn from_request(request: Request, world: &Arc<World>) -> Result<Self, Failure> {
        expect_type(request.headers(), "application/x-www-form-urlencoded")?;
        let form = Form::<Vec<(String, String)>>::from_request(request, world).await;
        let form = form.map_err(|_| Failure::parameter("form", "The form cannot be read."))?;
        unique(form.0).map(Self)
    }
}

/// Refuses a name that is given twice: the description has no lists in a query, and
/// servers differ in the value that they take.
fn unique(pairs: Vec<(String, String)>) -> Result<BTreeMap<String, String>, Failure> {
    let mut fields = BTreeMap::new();
    for (name, value) in pairs {
        if fields.insert(name.clone(), value).is_some() {
            return Err(Failure::parameter(&name, format!("{name} was given more than once.")));
        }
    }
    Ok(fields)
}

/// A body in JSON.
pub(super) struct JsonBody<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Arc<World>> for JsonBody<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, world: &Arc<World>) -> Result<Self, Failure> {
        expect_type(request.headers(), "application/json")?;
        let body = Bytes::from_request(request, world).await;
        let body = body.map_err(|_| Failure::malformed("", "The body cannot be read."))?;
        serde_json::from_slice(&body).map(Self).map_err(|error| unreadable(&error))
    }
}

/// The failure of a body that cannot be read. The message of a JSON error can quote
/// the body, so only its position is used.
fn unreadable(error: &serde_json::Error) -> Failure {
    let (line, column) = (error.line(), error.column());
    let what = if error.is_data() {
        "The body is not the JSON object that is expected here"
    } else {
        "The body is not JSON"
    };
    Failure::malformed("", format!("{what} (line {line}, column {column})."))
}

/// Compares the media type without its parameters, such as a charset.
fn expect_type(headers: &HeaderMap, expected: &str) -> Result<(), Failure> {
    let sent = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = sent.split(';').next().unwrap_or_default().trim();
    if media_type.eq_ignore_ascii_case(expected) {
        return Ok(());
    }
    Err(Failure::unsupported_media_type(expected))
}
