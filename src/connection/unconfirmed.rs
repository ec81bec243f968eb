//! A create request whose outcome is unknown.
//!
//! Terraform keeps such an object as tainted. The provider remembers when it was tried,
//! and so can tell later what that has made from what others have. Nothing here does IO.

use std::ops::RangeInclusive;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

/// When it was tried, by this machine's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UnconfirmedCreate {
    pub(super) begun: SystemTime,
    pub(super) ended: SystemTime,
}

impl UnconfirmedCreate {
    /// How long ago it ended, and how long ago it began.
    pub(super) fn ago(self, now: SystemTime) -> RangeInclusive<Duration> {
        let since = |then| now.duration_since(then).unwrap_or_default();
        since(self.ended)..=since(self.begun)
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn keeps_its_times_when_it_is_stored() {
        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        let create = UnconfirmedCreate { begun: at(10), ended: at(12) };
        let stored = serde_json::to_vec(&create).unwrap();
        assert_eq!(serde_json::from_slice::<UnconfirmedCreate>(&stored).unwrap(), create);
        assert_eq!(create.ago(at(100)), Duration::from_secs(88)..=Duration::from_secs(90));
        // A clock that was set back since.
        assert_eq!(create.ago(at(5)), Duration::ZERO..=Duration::ZERO);
    }
}
