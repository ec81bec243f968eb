//! The one retry policy: it decides whether to send a request again, and when.
//!
//! Decisions are pure functions of the outcome; time and chance are arguments. Statuses and
//! headers follow the APIs' own descriptions: 429 comes with `Retry-After` and
//! `X-RateLimit-Reset` on the control plane and with nothing on the gateway. Knows nothing of
//! sockets and of credentials.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

use crate::error::is_transient;
use crate::request::Repeat;

/// Added, up to this much, to a wait that a server asked for, so that clients with the
/// same wait do not return together.
const SPREAD: Duration = Duration::from_secs(1);

/// Added, up to this share of it, to any other wait, for the same reason.
const SHARE: f64 = 0.5;

/// The number of retries and the lengths of waits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RetryPolicy {
    /// The most times that a request is sent again.
    pub(crate) max_retries: u32,
    /// The wait before the first retry; it doubles with each one.
    pub(crate) first: Duration,
    /// The wait at which doubling ends.
    pub(crate) longest: Duration,
    /// The longest of all waits, even if a server asks for a longer one.
    pub(crate) most: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_retries: 4,
            first: Duration::from_secs(1),
            longest: Duration::from_secs(30),
            most: Duration::from_secs(300),
        }
    }
}

/// The outcome of an attempt that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// No connection was made.
    NotSent,
    /// It was sent, and no complete response came back.
    NoResponse,
    /// The response was a 401, and the key may only be too new to work.
    KeyTooNew,
    /// The response had a status that is no success.
    Refused {
        /// The status.
        status: u16,
        /// The wait that the server asked for.
        asked: Option<Duration>,
    },
}

impl Outcome {
    /// Returns true if the server may have carried out the request nevertheless.
    pub(crate) fn may_have_worked(self) -> bool {
        match self {
            Self::NotSent | Self::KeyTooNew => false,
            Self::NoResponse => true,
            // A gateway may time out while the server behind it goes on.
            Self::Refused { status, .. } => status >= 500 && status != 501,
        }
    }

    /// Returns true if the failure may pass by itself.
    fn may_pass(self) -> bool {
        match self {
            Self::NotSent | Self::KeyTooNew | Self::NoResponse => true,
            Self::Refused { status, .. } => is_transient(status),
        }
    }

    /// The wait that a server asks of all requests, if it does. The inner `None` means
    /// that it does not say how long.
    pub(crate) fn slows_down(self) -> Option<Option<Duration>> {
        match self {
            Self::Refused { status: 429 | 503, asked } => Some(asked),
            _ => None,
        }
    }

    /// Returns true if only the number of requests was refused. Chance decides which of
    /// many are, so it is sent again as long as the server serves any.
    pub(crate) fn is_one_of_too_many(self) -> bool {
        matches!(self, Self::Refused { status: 429, .. })
    }

    /// Returns true if nothing was done, by the server's word or by the protocol.
    fn is_unprocessed(self) -> bool {
        match self {
            Self::NotSent | Self::KeyTooNew => true,
            Self::NoResponse => false,
            Self::Refused { status, asked } => status == 429 || (status == 503 && asked.is_some()),
        }
    }
}

impl RetryPolicy {
    /// The wait before the next attempt, or `None` if there is to be none.
    ///
    /// `attempts` counts those made, `chance` is drawn evenly from 0 to 1.
    pub(crate) fn next_wait(
        &self,
        repeat: Repeat,
        outcome: Outcome,
        attempts: u32,
        chance: f64,
    ) -> Option<Duration> {
        let allowed = match repeat {
            Repeat::Freely => outcome.may_pass(),
            Repeat::OnlyIfUnprocessed => outcome.is_unprocessed(),
        };
        if !allowed || attempts > self.max_retries {
            return None;
        }
        Some(match outcome {
            Outcome::Refused { asked: Some(asked), .. } => {
                asked.min(self.most) + SPREAD.mul_f64(chance)
            }
            _ => self.backoff(attempts, chance),
        })
    }

    /// A wait after the given number of attempts. Chance only makes it longer, so the sum
    /// of all waits has a lower bound.
    pub(crate) fn backoff(&self, attempts: u32, chance: f64) -> Duration {
        let doublings = attempts.saturating_sub(1).min(31);
        let longest = self.longest.min(self.most.div_f64(1.0 + SHARE));
        let wait = self.first.saturating_mul(1 << doublings).min(longest);
        wait.mul_f64(1.0 + SHARE * chance)
    }
}

/// The wait that a response with this status asks for: `Retry-After`, in seconds or as
/// a date relative to the server's own clock, or `X-RateLimit-Reset` in seconds.
/// `now` is this machine's clock, for responses without a `Date`.
pub(crate) fn asked_wait(status: u16, headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    if !matches!(status, 429 | 503) {
        return None;
    }
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let seconds = |text: &str| text.parse().ok().map(Duration::from_secs);
    let until = |text: &str| {
        let then = httpdate::parse_http_date(text).ok()?;
        let now = server_clock(headers).unwrap_or(now);
        Some(then.duration_since(now).unwrap_or_default())
    };
    text(RETRY_AFTER.as_str())
        .and_then(|value| seconds(value).or_else(|| until(value)))
        .or_else(|| text("x-ratelimit-reset").and_then(seconds))
}

/// The server's clock, to the second, when it sent these headers.
pub(crate) fn server_clock(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()
}

/// Draws evenly from 0 to 1: by chance, or in tests the same number each time.
pub(crate) type Jitter = fn() -> f64;

#[cfg(test)]
mod tests;
