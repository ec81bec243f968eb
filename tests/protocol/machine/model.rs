//! What is known of each connection: what is configured, and what may excuse the
//! provider for not knowing that the server holds other credentials.
//!
//! The excuses are those of the design, and nothing else: a change that the user
//! asked not to be repaired, one that hides behind the service's own check of a
//! connection, one that was never told apart because no version was known, and a
//! repair that was given up. It must not know how anything is sent.

use flink_emulator::StoredConnection;
use serde_json::Value as Json;

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
    /// And the provider does not have to know.
    is_excused: bool,
    /// Since our last write the service may have been checking it.
    was_pending: bool,
    gave_up: bool,
    /// Since our last write the version has moved in a way that we do not know.
    is_moved: bool,
}

impl Managed {
    pub(super) fn new(number: usize) -> Self {
        let names = [format!("c{number}"), format!("c{number}-b")];
        let (kind, way) = Wanted::type_named(TYPES[0]);
        let wanted = Wanted::new(&names[0], kind, way, Spelling::Plain);
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
            Change::Limit(limit) => self.wanted.timeout = limit,
        }
        let [name, endpoint, kind] = self.which;
        self.wanted.name.clone_from(&self.names[name]);
        self.wanted.endpoint = ENDPOINTS[endpoint].to_owned();
        (self.wanted.kind, self.wanted.way) = Wanted::type_named(TYPES[kind]);
    }

    /// The credentials at the server may have become others.
    pub(super) fn doubt(&mut self, stored: Option<&Json>) {
        self.differs = true;
        let is_blind = stored.is_some_and(|state| state["resource_version"].is_null());
        self.is_excused |= is_blind;
    }

    /// Looks at what is there, and at the policies that hold.
    pub(super) fn look(&mut self, stored: Option<&Json>, found: Option<&StoredConnection>) {
        let phase = found.map(|found| found.status.as_ref().map_or("", |status| &status.phase));
        self.was_pending |= phase.is_some_and(|phase| matches!(phase, "" | "PENDING"));
        let configured = self.wanted.drift.unwrap_or("repair");
        let applied = stored.and_then(|state| state["credential_drift"].as_str());
        let repairs = configured == "repair" && applied.is_none_or(|policy| policy == "repair");
        self.is_excused |= self.differs && (self.was_pending || !repairs);
    }

    /// A write was told to have succeeded.
    pub(super) fn written(&mut self) {
        (self.differs, self.is_excused, self.was_pending) = (false, false, false);
        self.is_moved = false;
    }

    /// Someone else moved the version, or we did and have lost our memory of it.
    pub(super) fn moved(&mut self) {
        self.is_moved = true;
    }

    /// Someone else is said to have changed it.
    pub(super) fn blamed(&self) {
        assert!(self.is_moved, "others are blamed for what we did to `{}`", self.wanted.name);
    }

    /// It was told that no changes are repaired any more.
    pub(super) fn gave_up(&mut self) {
        assert!(self.is_moved, "the repair of `{}` is given up for no reason", self.wanted.name);
        self.gave_up = true;
    }

    /// Whether the server may hold other credentials than the configured ones and
    /// nothing is planned.
    pub(super) fn is_excused(&self) -> bool {
        self.is_excused || self.gave_up
    }
}
