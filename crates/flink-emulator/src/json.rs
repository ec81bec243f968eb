//! The bodies of responses: JSON, indented for people who read it in a terminal.
//!
//! White space between the parts of a JSON text has no meaning, so a client reads
//! the same as from the real service. This file knows no route.

use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// The media type of every JSON body.
pub(crate) const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/json");

/// A response with a JSON body.
#[derive(Debug)]
pub(crate) struct Json<T>(pub(crate) T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        ([(CONTENT_TYPE, MEDIA_TYPE)], indented(&self.0)).into_response()
    }
}

/// A value as indented JSON that ends with a new line.
pub(crate) fn indented(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("responses are maps with text keys") + "\n"
}
