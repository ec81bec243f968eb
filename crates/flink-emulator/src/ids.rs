//! Identifiers that the server makes up: uids, request ids, versions, tokens.
//!
//! They are drawn from a generator seeded by the operating system, or by a test
//! that wants the same ones in each run. They protect nothing, so they need to be
//! unique, not unguessable.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use fastrand::Rng;
use uuid::Builder;

/// The length of a version: the API's example is the five characters `a23av`.
const VERSION_LENGTH: usize = 6;

/// The generator of one emulator; its clones draw from the same sequence.
#[derive(Clone, Debug)]
pub(crate) struct Ids(Arc<Mutex<Rng>>);

impl Ids {
    pub(crate) fn new(seed: Option<u64>) -> Self {
        Self(Arc::new(Mutex::new(seed.map_or_else(Rng::new, Rng::with_seed))))
    }

    /// A UUID in the form of version 4.
    pub(crate) fn uuid(&self) -> String {
        let mut bytes = [0; 16];
        self.rng().fill(&mut bytes);
        Builder::from_random_bytes(bytes).into_uuid().to_string()
    }

    /// A version that differs from the previous one.
    pub(crate) fn version_after(&self, previous: &str) -> String {
        loop {
            let version = self.version();
            if version != previous {
                return version;
            }
        }
    }

    pub(crate) fn version(&self) -> String {
        let mut rng = self.rng();
        (0..VERSION_LENGTH).map(|_| rng.digit(36)).collect()
    }

    fn rng(&self) -> MutexGuard<'_, Rng> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Ids {
    fn default() -> Self {
        Self::new(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_the_same_identifiers_from_the_same_seed() {
        let (one, other) = (Ids::new(Some(7)), Ids::new(Some(7)));
        assert_eq!(one.uuid(), other.uuid());
        assert_eq!(one.version(), other.version());
        assert_ne!(Ids::new(None).uuid(), Ids::new(None).uuid());
    }

    #[test]
    fn changes_a_version_always() {
        let expected = Ids::new(Some(7)).version();
        assert_ne!(Ids::new(Some(7)).version_after(&expected), expected);
    }
}
