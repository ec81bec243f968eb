//! Revisions of a connection: the evidence of a write.
//!
//! Credentials cannot be read back, so a change of them shows only in the version and in
//! the time of the last change. The service moves both by itself when it checks a new
//! connection; the rules here separate that from a write.

use serde::{Deserialize, Serialize};

/// The state of a connection at one time, as far as it shows writes.
///
/// Serializable, so that a caller can store it. Closed: stored revisions consist of these
/// fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// As [`Connection::uid`](super::Connection::uid).
    pub uid: Option<String>,
    /// As [`Connection::resource_version`](super::Connection::resource_version).
    pub resource_version: Option<String>,
    /// As [`Connection::updated_at`](super::Connection::updated_at).
    pub updated_at: Option<String>,
    /// As [`Connection::phase`](super::Connection::phase).
    pub phase: Option<String>,
}

/// The knowledge of a connection that [`Connections::refresh`](super::Connections::refresh)
/// compares a list with. Closed: callers construct it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownConnection {
    /// The type; `None` if only the name is known, as after an import.
    pub connection_type: Option<String>,
    /// The endpoint; `None` if only the name is known.
    pub endpoint: Option<String>,
    /// The revision that was seen last.
    pub revision: Option<Revision>,
    /// True if the uid is known.
    pub has_uid: bool,
    /// True if the phase is known.
    pub has_phase: bool,
}

impl Revision {
    /// Returns true if this is a revision of another object of the same name.
    #[must_use]
    pub fn is_of_another_object(&self, before: &Self) -> bool {
        matches!((&before.uid, &self.uid), (Some(before), Some(now)) if before != now)
    }

    /// Returns true if the change from `before` to this revision needs no write by a
    /// third party.
    #[must_use]
    pub fn shows_no_write_since(&self, before: &Self) -> bool {
        if self.is_of_another_object(before) {
            return false;
        }
        match (&before.resource_version, &self.resource_version) {
            (Some(old), Some(new)) => {
                old == new || self.was_checked_since(before) || self.has_time_of(before)
            }
            // Without versions the time of the last change is the evidence, and without
            // both there is none.
            _ => match (&before.updated_at, &self.updated_at) {
                (Some(old), Some(new)) => old == new || self.was_checked_since(before),
                _ => true,
            },
        }
    }

    fn has_time_of(&self, before: &Self) -> bool {
        before.updated_at.is_some() && before.updated_at == self.updated_at
    }

    /// Returns true if the service has checked the new connection, which moves its phase.
    fn was_checked_since(&self, before: &Self) -> bool {
        is_pending(before.phase.as_deref()) && !is_pending(self.phase.as_deref())
    }

    /// Returns true if `before` has a version or a time and this revision lacks it.
    fn says_less_than(&self, before: &Self) -> bool {
        let lacks =
            |before: &Option<String>, now: &Option<String>| before.is_some() && now.is_none();
        lacks(&before.resource_version, &self.resource_version)
            || lacks(&before.updated_at, &self.updated_at)
    }
}

impl KnownConnection {
    /// Returns true if an entry of a list with these fields shows no change, and lacks
    /// nothing that is known.
    pub(super) fn is_confirmed_by(
        &self,
        connection_type: &str,
        endpoint: &str,
        now: &Revision,
    ) -> bool {
        let is_unchanged = self
            .revision
            .as_ref()
            .is_none_or(|before| !now.says_less_than(before) && now.shows_no_write_since(before));
        let is_same = match (&self.connection_type, &self.endpoint) {
            (Some(known_type), Some(known_endpoint)) => {
                known_type.eq_ignore_ascii_case(connection_type) && known_endpoint == endpoint
            }
            // A first read has to be complete.
            _ => now.uid.is_some() && now.resource_version.is_some(),
        };
        let lacks_nothing =
            (!self.has_uid || now.uid.is_some()) && (!self.has_phase || now.phase.is_some());
        is_unchanged && is_same && lacks_nothing
    }
}

fn is_pending(phase: Option<&str>) -> bool {
    phase.is_none_or(|phase| phase.is_empty() || phase.eq_ignore_ascii_case("PENDING"))
}
