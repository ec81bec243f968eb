//! The activation of new API keys.
//!
//! A new key takes up to a minute to work everywhere, and until then it is refused like
//! a wrong one. So the first refusals count as transient, for a time that all calls with
//! the key share: a key that is wrong costs that time once and not once per call.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The time after its first refusal in which a key may begin to work.
const ACTIVATION_GRACE: Duration = Duration::from_secs(20);

/// The time of a key's first refusal since it was last accepted.
#[derive(Debug, Default)]
pub(crate) struct KeyActivation(Mutex<Option<Instant>>);

impl KeyActivation {
    /// Notes a refusal. Returns true if the key may still be accepted later.
    pub(super) fn refused(&self, now: Instant) -> bool {
        let mut first = self.first();
        now < *first.get_or_insert(now) + ACTIVATION_GRACE
    }

    /// Notes an acceptance. A refusal after it begins a new grace period.
    pub(super) fn accepted(&self) {
        *self.first() = None;
    }

    fn first(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
