//! Requests as plain data, made and tested without a socket.
//!
//! A request says what is asked of which server and whether it may be repeated. It knows
//! neither the credentials nor the HTTP library.

use std::fmt;

use http::Method;
use serde::Serialize;
use url::{Position, Url, form_urlencoded};

use crate::error::{Error, Result};
use crate::secret::Secret;

/// The server of a request, which decides the credentials that it carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// The Flink gateway of a region.
    Gateway,
    /// Confluent Cloud's control plane.
    ControlPlane,
    /// A token endpoint, whose form carries what it needs.
    TokenEndpoint,
}

/// The rule for sending a request again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// The request is idempotent and may be sent again.
    Freely,
    /// It is not, so it is only sent again when the server provably did nothing.
    OnlyIfUnprocessed,
}

/// One request.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) audience: Audience,
    pub(crate) repeat: Repeat,
    pub(crate) body: Option<Body>,
    /// Secrets in the body; redacted from whatever the server says.
    pub(crate) secrets: Vec<Secret>,
}

/// The body of a request; its `Debug` form shows the length only.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Body {
    pub(crate) content_type: &'static str,
    pub(crate) bytes: Vec<u8>,
}

impl Request {
    /// A request without a body. All methods but POST may be repeated.
    pub(crate) fn new(method: Method, audience: Audience, url: Url) -> Self {
        let is_post = method == Method::POST;
        let repeat = if is_post { Repeat::OnlyIfUnprocessed } else { Repeat::Freely };
        Self { method, url, audience, repeat, body: None, secrets: Vec::new() }
    }

    /// Sends `value` as JSON.
    pub(crate) fn json(mut self, value: &impl Serialize) -> Result<Self> {
        let bytes = serde_json::to_vec(value)
            .map_err(|_| Error::invalid("a request body cannot be written as JSON"))?;
        self.body = Some(Body { content_type: "application/json", bytes });
        Ok(self)
    }

    /// Sends `fields` as a form.
    pub(crate) fn form<'a>(mut self, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let text = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.body = Some(Body {
            content_type: "application/x-www-form-urlencoded",
            bytes: text.into_bytes(),
        });
        self
    }

    /// Adds secrets that no message may show.
    pub(crate) fn hiding(mut self, secrets: impl IntoIterator<Item = Secret>) -> Self {
        self.secrets.extend(secrets);
        self
    }

    /// Overrides the rule for repeating that follows from the method.
    pub(crate) fn repeated(mut self, repeat: Repeat) -> Self {
        self.repeat = repeat;
        self
    }

    /// Adds a parameter to the query.
    pub(crate) fn query(mut self, name: &str, value: &str) -> Self {
        self.url.query_pairs_mut().append_pair(name, value);
        self
    }

    /// The method as messages show it.
    pub(crate) fn verb(&self) -> &'static str {
        match self.method {
            Method::GET => "GET",
            Method::PUT => "PUT",
            Method::DELETE => "DELETE",
            _ => "POST",
        }
    }

    /// The host it goes to, with the port where that is not the usual one.
    pub(crate) fn host(&self) -> &str {
        &self.url[Position::BeforeHost..Position::AfterPort]
    }

    /// Returns true if the request changes nothing on the server.
    pub(crate) fn only_reads(&self) -> bool {
        self.method == Method::GET || self.audience == Audience::TokenEndpoint
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.verb(), self.url.path())
    }
}
