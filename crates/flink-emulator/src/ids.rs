//! Identifiers that the server makes up: uids, request ids, versions, tokens.
//!
//! They are drawn from a small generator seeded by the operating system, or by
//! a test that wants the same ones at each run. They protect nothing, so they
//! need to be unique, not unguessable.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

/// The step of the splitmix64 generator.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// The length of a version: the API's example is the five characters `a23av`.
const VERSION_LENGTH: usize = 6;

#[derive(Debug)]
pub(crate) struct Ids(Draws);

impl Ids {
    pub(crate) fn new(seed: Option<u64>) -> Self {
        Self(Draws::new(seed.unwrap_or_else(|| RandomState::new().hash_one(STEP))))
    }

    /// A UUID in the form of version 4.
    pub(crate) fn uuid(&self) -> String {
        let (high, low) = (self.0.draw(), self.0.draw());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            (low >> 48) & 0x3fff | 0x8000,
            low & 0xffff_ffff_ffff,
        )
    }

    /// A version that differs from the one before.
    pub(crate) fn version_after(&self, previous: &str) -> String {
        loop {
            let version = self.version();
            if version != previous {
                return version;
            }
        }
    }

    pub(crate) fn version(&self) -> String {
        let mut rest = self.0.draw();
        let mut version = String::with_capacity(VERSION_LENGTH);
        for _ in 0..VERSION_LENGTH {
            version.extend(char::from_digit((rest % 36) as u32, 36));
            rest /= 36;
        }
        version
    }
}

/// The generator: the same draws from the same seed.
#[derive(Debug)]
pub(crate) struct Draws(AtomicU64);

impl Draws {
    pub(crate) fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// From 0 up to, but not including, 1.
    pub(crate) fn fraction(&self) -> f64 {
        // As many bits as the type holds exactly.
        let bits = (self.draw() >> 11) as f64;
        bits / (1u64 << 53) as f64
    }

    fn draw(&self) -> u64 {
        let mut bits = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn uuids_have_the_form_of_version_four_and_do_not_repeat() {
        let ids = Ids::new(None);
        let drawn: HashSet<String> = (0..1000).map(|_| ids.uuid()).collect();
        assert_eq!(drawn.len(), 1000);
        for id in drawn {
            assert_eq!(id.len(), 36);
            assert_eq!(&id[14..15], "4");
            assert!("89ab".contains(&id[19..20]), "{id}");
        }
    }

    #[test]
    fn the_same_seed_draws_the_same_identifiers() {
        let (one, other) = (Ids::new(Some(7)), Ids::new(Some(7)));
        assert_eq!(one.uuid(), other.uuid());
        assert_eq!(one.version(), other.version());
    }

    #[test]
    fn a_version_differs_from_the_one_before() {
        let expected = Ids::new(Some(7)).version();
        assert_ne!(Ids::new(Some(7)).version_after(&expected), expected);
    }
}
