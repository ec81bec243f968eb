//! The model of each connection: its configuration, and the reasons for which the provider
//! may plan nothing although the server holds other credentials.
//!
//! The design allows these reasons: the user asked for no repair, the change coincided with
//! the service's own check of the connection, no version was known, the repair was given
//! up. The model does not know requests.

use flink_emulator::StoredConnection;
use serde_json::Value as Json;
use tf_provider::testing::Stored;

use super::step::Change;
use crate::wanted::{Spelling, Wanted};

const TYPES: [&str; 2] = ["ELASTIC", "REST"];
const ENDPOINTS: [&str; 2] = ["https://one.example.com", "https://other.example.com"];

#[derive(Debug)]
pub(super) struct Managed {
    pub(super) address: String,
    pub(super) wanted: Wanted,
    pub(super) is_declared: bool,
    names: [String; 2],
    which: [usize; 3],
    /// The server may hold credentials that are not the configured ones.
    differs: bool,
    /// The provider may plan nothing although they differ.
    is_excused: bool,
    /// The service may have been checking the connection since our last write.
    was_pending: bool,
    gave_up: bool,
    /// The version has moved by an unknown write since our last write or the last report.
    is_moved: bool,
}

impl Managed {
    pub(super) fn new(number: usize) -> Self {
        let names = [format!("c{number}"), format!("c{number}-b")];
        let (kind, method) = Wanted::type_named(TYPES[0]);
        let wanted = Wanted::new(&names[0], kind, method, Spelling::Plain);
        Self {
            address: format!("flink_connection.c{number}"),
            wanted: Wanted { endpoint: ENDPOINTS[0].to_owned(), ..wanted },
            is_declared: true,
            names,
            which: [0; 3],
            differs: false,
            is_excused: false,
            was_pending: false,
            gave_up: false,
            is_moved: false,
        }
    }

    /// The endpoint that is not configured.
    pub(super) fn elsewhere(&self) -> &'static str {
        ENDPOINTS[1 - self.which[1]]
    }

    pub(super) fn change(&mut self, change: Change) {
        let [name, endpoint, kind] = &mut self.which;
        match change {
            Change::Add => self.is_declared = true,
            Change::Remove => self.is_declared = false,
            Change::Rename => *name = 1 - *name,
            Change::Move => *endpoint = 1 - *endpoint,
            Change::Retype => *kind = 1 - *kind,
            Change::Rotate(round) => self.wanted.round = round,
            Change::Spell(spelling) => self.wanted.spelling = spelling,
            Change::SendAgain => self.wanted.bumps += 1,
            Change::OnDrift(policy) => self.wanted.drift = Some(policy),
            Change::RespellKeys => self.wanted.payload_words = !self.wanted.payload_words,
        }
        let [name, endpoint, kind] = self.which;
        self.wanted.name.clone_from(&self.names[name]);
        self.wanted.endpoint = ENDPOINTS[endpoint].to_owned();
        (self.wanted.kind, self.wanted.method) = Wanted::type_named(TYPES[kind]);
    }

    /// The server may hold other credentials from now on.
    pub(super) fn may_differ(&mut self, stored: Option<&Stored>) {
        self.differs = true;
        self.is_excused |= stored.is_some_and(|stored| remembered_version(stored).is_none());
    }

    /// Updates the model from the state and the server.
    pub(super) fn look(&mut self, stored: Option<&Stored>, found: Option<&StoredConnection>) {
        let phase = found.map(|found| found.status.as_ref().map_or("", |status| &status.phase));
        self.was_pending |= phase.is_some_and(|phase| matches!(phase, "" | "PENDING"));
        let applied = stored.map(|stored| stored.attributes()["credential_drift"].clone());
        let is_repair = |policy: Json| policy.is_null() || policy == "repair";
        let repairs = self.repairs_drift() && applied.is_none_or(is_repair);
        self.is_excused |= self.differs && (self.was_pending || !repairs);
    }

    /// Returns true if `credential_drift` is configured to repair.
    pub(super) fn repairs_drift(&self) -> bool {
        self.wanted.drift.is_none_or(|policy| policy == "repair")
    }

    /// A write succeeded.
    pub(super) fn written(&mut self) {
        (self.differs, self.is_excused, self.was_pending) = (false, false, false);
        self.is_moved = false;
    }

    /// A third party moved the version, or we did and the state does not have it.
    pub(super) fn moved(&mut self) {
        self.is_moved = true;
    }

    /// A change by a third party was reported.
    pub(super) fn reported_drift(&self) {
        let name = &self.wanted.name;
        assert!(self.is_moved, "drift of `{name}` is reported twice, or for no reason");
    }

    /// The state has the report now, so the same change is not reported again.
    pub(super) fn stored_report(&mut self) {
        self.is_moved = false;
    }

    /// The provider reported that it does not repair further changes.
    pub(super) fn gave_up(&mut self) {
        assert!(self.is_moved, "the repair of `{}` is given up for no reason", self.wanted.name);
        self.gave_up = true;
    }

    /// Returns true if the server may hold other credentials than the configured ones
    /// although nothing is planned.
    pub(super) fn is_excused(&self) -> bool {
        self.is_excused || self.gave_up
    }
}

/// The version that the provider remembers of an object, in private state.
pub(super) fn remembered_version(stored: &Stored) -> Option<String> {
    let private: Json = serde_json::from_slice(stored.private()).ok()?;
    Some(private["seen"]["resource_version"].as_str()?.to_owned())
}
