//! One attempt to send a request: its headers, its errors, and what they may show.
//!
//! Every text of a server passes [`Attempt::shown`] before it becomes part of an error.

use http::HeaderMap;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderValue};
use url::Url;

use super::authorization::Authorization;
use crate::error::{Details, Error, Kind, one_line, readable};
use crate::request::Request;
use crate::retry::Outcome;
use crate::secret::{Redactor, Secret};
use crate::transport::{HttpRequest, HttpResponse};
use crate::types::CallOptions;

/// One attempt and what belongs to it.
pub(super) struct Attempt<'a> {
    pub(super) request: &'a Request,
    pub(super) auth: &'a Authorization,
    pub(super) options: &'a CallOptions,
    /// Secrets sent to proxies; redacted from error text.
    pub(super) transport_secrets: &'a [Secret],
    /// The first is 1.
    pub(super) number: u32,
}

/// An attempt that failed.
pub(super) struct Failed {
    pub(super) error: Error,
    /// The outcome for the retry policy, or `None` where another attempt is useless.
    pub(super) outcome: Option<Outcome>,
}

impl Attempt<'_> {
    /// The request to one address, with the headers that prove identity.
    pub(super) fn http_request(&self, url: &Url) -> HttpRequest {
        let mut headers: HeaderMap = self.auth.headers.clone();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        if let Some(body) = &self.request.body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(body.content_type));
        }
        HttpRequest {
            method: self.request.method.clone(),
            url: url.clone(),
            headers,
            body: self.request.body.as_ref().map(|body| body.bytes.clone()),
        }
    }

    /// An error of this call.
    pub(super) fn error(&self, kind: Kind, summary: impl Into<String>) -> Error {
        Error::new(kind, summary).of_call(self.request.verb(), self.request.url.path())
    }

    /// A server's text without the secrets of this call, as one bounded line.
    pub(super) fn shown(&self, text: &str) -> String {
        let redactor = Redactor::new(self.secrets());
        // Joining lines can complete a secret that was broken over two.
        readable(&redactor.clean(&one_line(&redactor.clean(text))))
    }

    /// All secrets that this call sent, to the server or to a proxy.
    fn secrets(&self) -> impl Iterator<Item = &str> {
        let sent = self.request.secrets.iter().chain(&self.auth.secrets);
        sent.chain(self.transport_secrets).map(Secret::expose)
    }

    /// The server's id of the request, for Confluent's support.
    pub(super) fn request_id(&self, response: &HttpResponse) -> Option<String> {
        let id = response.header("x-request-id")?;
        // Every response has one, and nearly all need no redaction.
        let plain = id.len() <= 64
            && id.bytes().all(|byte| byte.is_ascii_graphic())
            && !self.secrets().any(|secret| id.contains(secret));
        Some(if plain { id.to_owned() } else { self.shown(id) })
    }

    /// The facts of a failure that any response shows.
    pub(super) fn details(&self, response: &HttpResponse) -> Details {
        let request_id = self.request_id(response);
        Details { status: Some(response.status), request_id, ..Details::default() }
    }

    /// The failure of a redirect that is not followed.
    pub(super) fn misdirected(&self, response: &HttpResponse, why: &str) -> Failed {
        Failed {
            error: self.error(Kind::Redirect, self.shown(why)).with_details(self.details(response)),
            outcome: None,
        }
    }
}
