//! The exchange of bytes: the only module that names the HTTP library.
//!
//! Sends one request to one address and returns one response. Does not follow redirects,
//! retry, or know about credentials.

mod body;
mod causes;
mod connect;
mod proxy;
#[cfg(test)]
pub(crate) mod script;
mod tls;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, Method};
use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

pub(crate) use self::body::{Extent, MOST as LONGEST_BODY, json};
use self::causes::chain;
pub(crate) use self::connect::ConnectError;
use self::connect::Route;
use crate::error::{Error, Result};
use crate::secret::Secret;

/// The most headers that a response over HTTP/1 may have. Their size is bounded by the
/// HTTP library, to somewhat more than 400 KB.
const MOST_HEADERS: usize = 100;

/// The size that the headers of a response over HTTP/2 may have, in bytes, 32 added for
/// each as RFC 9113 has it.
const LARGEST_HEAD: u32 = 64 << 10;

/// The HTTP library's messages about a larger head: over HTTP/1, and over HTTP/2, where that
/// depends on how much larger it is, and may be said of other mistakes.
const TOO_LARGE: &str = "message head is too large";
const MISTAKEN: [&str; 3] = [
    "stream error detected: unspecific protocol error",
    "connection error detected: unable to maintain the header compression context",
    "too_many_continuations",
];

/// Its message about a response over HTTP/1 that does not begin like one, such as the
/// alert of a server that expected TLS.
const NOT_HTTP: &str = "invalid HTTP version parsed";

/// The advice for a response that the API does not send.
pub(crate) const CHECK_PROXIES: &str = "check the REST endpoint and the proxies on the way";

/// The time that an unused connection is kept. Load balancers commonly drop one after a
/// minute, and a request on a dropped connection gets no response.
const IDLE: Duration = Duration::from_secs(50);

/// The time for DNS, TCP and TLS together.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A request to one address, with all its headers.
pub(crate) struct HttpRequest {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Vec<u8>>,
}

/// A response, or as much of it as came. The body may be a token, so `Debug` leaves it
/// out.
#[derive(Clone)]
pub(crate) struct HttpResponse {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    pub(crate) extent: Extent,
}

/// The reason why no response came.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// The stage that the request reached.
    pub(crate) stage: Stage,
    /// The reason, without addresses.
    pub(crate) reason: String,
}

/// The stage that a request without a response reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// There was no connection, so the server has not seen it.
    Unconnected(ConnectError),
    /// The server may have seen it.
    Sent,
    /// It was sent without TLS, and the response is not HTTP.
    NotHttp,
}

/// A future that a [`Transport`] returns.
pub(crate) type Exchange<'a> =
    Pin<Box<dyn Future<Output = Result<HttpResponse, Failure>> + Send + 'a>>;

/// Sends requests: over the network, or in tests to a script.
pub(crate) trait Transport: Send + Sync {
    /// Sends one request and receives its response. Dropping the future abandons it.
    fn exchange(&self, request: HttpRequest) -> Exchange<'_>;

    /// Secrets sent to proxies; redacted from error text.
    fn secrets(&self) -> &[Secret] {
        &[]
    }
}

/// Requests over TCP and TLS, with one pool of connections.
pub(crate) struct Http {
    client: reqwest::Client,
    /// Finds the proxy of a request as the HTTP library does.
    proxies: Option<Matcher>,
    secrets: Vec<Secret>,
}

impl Http {
    /// Trusts the certificates of `ca_bundle` as well as those of the platform. With `proxy`,
    /// the environment may name a proxy.
    pub(crate) fn new(user_agent: &str, ca_bundle: Option<&[u8]>, proxy: bool) -> Result<Self> {
        let user_agent = HeaderValue::from_str(user_agent)
            .map_err(|_| Error::invalid("the user agent holds characters a header cannot"))?;
        let mut builder = reqwest::Client::builder();
        let mut secrets = Vec::new();
        let mut proxies = None;
        if proxy {
            proxy::check_environment()?;
            secrets = proxy::secrets();
            proxies = Some(Matcher::from_system());
        } else {
            builder = builder.no_proxy();
        }
        builder
            .tls_backend_preconfigured(tls::config(ca_bundle)?)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(user_agent)
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_idle_timeout(IDLE)
            .tcp_nodelay(true)
            .http1_max_headers(MOST_HEADERS)
            .http2_max_header_list_size(LARGEST_HEAD)
            .build()
            .map(|client| Self { client, proxies, secrets })
            .map_err(|error| {
                Error::invalid(format!("no HTTP client can be made: {}", chain(&error)))
            })
    }

    fn route(&self, url: &Url) -> Route {
        let intercepted = |proxies: &Matcher| {
            let uri = url.as_str().parse();
            uri.is_ok_and(|uri| proxies.intercept(&uri).is_some())
        };
        Route {
            tls: url.scheme() == "https",
            proxied: self.proxies.as_ref().is_some_and(intercepted),
        }
    }
}

impl Transport for Http {
    fn exchange(&self, request: HttpRequest) -> Exchange<'_> {
        Box::pin(async move {
            let url = request.url.clone();
            let mut builder =
                self.client.request(request.method, request.url).headers(request.headers);
            if let Some(body) = request.body {
                builder = builder.body(body);
            }
            let response = builder.send().await;
            let mut response = response.map_err(|error| failure(error, self.route(&url)))?;
            let status = response.status().as_u16();
            let headers = std::mem::take(response.headers_mut());
            let (body, extent) = body::read(&mut response, status).await;
            Ok(HttpResponse { status, headers, body, extent })
        })
    }

    fn secrets(&self) -> &[Secret] {
        &self.secrets
    }
}

fn failure(error: reqwest::Error, route: Route) -> Failure {
    // Resolving, connecting and the TLS handshake come before the request.
    if error.is_connect() || error.is_builder() {
        let stage = Stage::Unconnected(ConnectError::of(&error, route));
        return Failure { stage, reason: chain(&error.without_url()) };
    }
    let reason = chain(&error.without_url());
    let stage = match route {
        Route { tls: false, proxied: false } if reason.contains(NOT_HTTP) => Stage::NotHttp,
        _ => Stage::Sent,
    };
    Failure { stage, reason: with_limit(reason) }
}

/// Adds the limit to a reason if one may have been exceeded.
fn with_limit(reason: String) -> String {
    let (what, most) = if reason.contains(TOO_LARGE) {
        ("has", format!("{MOST_HEADERS}, or 400 KB"))
    } else if MISTAKEN.iter().any(|said| reason.contains(said)) {
        ("breaks HTTP/2, or has", format!("{} KB", LARGEST_HEAD >> 10))
    } else {
        return reason;
    };
    format!(
        "its answer {what} more headers than this client reads, which is {most}; {CHECK_PROXIES}"
    )
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, extent, .. } = self;
        let mut shown = f.debug_struct("HttpResponse");
        shown.field("status", status).field("extent", extent).finish_non_exhaustive()
    }
}
