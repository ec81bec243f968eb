//! The pace that all requests to one host keep together.
//!
//! A server that answers 429 or 503 means everyone, not the one request that met it.
//! So from then on every request to the host waits until the time is over, and they come
//! back one after the other, further apart each time the server refuses again and
//! closer with each success. The gateway names no limits, so this finds them.
//!
//! And a host that cannot be reached is not waited for by each of a thousand requests in
//! turn: once one was given up, those after it are as soon as they fail.
//!
//! Decisions are pure: time comes in as an argument. What is sent, and how often, is
//! decided elsewhere.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The distance between two requests after the first refusal.
const LEAST: Duration = Duration::from_millis(20);

/// The largest distance between two requests.
const MOST: Duration = Duration::from_secs(2);

/// What a refusal makes of the distance.
const STRETCH: f64 = 1.5;

/// The share of the distance that a success leaves.
const EASING: f64 = 31.0 / 32.0;

/// How long a host that could not be reached is taken for one that cannot.
const ABSENCE: Duration = Duration::from_secs(60);

/// A distance that is as good as none.
const NEGLIGIBLE: Duration = Duration::from_millis(5);

/// The paces of all hosts.
#[derive(Debug, Default)]
pub(crate) struct Paces(Mutex<HashMap<String, Pace>>);

impl Paces {
    /// Decides with the pace of a host.
    pub(crate) fn of<R>(&self, host: &str, decide: impl FnOnce(&mut Pace) -> R) -> R {
        let mut paces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pace) = paces.get_mut(host) {
            return decide(pace);
        }
        decide(paces.entry(host.to_owned()).or_default())
    }
}

/// The pace of one host.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    /// The last refusal that was news.
    refused: Option<Instant>,
    /// How many times in a row the server has refused what was sent after a wait.
    rounds: u32,
    closed_until: Option<Instant>,
    distance: Duration,
    /// When the next turn begins.
    next: Option<Instant>,
    /// When a request was given up that could not be sent, unless one was served since.
    unreached: Option<Instant>,
}

impl Pace {
    /// When a request may be sent that is ready now. A turn that it has got before is
    /// still good, unless the host has closed since.
    pub(crate) fn turn(&mut self, held: Option<Instant>, now: Instant) -> Instant {
        if let Some(held) = held
            && self.closed_until.is_none_or(|until| until <= held)
        {
            return held;
        }
        let turn = [self.closed_until, self.next].into_iter().flatten().fold(now, Instant::max);
        self.next = Some(turn + self.distance);
        turn
    }

    /// A request that was sent at `sent` has been refused, and nothing is to be sent for
    /// the time that the server asked for, or else for what `backoff` says after so many
    /// refusals in a row. Returns the wait where it is news: requests that were under
    /// way together are refused together.
    pub(crate) fn refused(
        &mut self,
        sent: Instant,
        now: Instant,
        asked: Option<Duration>,
        backoff: impl FnOnce(u32) -> Duration,
    ) -> Option<Duration> {
        let is_news = self.refused.is_none_or(|refused| sent > refused);
        if is_news {
            self.refused = Some(now);
            self.rounds = self.rounds.saturating_add(1);
            self.distance = self.distance.mul_f64(STRETCH).clamp(LEAST, MOST);
        }
        let wait = match asked {
            Some(asked) => asked,
            None if is_news => backoff(self.rounds),
            None => return None,
        };
        let until = now + wait;
        if self.closed_until.is_none_or(|closed| closed < until) {
            self.closed_until = Some(until);
            self.next = Some(until);
        }
        is_news.then_some(wait)
    }

    /// How many times in a row the host has refused without serving anyone.
    pub(crate) fn rounds(&self) -> u32 {
        self.rounds
    }

    /// A request could not be sent, as often as it was tried.
    pub(crate) fn unreachable(&mut self, now: Instant) {
        self.unreached = Some(now);
    }

    /// Whether that is so of any.
    pub(crate) fn is_unreachable(&self, now: Instant) -> bool {
        self.unreached.is_some_and(|since| now < since + ABSENCE)
    }

    /// A request that was sent at `sent` was served.
    pub(crate) fn served(&mut self, sent: Instant) {
        self.unreached = None;
        if self.refused.is_none_or(|refused| sent > refused) {
            self.rounds = 0;
        }
        self.distance = self.distance.mul_f64(EASING);
        if self.distance < NEGLIGIBLE {
            self.distance = Duration::ZERO;
        }
    }
}

#[cfg(test)]
mod tests;
