//! The throttle that all requests to one host share.
//!
//! A 429 or 503 concerns all requests to the host, not only the one that met it. So every
//! request waits until the time is over, and then they are sent one after the other:
//! further apart each time the server refuses again and closer with each success. The
//! gateway publishes no limits, so this finds them.
//!
//! A host that cannot be reached is waited for once, not by each of a thousand requests
//! in turn: after one request has used up its retries, later ones fail at once.
//!
//! Decisions are pure: time is an argument. It knows neither requests nor retries.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The distance between two requests after the first refusal.
const LEAST: Duration = Duration::from_millis(20);

/// The largest distance between two requests.
const MOST: Duration = Duration::from_secs(2);

/// The factor by which a refusal increases the distance.
const STRETCH: f64 = 1.5;

/// The factor by which a success reduces the distance.
const EASING: f64 = 31.0 / 32.0;

/// The time that a host counts as unreachable after a request used up its retries.
const UNREACHABLE_COOLDOWN: Duration = Duration::from_secs(60);

/// Smaller distances are rounded to none.
const NEGLIGIBLE: Duration = Duration::from_millis(5);

/// The throttles of all hosts, by host and port.
#[derive(Debug, Default)]
pub(crate) struct Throttles(Mutex<HashMap<String, Throttle>>);

impl Throttles {
    /// Runs `decide` with the throttle of a host.
    pub(crate) fn of<R>(&self, host: &str, decide: impl FnOnce(&mut Throttle) -> R) -> R {
        let mut throttles = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        decide(throttles.entry(host.to_owned()).or_default())
    }
}

/// The throttle of one host.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    /// The last refusal that began a round.
    refused: Option<Instant>,
    /// The number of rounds in a row that the server has refused requests.
    rounds: u32,
    closed_until: Option<Instant>,
    distance: Duration,
    /// The beginning of the next turn.
    next: Option<Instant>,
    /// The time at which a request used up its retries without being sent, unless one was
    /// served since.
    unreached: Option<Instant>,
}

impl Throttle {
    /// Returns the time at which a request may be sent that is ready now. A turn that it
    /// holds already stays valid unless the host was closed since.
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

    /// Notes the refusal of a request that was sent at `sent`. Closes the host for the time
    /// that the server asked for, or else for `backoff` of the number of rounds. Returns
    /// the wait if the refusal begins a round: requests that were in flight together are
    /// refused together.
    pub(crate) fn refused(
        &mut self,
        sent: Instant,
        now: Instant,
        asked: Option<Duration>,
        backoff: impl FnOnce(u32) -> Duration,
    ) -> Option<Duration> {
        let begins_round = self.refused.is_none_or(|refused| sent > refused);
        if begins_round {
            self.refused = Some(now);
            self.rounds = self.rounds.saturating_add(1);
            self.distance = self.distance.mul_f64(STRETCH).clamp(LEAST, MOST);
        }
        let wait = match asked {
            Some(asked) => asked,
            None if begins_round => backoff(self.rounds),
            None => return None,
        };
        let until = now + wait;
        if self.closed_until.is_none_or(|closed| closed < until) {
            self.closed_until = Some(until);
            self.next = Some(until);
        }
        begins_round.then_some(wait)
    }

    /// The number of rounds in a row in which the host has served no request.
    pub(crate) fn rounds(&self) -> u32 {
        self.rounds
    }

    /// Notes that a request used up its retries without being sent.
    pub(crate) fn unreachable(&mut self, now: Instant) {
        self.unreached = Some(now);
    }

    /// Returns true if that happened recently.
    pub(crate) fn is_unreachable(&self, now: Instant) -> bool {
        self.unreached.is_some_and(|since| now < since + UNREACHABLE_COOLDOWN)
    }

    /// Notes that a request that was sent at `sent` was served.
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
