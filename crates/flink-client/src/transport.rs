//! The way bytes travel: the only module that names the HTTP library.
//!
//! Carries one request to one address and brings back one answer. Does not follow
//! redirects, retry, or know about credentials.

mod body;
mod proxy;
#[cfg(test)]
pub(crate) mod script;
mod tls;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, Method};
use url::Url;

pub(crate) use self::body::{MOST as LONGEST_ANSWER, json};
use crate::error::{Error, Result};
use crate::secret::Secret;

/// The most headers that an answer over HTTP/1 may have. Their size is bounded by the
/// HTTP library, to somewhat more than 400 KB.
const MOST_HEADERS: usize = 100;

/// The size that the headers of an answer over HTTP/2 may have, in bytes, 32 added for
/// each as RFC 9113 has it.
const LARGEST_HEAD: u32 = 64 << 10;

/// What the HTTP library says of a larger head: over HTTP/1, and over HTTP/2, where that
/// depends on how much larger it is, and may be said of other mistakes.
const TOO_LARGE: &str = "message head is too large";
const MISTAKEN: [&str; 3] = [
    "stream error detected: unspecific protocol error",
    "connection error detected: unable to maintain the header compression context",
    "too_many_continuations",
];

/// What to do about an answer beyond any limit, which the API does not give.
pub(crate) const WHO_SPEAKS: &str = "check the REST endpoint and the proxies on the way";

/// How long an unused connection is kept. Load balancers commonly drop one after a
/// minute, and a request on a dropped connection is a request lost.
const IDLE: Duration = Duration::from_secs(50);

/// A request in the form it travels in.
pub(crate) struct Outgoing {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Vec<u8>>,
}

/// An answer, or as much of it as came. It may be a token, so `Debug` leaves it out.
#[derive(Clone)]
pub(crate) struct Incoming {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    pub(crate) extent: Extent,
}

/// How much of a body came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All of it.
    Whole,
    /// The rest was left unread, because there was more than is ever looked at.
    TooLong,
    /// The connection ended early, for this reason.
    Cut(String),
}

/// Why no answer came.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// How far the request came.
    pub(crate) stage: Stage,
    /// The reason, without addresses.
    pub(crate) reason: String,
}

/// How far a request came that was not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// There was no connection, so the server has not seen it.
    Unconnected,
    /// The server's certificate was not believed, and will not be the next time.
    Distrusted,
    /// The server may have seen it.
    Sent,
}

/// A future that a [`Transport`] returns.
pub(crate) type Carried<'a> = Pin<Box<dyn Future<Output = Result<Incoming, Failure>> + Send + 'a>>;

/// Anything that carries requests.
pub(crate) trait Transport: Send + Sync {
    /// Carries one request. Dropping the future abandons it.
    fn carry(&self, request: Outgoing) -> Carried<'_>;

    /// What those on the way are told in confidence.
    fn secrets(&self) -> &[Secret] {
        &[]
    }
}

/// Settings of [`Http`].
#[derive(Clone)]
pub(crate) struct HttpOptions {
    pub(crate) user_agent: String,
    pub(crate) ca_bundle_pem: Option<Vec<u8>>,
    pub(crate) connect_timeout: Duration,
    /// Whether the environment may name a proxy.
    pub(crate) proxy: bool,
}

/// Requests over TCP and TLS, with one pool of connections.
pub(crate) struct Http {
    client: reqwest::Client,
    secrets: Vec<Secret>,
}

impl Http {
    pub(crate) fn new(options: &HttpOptions) -> Result<Self> {
        let user_agent = HeaderValue::from_str(&options.user_agent)
            .map_err(|_| Error::invalid("the user agent holds characters a header cannot"))?;
        let mut builder = reqwest::Client::builder();
        let mut secrets = Vec::new();
        if options.proxy {
            proxy::check_environment()?;
            secrets = proxy::secrets();
        } else {
            builder = builder.no_proxy();
        }
        builder
            .tls_backend_preconfigured(tls::config(options.ca_bundle_pem.as_deref())?)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(user_agent)
            .connect_timeout(options.connect_timeout)
            .pool_idle_timeout(IDLE)
            .tcp_nodelay(true)
            .http1_max_headers(MOST_HEADERS)
            .http2_max_header_list_size(LARGEST_HEAD)
            .build()
            .map(|client| Self { client, secrets })
            .map_err(|error| {
                Error::invalid(format!("no HTTP client can be made: {}", chain(&error)))
            })
    }
}

impl Transport for Http {
    fn carry(&self, request: Outgoing) -> Carried<'_> {
        Box::pin(async move {
            let mut builder =
                self.client.request(request.method, request.url).headers(request.headers);
            if let Some(body) = request.body {
                builder = builder.body(body);
            }
            let mut response = builder.send().await.map_err(failure)?;
            let status = response.status().as_u16();
            let headers = std::mem::take(response.headers_mut());
            let (body, extent) = body::read(&mut response, status).await;
            Ok(Incoming { status, headers, body, extent })
        })
    }

    fn secrets(&self) -> &[Secret] {
        &self.secrets
    }
}

fn failure(error: reqwest::Error) -> Failure {
    let stage = if tls::is_distrust(&error) {
        Stage::Distrusted
    } else if error.is_connect() || error.is_builder() {
        // Resolving, connecting and the TLS handshake come before the request.
        Stage::Unconnected
    } else {
        Stage::Sent
    };
    Failure { stage, reason: with_limit(chain(&error.without_url())) }
}

/// A reason that names the limit, where one may have been exceeded.
fn with_limit(reason: String) -> String {
    let (what, most) = if reason.contains(TOO_LARGE) {
        ("has", format!("{MOST_HEADERS}, or 400 KB"))
    } else if MISTAKEN.iter().any(|said| reason.contains(said)) {
        ("breaks HTTP/2, or has", format!("{} KB", LARGEST_HEAD >> 10))
    } else {
        return reason;
    };
    format!("its answer {what} more headers than this client reads, which is {most}; {WHO_SPEAKS}")
}

/// The messages of an error and all that caused it, each said once.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let message = cause.to_string();
        if !text.contains(&message) {
            text.push_str(": ");
            text.push_str(&message);
        }
        next = cause.source();
    }
    text
}

impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, extent, .. } = self;
        let mut shown = f.debug_struct("Incoming");
        shown.field("status", status).field("extent", extent).finish_non_exhaustive()
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Http")
    }
}
