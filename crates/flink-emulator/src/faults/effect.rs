//! The effects of faults, as data: the same in a test, in the control API and on
//! the command line. The server applies them.

use std::collections::BTreeMap;
use std::fmt;

use axum::http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use axum::http::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};

/// An effect on a request. Effects on a body do not apply to a response whose status
/// allows no body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Effect {
    /// A delay. The rules that follow are still tried, and delays add up.
    Delay {
        /// The length of the delay.
        milliseconds: u64,
        /// Before the request is handled, even if the client closes the connection
        /// meanwhile; or, by default, between handling and response.
        #[serde(default = "after")]
        when: When,
    },
    /// The connection is closed without a response.
    Drop(When),
    /// This response is sent in place of the real one.
    Answer(Answer),
    /// The response ends in the middle of its body.
    Cut {
        /// True to send a chunk and no end of the chunks; false to send a
        /// `Content-Length` that is longer than the body.
        #[serde(default)]
        chunked: bool,
    },
    /// The body is sent in pieces.
    Drip {
        /// The length of a piece.
        bytes: usize,
        /// The pause between two pieces.
        milliseconds: u64,
    },
    /// The body is compressed, and no header says so.
    Gzip,
    /// A third party writes the object of the path just before the request is
    /// handled, so that the version the client knows is out of date.
    Stale,
    /// A 429 for each request beyond those that a window of time allows. For a
    /// request that is allowed, the rules that follow are tried.
    RateLimit(RateLimit),
}

/// Before or after a request is handled. There is no third time, so the enum is
/// closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// The request is not handled, or not yet.
    Before,
    /// The request is handled.
    After,
}

fn before() -> When {
    When::Before
}

fn after() -> When {
    When::After
}

/// A response in place of the real one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use]
pub struct Answer {
    pub(crate) status: u16,
    /// Without handling the request, or after it.
    #[serde(default = "before")]
    pub(crate) when: When,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
    /// None: the body that the API has for the status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<String>,
}

impl Answer {
    /// A status with the API's own body. The request is not handled.
    pub fn status(status: u16) -> Self {
        Self { status, when: When::Before, headers: BTreeMap::new(), body: None }
    }

    /// An HTML page, as a proxy sends it.
    pub fn page(status: u16) -> Self {
        let page =
            format!("<html><head><title>{status}</title></head><body>{status}</body></html>");
        Self::status(status).header("Content-Type", "text/html").body(page)
    }

    /// The same response, sent after the request is handled.
    pub fn after_the_work(mut self) -> Self {
        self.when = When::After;
        self
    }

    /// The response with a further header.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.insert(name.into(), value.into());
        self
    }

    /// The response with another body, which is plain text unless a header names
    /// a type.
    pub fn body(mut self, body: impl Into<String>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// The headers that can be sent, which are all of them after the check.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
        self.headers.iter().filter_map(|(name, value)| header(name, value))
    }

    fn check(&self) -> Result<(), InvalidFault> {
        // A 1xx is never the last response to a request.
        if !(200..=599).contains(&self.status) {
            let rule = "an answer has a status from 200 to 599";
            return Err(InvalidFault::new("/fault/answer/status", rule));
        }
        for (name, value) in &self.headers {
            let wrong = match header(name, value) {
                None => "is no header that can be sent",
                Some((CONTENT_LENGTH | TRANSFER_ENCODING, _)) => {
                    "follows from the body; the fault `cut` sends a wrong length"
                }
                Some(_) => continue,
            };
            let detail = format!("the header `{name}` {wrong}");
            return Err(InvalidFault::new("/fault/answer/headers", detail));
        }
        Ok(())
    }
}

fn header(name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
    Some((name.parse().ok()?, value.parse().ok()?))
}

/// A number of requests in each window of time, by the emulator's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// The number of requests that a window allows.
    pub requests: u32,
    /// The length of a window; the first request after one opens the next.
    pub milliseconds: u64,
    /// The headers that announce it; by default all of them.
    #[serde(default)]
    pub announce: Announce,
}

/// The headers that announce a limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Announce {
    /// None, as the description of the gateway has it.
    Nothing,
    /// As the control plane: the three headers of `X-RateLimit-…` on every
    /// response, and `Retry-After` on a 429.
    #[default]
    Everything,
}

impl Effect {
    pub(super) fn check(&self) -> Result<(), InvalidFault> {
        match self {
            Self::Answer(answer) => answer.check(),
            Self::Drip { bytes: 0, .. } => {
                Err(InvalidFault::new("/fault/drip/bytes", "a piece has at least one byte"))
            }
            Self::RateLimit(RateLimit { milliseconds: 0, .. }) => {
                let rule = "a window has at least one millisecond";
                Err(InvalidFault::new("/fault/rate_limit/milliseconds", rule))
            }
            _ => Ok(()),
        }
    }
}

/// The error of a rule that cannot work, with the field at fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidFault {
    /// The field as a JSON pointer into the rule.
    pub(crate) pointer: String,
    pub(crate) detail: String,
}

impl InvalidFault {
    pub(crate) fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into() }
    }
}

impl fmt::Display for InvalidFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pointer.as_str() {
            "" => f.write_str(&self.detail),
            pointer => write!(f, "{pointer}: {}", self.detail),
        }
    }
}

impl std::error::Error for InvalidFault {}
