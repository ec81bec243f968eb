//! Whether someone else changed the credentials.
//!
//! They cannot be read back, so the provider remembers what its own last write
//! left: the object's uid and version. A version that has moved since, with the
//! same type and endpoint, means that someone wrote. A server may also move it
//! by itself, for instance while it checks a new connection, and a repair that
//! never ends would be worse than none; the rules below tell the two apart.
//!
//! Nothing here does IO: a refresh hands over what it saw and is told what it
//! means.

use std::ops::Not;

use flink_client::Connection;
use serde::{Deserialize, Serialize};

/// What to do when someone else changed the credentials.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Policy {
    /// Plan an update that sends the configured credentials again.
    #[default]
    Repair,
    /// Only tell.
    Warn,
    /// Neither.
    Ignore,
}

impl Policy {
    pub(super) const REPAIR: &str = "repair";
    pub(super) const WORDS: [&str; 3] = [Self::REPAIR, "warn", "ignore"];
}

/// What the provider remembers of a connection, in private state. No secret. What is not
/// so is left out: Terraform writes all of the state again for each object it changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Remembered {
    /// What our last write left, or what a refresh has taken over or told of since.
    seen: Option<Seen>,
    /// Whether our last write sent credentials: only then there is something to
    /// repair.
    #[serde(skip_serializing_if = "Not::not")]
    sent_credentials: bool,
    /// The credentials may be others since, and the next apply repairs that.
    #[serde(skip_serializing_if = "Not::not")]
    drifted: bool,
    /// The last refresh has told of it.
    #[serde(skip_serializing_if = "Not::not")]
    told: bool,
    /// Our last write was such a repair.
    #[serde(skip_serializing_if = "Not::not")]
    repaired: bool,
    /// The version moves by itself: repairing has been given up.
    #[serde(skip_serializing_if = "Not::not")]
    gave_up: bool,
    /// Our last write got no answer, so a version that moved may be our own.
    #[serde(skip_serializing_if = "Not::not")]
    in_doubt: bool,
}

/// What tells one version of an object from another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    uid: Option<String>,
    resource_version: Option<String>,
    updated_at: Option<String>,
    phase: Option<String>,
}

/// What a refresh is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing that concerns the user.
    Unchanged,
    /// Someone changed the credentials, or replaced the whole object.
    Changed {
        /// The object has another uid.
        replaced: bool,
        /// When, as the API says.
        at: Option<String>,
        /// The next apply sends the configured credentials again, if there are any.
        repairs: bool,
    },
    /// The version moved after a write of ours that got no answer.
    PerhapsOurs,
    /// The version moved right after our own repair; no more repairs.
    GaveUp,
}

impl Remembered {
    /// After our own write, or at the first sight of an object that others made.
    pub(super) fn wrote(&mut self, connection: &Connection, sent_credentials: bool) {
        *self = Self {
            seen: Some(Seen::of(connection)),
            sent_credentials,
            repaired: self.drifted,
            // Given up until the credentials change in the configuration, which
            // is a write that is no repair.
            gave_up: self.gave_up && self.drifted,
            ..Self::default()
        };
    }

    /// After a write of ours that got no answer.
    pub(super) fn may_have_written(&mut self) {
        self.in_doubt = true;
    }

    /// The configuration has no credentials any more, so there are none to
    /// repair with.
    pub(super) fn forget_credentials(&mut self) {
        self.sent_credentials = false;
        self.drifted = false;
    }

    /// Whether the next plan has to send the configured credentials again.
    pub(super) fn is_to_repair(&self) -> bool {
        self.drifted
    }

    /// Whether that is to repair what was told at an earlier refresh than the last.
    pub(super) fn is_old_news(&self) -> bool {
        self.drifted && !self.told
    }

    /// Whether credentials of ours have ever been sent.
    pub(super) fn has_sent_credentials(&self) -> bool {
        self.sent_credentials
    }

    /// Whether what was seen says nothing that a refresh would have to tell.
    pub(super) fn is_as_left(&self, now: &Connection) -> bool {
        self.verdict(&Seen::of(now), Policy::Warn) == Verdict::Unchanged
    }

    /// Judges what a refresh saw. Each change is told once; a repair stays due until
    /// it is made or not asked for any more.
    pub(super) fn judge(&mut self, now: &Connection, policy: Policy) -> Verdict {
        let now = Seen::of(now);
        let verdict = self.verdict(&now, policy);
        match &verdict {
            // A repair that was still there at the next refresh has held.
            Verdict::Unchanged => self.repaired &= self.seen.as_ref() != Some(&now),
            Verdict::Changed { repairs, .. } => self.drifted = *repairs,
            Verdict::PerhapsOurs => self.drifted = true,
            Verdict::GaveUp => {
                self.gave_up = true;
                self.drifted = false;
            }
        }
        self.drifted &= policy == Policy::Repair;
        self.told = verdict != Verdict::Unchanged;
        self.in_doubt &= !self.told;
        self.seen = Some(now);
        verdict
    }

    fn verdict(&self, now: &Seen, policy: Policy) -> Verdict {
        let Some(before) = &self.seen else { return Verdict::Unchanged };
        let replaced = before.is_another_object(now);
        let explained = !replaced && before.is_explained(now);
        if explained || policy == Policy::Ignore {
            return Verdict::Unchanged;
        }
        if self.in_doubt && !replaced {
            return Verdict::PerhapsOurs;
        }
        if self.repaired && !replaced && !self.gave_up {
            return Verdict::GaveUp;
        }
        let repairs = policy == Policy::Repair && self.sent_credentials && !self.gave_up;
        Verdict::Changed { replaced, at: now.updated_at.clone(), repairs }
    }
}

impl Seen {
    fn of(connection: &Connection) -> Self {
        Self {
            uid: connection.uid.clone(),
            resource_version: connection.resource_version.clone(),
            updated_at: connection.updated_at.clone(),
            phase: connection.phase.clone(),
        }
    }

    fn is_another_object(&self, now: &Self) -> bool {
        matches!((&self.uid, &now.uid), (Some(before), Some(now)) if before != now)
    }

    /// Whether nobody has to have written for this to follow.
    fn is_explained(&self, now: &Self) -> bool {
        match (&self.resource_version, &now.resource_version) {
            (Some(before), Some(after)) => {
                before == after || self.checked_by_the_service(now) || self.same_time(now)
            }
            // Without versions the time of the last change stands in for them,
            // and with neither nothing can be told.
            _ => match (&self.updated_at, &now.updated_at) {
                (Some(before), Some(after)) => before == after || self.checked_by_the_service(now),
                _ => true,
            },
        }
    }

    fn same_time(&self, now: &Self) -> bool {
        self.updated_at.is_some() && self.updated_at == now.updated_at
    }

    /// A new connection is checked by the service, which moves its status.
    fn checked_by_the_service(&self, now: &Self) -> bool {
        is_pending(self.phase.as_deref()) && !is_pending(now.phase.as_deref())
    }
}

fn is_pending(phase: Option<&str>) -> bool {
    phase.is_none_or(|phase| phase.is_empty() || phase.eq_ignore_ascii_case("PENDING"))
}

#[cfg(test)]
mod tests;
