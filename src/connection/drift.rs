//! Drift of the credentials: changes by a third party.
//!
//! Credentials cannot be read back, so the provider remembers what its own last write
//! left: the object's uid and version. A version that has moved since, with the same
//! type and endpoint, means that someone wrote. A server may also move it by itself,
//! for instance while it checks a new connection, and a repair that never ends would be
//! worse than none; the rules below tell the two apart.
//!
//! Nothing here does IO: a refresh hands over what it saw and gets a verdict.

use std::ops::Not;

use flink_client::{Connection, Revision};
use serde::{Deserialize, Serialize};

use crate::scope::Remember;

/// The response to credentials that may have changed outside of Terraform.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Policy {
    /// Plan an update that sends the configured credentials again.
    #[default]
    Repair,
    /// Only warn.
    Warn,
    /// Neither.
    Ignore,
}

impl Policy {
    pub(super) const REPAIR: &str = "repair";
    pub(super) const WORDS: [&str; 3] = [Self::REPAIR, "warn", "ignore"];
}

/// The memory of a connection, in private state. No secret. A field that has
/// its ordinary value is left out: Terraform writes all of the state again for each
/// object it changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Remembered {
    /// The revision that our last write left, or that a refresh has reported since.
    seen: Option<Revision>,
    /// Our last write sent credentials: only then there is something to repair with.
    #[serde(skip_serializing_if = "Not::not")]
    sent_credentials: bool,
    #[serde(skip_serializing_if = "is_default")]
    last_write: LastWrite,
    #[serde(skip_serializing_if = "is_default")]
    drift: Drift,
    /// The version moves by itself: nothing is repaired until the credentials change in
    /// the configuration.
    #[serde(skip_serializing_if = "Not::not")]
    gave_up: bool,
}

/// The knowledge of our last write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum LastWrite {
    #[default]
    Confirmed,
    /// Its outcome is unknown, so a version that moved may be our own.
    Unconfirmed,
}

/// The progress of a repair.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Drift {
    #[default]
    None,
    /// The credentials may have changed, and the next plan repairs that.
    Pending,
    /// Our last write was such a repair.
    Repaired,
}

/// The finding of a refresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing that concerns the user.
    Unchanged,
    /// A third party wrote the object.
    Changed {
        /// It is another object now, with another uid.
        replaced: bool,
        /// When, as the API says.
        at: Option<String>,
        /// The next plan sends the configured credentials again, if there are any.
        repairs: bool,
    },
    /// The version moved after a write of ours whose outcome is unknown.
    PerhapsOurs,
    /// The version moved right after our own repair; no more repairs.
    GaveUp,
}

impl Remembered {
    /// The configuration has no credentials any more, so there are none to repair with.
    pub(super) fn forget_credentials(&mut self) {
        self.sent_credentials = false;
        self.stop_repairing();
    }

    /// The revision that was seen last.
    pub(super) fn revision(&self) -> Option<&Revision> {
        self.seen.as_ref()
    }

    /// Returns true if the next plan has to send the configured credentials again.
    pub(super) fn is_to_repair(&self) -> bool {
        self.drift == Drift::Pending
    }

    /// Returns true if credentials of ours have ever been sent.
    pub(super) fn has_sent_credentials(&self) -> bool {
        self.sent_credentials
    }

    /// Judges what a refresh saw. Each change is reported once; a repair stays pending
    /// until it is made or not asked for any more.
    pub(super) fn judge(&mut self, now: &Connection, policy: Policy) -> Verdict {
        let now = now.revision();
        let verdict = self.verdict(&now, policy);
        self.drift = match &verdict {
            // A repair that was still there at the next refresh has held.
            Verdict::Unchanged if self.drift == Drift::Repaired => {
                if self.seen.as_ref() == Some(&now) { Drift::None } else { Drift::Repaired }
            }
            Verdict::Unchanged => self.drift,
            Verdict::Changed { repairs: true, .. } | Verdict::PerhapsOurs => Drift::Pending,
            Verdict::Changed { repairs: false, .. } | Verdict::GaveUp => Drift::None,
        };
        if policy != Policy::Repair {
            self.stop_repairing();
        }
        self.gave_up |= verdict == Verdict::GaveUp;
        if verdict != Verdict::Unchanged {
            self.last_write = LastWrite::Confirmed;
        }
        self.seen = Some(now);
        verdict
    }

    fn stop_repairing(&mut self) {
        if self.drift == Drift::Pending {
            self.drift = Drift::None;
        }
    }

    fn verdict(&self, now: &Revision, policy: Policy) -> Verdict {
        let Some(before) = &self.seen else { return Verdict::Unchanged };
        let replaced = now.is_of_another_object(before);
        if now.shows_no_write_since(before) || policy == Policy::Ignore {
            return Verdict::Unchanged;
        }
        if self.last_write == LastWrite::Unconfirmed && !replaced {
            return Verdict::PerhapsOurs;
        }
        if self.drift == Drift::Repaired && !replaced && !self.gave_up {
            return Verdict::GaveUp;
        }
        let repairs = policy == Policy::Repair && self.sent_credentials && !self.gave_up;
        Verdict::Changed { replaced, at: now.updated_at.clone(), repairs }
    }
}

impl Remember<Connection> for Remembered {
    fn wrote(&mut self, connection: &Connection, confirmed: bool) {
        let is_repair = self.drift == Drift::Pending;
        *self = Self {
            seen: Some(connection.revision()),
            sent_credentials: confirmed,
            drift: if is_repair { Drift::Repaired } else { Drift::None },
            gave_up: self.gave_up && is_repair,
            ..Self::default()
        };
    }

    fn may_have_written(&mut self) {
        self.last_write = LastWrite::Unconfirmed;
    }

    fn version(&self) -> Option<String> {
        self.revision()?.resource_version.clone()
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests;
