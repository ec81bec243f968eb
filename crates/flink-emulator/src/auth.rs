//! Authentication: API keys, and the tokens of the two token services.
//!
//! Follows the security schemes of the descriptions: the gateway takes Basic
//! with a key of its region or a global one, or a token of the identity
//! provider together with an identity pool; the control plane takes Basic or a
//! token of the security token service. A refusal gives no reason. This file knows
//! no route.

pub(crate) mod secret;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::str::FromStr;

use axum::http::header::{AUTHORIZATION, HeaderMap};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde_json::json;

use crate::auth::secret::Secret;

/// The header that names the identity pool a token is used for.
pub(crate) const IDENTITY_POOL: &str = "confluent-identity-pool-id";

/// The part of the service that takes a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Issued by the identity provider; the token service takes these too.
    Gateway,
    /// Issued by the security token service.
    ControlPlane,
}

/// The credentials of one request.
#[derive(Debug)]
pub(crate) enum Presented {
    Nothing,
    Basic { key: String, secret: Secret },
    Bearer(Secret),
    Other(String),
}

impl Presented {
    /// Reads the header `Authorization`.
    pub(crate) fn in_headers(headers: &HeaderMap) -> Self {
        let Some(value) = headers.get(AUTHORIZATION) else { return Self::Nothing };
        let text = value.to_str().unwrap_or_default();
        let (scheme, rest) = text.split_once(' ').unwrap_or_default();
        if scheme.eq_ignore_ascii_case("bearer") && !rest.is_empty() {
            return Self::Bearer(Secret::new(rest));
        }
        if scheme.eq_ignore_ascii_case("basic")
            && let Some((key, secret)) = decode_basic(rest)
        {
            return Self::Basic { key, secret };
        }
        // A value without a scheme may itself be a secret.
        Self::Other(if scheme.is_empty() { "unreadable".to_owned() } else { scheme.to_owned() })
    }
}

/// Key and secret of RFC 7617. The secret may hold colons; neither may be empty.
fn decode_basic(encoded: &str) -> Option<(String, Secret)> {
    let decoded = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (key, secret) = decoded.split_once(':')?;
    let complete = !key.is_empty() && !secret.is_empty();
    complete.then(|| (key.to_owned(), Secret::new(secret)))
}

/// The credentials that the server accepts at the moment.
#[derive(Debug, Default)]
pub(crate) struct Access {
    /// The only valid API keys; with none here every key is valid.
    keys: BTreeMap<String, Secret>,
    /// The only client of the identity provider; `None` admits any.
    client: Option<ApiKey>,
    tokens: HashMap<String, Grant>,
}

#[derive(Debug)]
struct Grant {
    audience: Audience,
    expires: Timestamp,
}

impl Access {
    /// Accepts only these API keys; with none, accepts any.
    pub(crate) fn require(&mut self, keys: impl IntoIterator<Item = ApiKey>) {
        self.keys = keys.into_iter().map(|key| (key.id, key.secret)).collect();
    }

    /// The ids of the required keys.
    pub(crate) fn required(&self) -> Vec<String> {
        self.keys.keys().cloned().collect()
    }

    /// Sets the one client of the identity provider, or accepts any.
    pub(crate) fn set_client(&mut self, client: Option<ApiKey>) {
        self.client = client;
    }

    pub(crate) fn admits_client(&self, id: &str, secret: &Secret) -> bool {
        self.client.as_ref().is_none_or(|known| known.id == id && known.secret == *secret)
    }

    /// Makes a token valid until a time.
    pub(crate) fn issue(&mut self, token: String, audience: Audience, expires: Timestamp) {
        self.tokens.insert(token, Grant { audience, expires });
    }

    /// Returns true for a token that was issued for the audience and has not expired.
    pub(crate) fn is_live(&self, token: &str, audience: Audience, now: Timestamp) -> bool {
        let grant = self.tokens.get(token);
        grant.is_some_and(|grant| grant.audience == audience && now < grant.expires)
    }

    pub(crate) fn revoke_tokens(&mut self) {
        self.tokens.clear();
    }

    /// Returns true if the headers hold credentials that a part of the service takes.
    pub(crate) fn admits(&self, headers: &HeaderMap, audience: Audience, now: Timestamp) -> bool {
        match Presented::in_headers(headers) {
            Presented::Basic { key, secret } => self.admits_key(&key, &secret),
            Presented::Bearer(token) => {
                let pool = headers.get(IDENTITY_POOL).is_some_and(|pool| !pool.is_empty());
                self.is_live(token.expose(), audience, now)
                    && (pool || audience == Audience::ControlPlane)
            }
            Presented::Nothing | Presented::Other(_) => false,
        }
    }

    fn admits_key(&self, id: &str, secret: &Secret) -> bool {
        self.keys.is_empty() || self.keys.get(id) == Some(secret)
    }
}

/// A token in the form of a JSON Web Token, without a signature that can be checked.
pub(crate) fn unsigned_jwt(issuer: &str, subject: &str, id: &str, expires: Timestamp) -> String {
    let part = |claims: serde_json::Value| BASE64_URL_SAFE_NO_PAD.encode(claims.to_string());
    let header = part(json!({ "alg": "none", "typ": "JWT" }));
    let exp = expires.as_second();
    let claims = part(json!({ "iss": issuer, "sub": subject, "jti": id, "exp": exp }));
    let signature = BASE64_URL_SAFE_NO_PAD.encode(id);
    format!("{header}.{claims}.{signature}")
}

/// An API key, or the client of an identity provider: an id and its secret.
#[derive(Clone, Debug)]
pub struct ApiKey {
    pub(crate) id: String,
    pub(crate) secret: Secret,
}

impl ApiKey {
    /// A key from its two parts.
    pub fn new(id: impl Into<String>, secret: impl Into<String>) -> Self {
        Self { id: id.into(), secret: Secret::new(secret) }
    }
}

impl FromStr for ApiKey {
    type Err = MalformedKey;

    fn from_str(text: &str) -> Result<Self, MalformedKey> {
        match text.split_once(':') {
            Some((id, secret)) if !id.is_empty() && !secret.is_empty() => Ok(Self::new(id, secret)),
            _ => Err(MalformedKey),
        }
    }
}

/// The error of an API key that is not written as `KEY:SECRET`. It does not repeat
/// the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MalformedKey;

impl fmt::Display for MalformedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an API key is written as KEY:SECRET, with both parts present")
    }
}

impl std::error::Error for MalformedKey {}

#[cfg(test)]
mod tests {
    use super::*;

    fn presented(value: &str) -> Presented {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, value.parse().unwrap());
        Presented::in_headers(&headers)
    }

    #[test]
    fn takes_no_bare_value_for_a_scheme() {
        assert!(matches!(presented("s3cret"), Presented::Other(scheme) if scheme == "unreadable"));
    }

    #[test]
    fn shows_no_secret_in_debug_output() {
        let mut access = Access::default();
        access.require([ApiKey::new("K", "s3cret")]);
        access.set_client(Some(ApiKey::new("C", "s3cret")));
        assert!(!format!("{access:?} {:?}", presented("Bearer s3cret")).contains("s3cret"));
        assert!(!"s3cret".parse::<ApiKey>().unwrap_err().to_string().contains("s3cret"));
    }
}
