//! Whether a refused API key may only be too new.
//!
//! A new key takes up to a minute to work everywhere, and until then it is refused like
//! a wrong one. So the first refusals are taken for that, for a time that all calls with
//! the key share: a key that is wrong costs it once and not once per call.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How long after its first refusal a key may still begin to work.
const HOPE: Duration = Duration::from_secs(20);

/// What has come of using a key.
#[derive(Debug, Default)]
pub(super) struct Trial(Mutex<Option<Instant>>);

impl Trial {
    /// The key was refused. Whether it may be accepted later.
    pub(super) fn refused(&self, now: Instant) -> bool {
        let mut first = self.first();
        now < *first.get_or_insert(now) + HOPE
    }

    /// The key was accepted. Should it be refused again, it gets another chance.
    pub(super) fn accepted(&self) {
        *self.first() = None;
    }

    fn first(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
