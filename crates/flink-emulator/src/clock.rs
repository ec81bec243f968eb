//! The time on the server: the system's, or one that a test sets.
//!
//! Every timestamp in a response and every expiry of a token comes from here, so
//! that a test can predict them. This file knows nothing of what is stamped.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

/// The clock of one emulator; its clones share the same time.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Mutex<Source>>);

#[derive(Debug)]
enum Source {
    System { ahead: Duration },
    Held(Timestamp),
}

impl Clock {
    /// The time of the machine.
    pub fn system() -> Self {
        Self(Arc::new(Mutex::new(Source::System { ahead: Duration::ZERO })))
    }

    /// A clock that stands still until it is set or advanced.
    pub fn fixed(at: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(Source::Held(at))))
    }

    /// Stops the clock at a time.
    pub fn set(&self, at: Timestamp) {
        *self.source() = Source::Held(at);
    }

    /// Moves the clock forward, whichever kind it is.
    pub fn advance(&self, by: Duration) {
        match &mut *self.source() {
            Source::System { ahead } => *ahead += by,
            Source::Held(now) => *now = later(*now, by),
        }
    }

    /// The time in UTC, in whole microseconds.
    pub fn now(&self) -> Timestamp {
        let exact = match &*self.source() {
            Source::System { ahead } => later(Timestamp::now(), *ahead),
            Source::Held(now) => *now,
        };
        Timestamp::from_microsecond(exact.as_microsecond()).unwrap_or(exact)
    }

    fn source(&self) -> MutexGuard<'_, Source> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

/// A time later by a span, or the end of time.
pub(crate) fn later(at: Timestamp, by: Duration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lets_the_system_clock_run_ahead() {
        let clock = Clock::system();
        let before = clock.now();
        clock.advance(Duration::from_secs(3600));
        assert!(clock.now() >= later(before, Duration::from_secs(3600)));
        clock.set(before);
        assert_eq!(clock.now(), before);
    }
}
