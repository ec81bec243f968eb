//! A creation that ended without anyone knowing what came of it.
//!
//! Terraform keeps such an object as tainted. The provider remembers when it was tried,
//! and so can tell later what that has made from what others have. Nothing here does IO.

use std::ops::RangeInclusive;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// When it was tried, by this machine's clock, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Lost {
    begun: u64,
    ended: u64,
}

impl Lost {
    pub(super) fn new(begun: SystemTime, ended: SystemTime) -> Self {
        Self { begun: seconds(begun), ended: seconds(ended) + 1 }
    }

    /// How long ago it ended, and how long ago it began.
    pub(super) fn ago(self, now: SystemTime) -> RangeInclusive<Duration> {
        let now = seconds(now);
        let [ended, begun] = [self.ended, self.begun].map(|then| now.saturating_sub(then));
        Duration::from_secs(ended)..=Duration::from_secs(begun + 1)
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_its_time_is_in_what_is_told_of_it() {
        let at = |milliseconds| UNIX_EPOCH + Duration::from_millis(milliseconds);
        let lost = Lost::new(at(10_900), at(12_100));
        let ago = lost.ago(at(100_500));
        assert_eq!(ago, Duration::from_secs(87)..=Duration::from_secs(91));
        for event in [10_900, 11_500, 12_100] {
            assert!(ago.contains(&at(100_500).duration_since(at(event)).unwrap()), "{event}");
        }
        // A clock that was set back since.
        assert_eq!(lost.ago(at(0)), Duration::ZERO..=Duration::from_secs(1));
    }
}
