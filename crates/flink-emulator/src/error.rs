//! The error responses of the API.
//!
//! Follows the schemas `Failure` and `Error` of the gateway's description: a
//! list of errors with id, status, code, title, detail and source. A handler
//! returns a [`Failure`]; its body needs the request id, which the server adds at
//! the end (`finish`). No value that a client sent as a credential may enter a
//! detail.

use axum::http::header::{CONTENT_TYPE, LOCATION, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::json;
use crate::place::InvalidPlace;

/// The challenge of every 401. It does not depend on the fault in the credentials.
const INVALID_KEY: &str =
    r#"Basic error="invalid_key", error_description="The API Key is invalid""#;

/// An error response without its request id.
///
/// Boxed, because it is the error of nearly every result.
#[derive(Clone, Debug)]
pub(crate) struct Failure(Box<Problem>);

#[derive(Clone, Debug)]
struct Problem {
    status: StatusCode,
    code: Option<&'static str>,
    title: &'static str,
    detail: String,
    /// The kind of the source, `pointer` or `parameter`, and the source.
    source: Option<(&'static str, String)>,
    location: Option<String>,
}

impl Failure {
    /// 400: the body does not have the form of the description.
    pub(crate) fn malformed(pointer: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Bad Request", detail)
            .code("invalid_request")
            .pointer(pointer)
    }

    /// 400: a parameter of the path, the query or a form is wrong.
    pub(crate) fn parameter(name: &str, detail: impl Into<String>) -> Self {
        let mut failure = Self::new(StatusCode::BAD_REQUEST, "Invalid Parameter", detail)
            .code("invalid_parameter");
        failure.0.source = Some(("parameter", name.to_owned()));
        failure
    }

    /// 400: the collection cannot be filtered by this.
    pub(crate) fn filter(name: &str, collection: &str) -> Self {
        let detail = format!("The '{collection}' resource can't be filtered by '{name}'");
        let mut failure = Self::parameter(name, detail).code("invalid_filter");
        failure.0.title = "Invalid Filter";
        failure
    }

    /// 401, with the same text for every reason.
    pub(crate) fn unauthenticated() -> Self {
        let detail = "Valid authentication credentials must be provided";
        Self::new(StatusCode::UNAUTHORIZED, "Authentication Required", detail)
            .code("user_unauthenticated")
    }

    /// 404, which in the description carries no code.
    pub(crate) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not Found", detail)
    }

    /// 405, for a path of the server with another method.
    pub(crate) fn method_not_allowed() -> Self {
        let detail = "This path does not take this method.";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed", detail)
    }

    /// 409: the name is taken.
    pub(crate) fn already_exists(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "Resource Already exists", detail)
            .code("resource_already_exists")
    }

    /// Adds the address of the existing object to a 409.
    pub(crate) fn located_at(mut self, url: String) -> Self {
        self.0.location = Some(url);
        self
    }

    /// 409: the object has changed since the client read it.
    pub(crate) fn stale(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "Conflict", detail)
            .code("resource_version_conflict")
            .pointer("/metadata/resource_version")
    }

    /// 413, with the bound in bytes.
    pub(crate) fn too_large(limit: usize) -> Self {
        let detail = format!("The body could not be read or is longer than {limit} bytes.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "Payload Too Large", detail)
    }

    /// 415, with the media type that the path takes.
    pub(crate) fn unsupported_media_type(expected: &str) -> Self {
        let detail = format!("The Content-Type of this request must be {expected}.");
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Unsupported Media Type", detail)
    }

    /// 422: the body can be read, and a field breaks a rule.
    pub(crate) fn invalid(pointer: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "Validation Failed", detail)
            .code("invalid_configuration")
            .pointer(pointer)
    }

    /// The error that the description has for a status: none for a success, and
    /// none for a 429.
    pub(crate) fn of_status(status: StatusCode) -> Option<Self> {
        let detail = "A fault of the emulator fails this request.";
        match status {
            StatusCode::UNAUTHORIZED => Some(Self::unauthenticated()),
            StatusCode::FORBIDDEN => {
                let detail = "The credentials do not allow this.";
                let failure = Self::new(status, "User Access Unauthorized", detail);
                Some(failure.code("user_unauthorized"))
            }
            StatusCode::INTERNAL_SERVER_ERROR => Some(Self::internal(detail)),
            StatusCode::TOO_MANY_REQUESTS => None,
            other if other.as_u16() < 400 => None,
            other => Some(Self::new(other, other.canonical_reason().unwrap_or("Error"), detail)),
        }
    }

    /// 500, for a state file that cannot be written and for defects of the emulator.
    pub(crate) fn internal(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error", detail)
            .code("internal_error")
    }

    /// A failure without a code, a source and a location.
    fn new(status: StatusCode, title: &'static str, detail: impl Into<String>) -> Self {
        Self(Box::new(Problem {
            status,
            code: None,
            title,
            detail: detail.into(),
            source: None,
            location: None,
        }))
    }

    fn code(mut self, code: &'static str) -> Self {
        self.0.code = Some(code);
        self
    }

    fn pointer(mut self, pointer: &str) -> Self {
        self.0.source = Some(("pointer", pointer.to_owned()));
        self
    }

    /// The error as JSON; absent fields are left out.
    fn body(&self, request_id: &str) -> Value {
        let problem = &self.0;
        let mut error = json!({
            "id": request_id,
            "status": problem.status.as_str(),
            "title": problem.title,
            "detail": problem.detail,
        });
        if let Some(code) = problem.code {
            error["code"] = code.into();
        }
        if let Some((kind, source)) = &problem.source {
            error["source"] = json!({ *kind: source });
        }
        json!({ "errors": [error] })
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        if self.0.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(INVALID_KEY));
        }
        let location = self.0.location.as_deref().and_then(|url| HeaderValue::try_from(url).ok());
        if let Some(location) = location {
            response.headers_mut().insert(LOCATION, location);
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// An id of the wrong form is a 400 that names its parameter. Cloud and region come
/// from the host, where a wrong one leads nowhere, so it is a 404.
impl From<InvalidPlace> for Failure {
    fn from(invalid: InvalidPlace) -> Self {
        match invalid {
            InvalidPlace::Organization => {
                Self::parameter("organization_id", "An organization is named by a UUID.")
            }
            InvalidPlace::Environment => {
                let detail = "An environment is named by an id of the form env-….";
                Self::parameter("environment_id", detail)
            }
            InvalidPlace::Region => Self::not_found("There is no such cloud region."),
        }
    }
}

/// Completes a response: the request id, and the body of a failure.
pub(crate) fn finish(mut response: Response, request_id: &str) -> Response {
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        *response.body_mut() = json::indented(&failure.body(request_id)).into();
        response.headers_mut().insert(CONTENT_TYPE, json::MEDIA_TYPE);
    }
    if let Ok(id) = HeaderValue::try_from(request_id) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}
