//! What is done to a request that a rule has picked.
//!
//! These are data: the same in a test, in the control API and on the command
//! line. How they are played is the business of the server.

use std::collections::BTreeMap;

use axum::http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use axum::http::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};

use super::InvalidFault;

/// What is done to a request. What is done to a body is not done to an answer
/// whose status says that there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Effect {
    /// Time passes. The rules that follow are still tried, and delays add up.
    Delay {
        /// How long.
        milliseconds: u64,
        /// Before the work, which is then done late, also for a client that
        /// has hung up meanwhile; or, by default, between work and answer.
        #[serde(default = "after")]
        when: When,
    },
    /// The connection is closed without an answer.
    Drop(When),
    /// This answer is given in place of the real one.
    Answer(Answer),
    /// The answer breaks off in the middle of its body.
    Cut {
        /// How many bytes of the body come; half of it unless told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bytes: Option<usize>,
        /// Whether the body comes in chunks without their end, and not under a
        /// `Content-Length` that is longer than what comes.
        #[serde(default)]
        chunked: bool,
    },
    /// The body comes in pieces.
    Drip {
        /// How long a piece is.
        bytes: usize,
        /// The pause between two pieces.
        milliseconds: u64,
    },
    /// The body is compressed, and no header says so.
    Gzip,
    /// Someone else writes the object of the path just before the request is
    /// worked on: a version that the client knows is then an old one.
    Stale,
    /// A 429 for each request beyond those that a window of time allows. While
    /// there are any left, the rules that follow are tried.
    RateLimit(RateLimit),
}

/// Before or after the work that a request asks for is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// The work is not done, or not yet.
    Before,
    /// The work is done.
    After,
}

fn before() -> When {
    When::Before
}

fn after() -> When {
    When::After
}

/// An answer that is not the one the work would give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use]
pub struct Answer {
    status: u16,
    /// Instead of the work, or after it.
    #[serde(default = "before")]
    when: When,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
    /// None: what the API itself would say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<String>,
}

impl Answer {
    /// A status with the body that the API itself would give it, and without
    /// the work being done.
    pub fn status(status: u16) -> Self {
        Self { status, when: When::Before, headers: BTreeMap::new(), body: None }
    }

    /// The page of some proxy.
    pub fn page(status: u16) -> Self {
        let page =
            format!("<html><head><title>{status}</title></head><body>{status}</body></html>");
        Self::status(status).header("Content-Type", "text/html").body(page)
    }

    /// The answer once the work is done.
    pub fn after_the_work(mut self) -> Self {
        self.when = When::After;
        self
    }

    /// The answer with one more header.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.insert(name.into(), value.into());
        self
    }

    /// The answer with another body, which is plain text unless a header says
    /// what it is.
    pub fn body(mut self, body: impl Into<String>) -> Self {
        self.body = Some(body.into());
        self
    }

    pub(crate) fn is_instead_of_work(&self) -> bool {
        self.when == When::Before
    }

    pub(crate) fn code(&self) -> u16 {
        self.status
    }

    pub(crate) fn text(&self) -> Option<&str> {
        self.body.as_deref()
    }

    pub(crate) fn headers(&self) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
        self.headers.iter().filter_map(|(name, value)| header(name, value))
    }

    fn check(&self) -> Result<(), InvalidFault> {
        // A 1xx is never the last answer to a request.
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

/// So many requests in each window of time, by the emulator's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// How many requests a window allows.
    pub requests: u32,
    /// How long a window is; the first request after one opens the next.
    pub milliseconds: u64,
    /// How clients learn of it; by default from every header there is.
    #[serde(default)]
    pub announce: Announce,
}

/// The headers by which an API tells clients of a limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Announce {
    /// None, as the description of the gateway has it.
    Nothing,
    /// `Retry-After` on a 429.
    RetryAfter,
    /// `X-RateLimit-Reset` on a 429.
    Reset,
    /// As the control plane: the three headers of `X-RateLimit-…` on every
    /// answer, and `Retry-After` on a 429.
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
