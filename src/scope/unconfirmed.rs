//! The memory of an object with a place, in private state, and in it a create request
//! whose outcome is unknown.
//!
//! Terraform keeps such an object as tainted. The provider remembers the time of the
//! request, and so can tell the object that it made from one of a third party. Nothing
//! here does IO.

use std::ops::{Not, RangeInclusive};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

/// The private state of an object: `M` is the part that only its noun needs.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, bound(deserialize = "M: Default + Deserialize<'de>"))]
pub(crate) struct Memory<M> {
    #[serde(flatten)]
    pub(crate) own: M,
    /// At the last refresh a part of the place that the provider's settings name was not
    /// known yet, so that plan left the object where it is. The plan that Terraform makes
    /// again before it applies has to do the same.
    #[serde(skip_serializing_if = "Not::not")]
    pub(crate) place_undecided: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unconfirmed_create: Option<UnconfirmedCreate>,
}

/// The time of a create request whose outcome is unknown, by this machine's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UnconfirmedCreate {
    /// The moment before the first request.
    pub(crate) begun: SystemTime,
    /// The moment at which the call gave up.
    pub(crate) ended: SystemTime,
}

impl UnconfirmedCreate {
    /// The time since it ended, up to the time since it began.
    pub(crate) fn ago(self, now: SystemTime) -> RangeInclusive<Duration> {
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
