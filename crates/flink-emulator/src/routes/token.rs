//! The two token services: `/oauth/token`, an identity provider such as a
//! customer runs (RFC 6749, client credentials), and `/sts/v1/oauth2/token`,
//! which exchanges its tokens for those of the control plane (`sts.v1`).

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};

use super::request::FormFields;
use crate::auth::secret::Secret;
use crate::auth::{Audience, Presented, unsigned_jwt};
use crate::clock::later;
use crate::error::Failure;
use crate::ids;
use crate::json::Json;
use crate::world::World;

const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// The life of a token of the identity provider, in seconds.
const LIFETIME: u32 = 3600;

/// The longest life of an exchanged token, in seconds, and the default.
const MAX_LIFETIME: u32 = 900;

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new().route("/oauth/token", post(grant)).route("/sts/v1/oauth2/token", post(exchange))
}

/// The errors of RFC 6749, which have a body of their own.
enum GrantError {
    InvalidClient,
    InvalidRequest(&'static str),
    UnsupportedGrantType,
    /// The body is not a form.
    Unreadable(Failure),
}

impl IntoResponse for GrantError {
    fn into_response(self) -> Response {
        let (status, error, description) = match self {
            Self::InvalidClient => {
                (StatusCode::UNAUTHORIZED, "invalid_client", "The client is not known.")
            }
            Self::InvalidRequest(what) => (StatusCode::BAD_REQUEST, "invalid_request", what),
            Self::UnsupportedGrantType => {
                let what = "Only client_credentials is supported.";
                (StatusCode::BAD_REQUEST, "unsupported_grant_type", what)
            }
            Self::Unreadable(failure) => return failure.into_response(),
        };
        let body = json!({ "error": error, "error_description": description });
        (status, Json(body)).into_response()
    }
}

/// The client credentials grant of RFC 6749, section 4.4. The client authenticates
/// by the header or by the form, as section 2.3.1 allows.
async fn grant(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    form: Result<FormFields, Failure>,
) -> Result<Json<Value>, GrantError> {
    let mut form = form.map_err(GrantError::Unreadable)?;
    match form.take("grant_type").as_deref() {
        Some("client_credentials") => {}
        Some(_) => return Err(GrantError::UnsupportedGrantType),
        None => return Err(GrantError::InvalidRequest("grant_type is required.")),
    }
    let (client, secret) = match Presented::in_headers(&headers) {
        Presented::Basic { key, secret } => (key, secret),
        _ => {
            let id = form.take("client_id").filter(|id| !id.is_empty());
            let secret = form.take("client_secret").filter(|secret| !secret.is_empty());
            id.zip(secret.map(Secret::new))
                .ok_or(GrantError::InvalidRequest("client_id and client_secret are required."))?
        }
    };
    if !world.access().admits_client(&client, &secret) {
        return Err(GrantError::InvalidClient);
    }
    let token = issue(&world, Audience::Gateway, &client, LIFETIME);
    Ok(Json(json!({ "access_token": token, "token_type": "Bearer", "expires_in": LIFETIME })))
}

/// The token exchange of RFC 8693, as far as `sts/v1` has it. Every field is
/// required but `expires_in`.
async fn exchange(
    State(world): State<Arc<World>>,
    mut form: FormFields,
) -> Result<Json<Value>, Failure> {
    form.require_value("grant_type", EXCHANGE)?;
    form.require_value("subject_token_type", JWT)?;
    form.require_value("requested_token_type", ACCESS_TOKEN)?;
    let pool = form.require("identity_pool_id")?;
    let subject = form.require("subject_token")?;
    let lifetime = match form.take("expires_in") {
        None => MAX_LIFETIME,
        Some(text) => match text.parse() {
            Ok(seconds @ 1..=MAX_LIFETIME) => seconds,
            _ => {
                let detail = format!("A token lives 1 to {MAX_LIFETIME} seconds.");
                return Err(Failure::parameter("expires_in", detail));
            }
        },
    };
    form.finish()?;
    if !world.access().is_live(&subject, Audience::Gateway, world.shared.clock.now()) {
        let detail = "The token was not issued by the identity provider, or has expired.";
        return Err(Failure::parameter("subject_token", detail));
    }
    let token = issue(&world, Audience::ControlPlane, &pool, lifetime);
    Ok(Json(json!({
        "access_token": token,
        "issued_token_type": ACCESS_TOKEN,
        "token_type": "Bearer",
        "expires_in": lifetime,
    })))
}

/// Creates a token and makes it valid for a number of seconds.
fn issue(world: &World, audience: Audience, subject: &str, lifetime: u32) -> String {
    let expires = later(world.shared.clock.now(), Duration::from_secs(lifetime.into()));
    let issuer = match audience {
        Audience::Gateway => "identity-provider",
        Audience::ControlPlane => "security-token-service",
    };
    let token = unsigned_jwt(issuer, subject, &ids::uuid().to_string(), expires);
    world.access().issue(token.clone(), audience, expires);
    token
}
