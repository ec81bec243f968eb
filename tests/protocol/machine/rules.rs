//! The rules for each command, and for the end of a case.

use std::collections::BTreeMap;

use flink_emulator::{Entry, StoredConnection};
use tf_provider::testing::{Action, Stored};

use super::model::remembered_version;
use super::run::{Machine, Report};
use super::step::{Edit, Slot};
use crate::wanted::{SECRET, Spelling, UNSTORED};
use crate::world::ORGANIZATION;

/// The titles under which a refresh reports a change by a third party.
const DRIFT: [&str; 2] = [
    "Credentials may have changed outside of Terraform",
    "A connection was replaced outside of Terraform",
];

const REPAIR: &str = "Credentials are sent again";

/// The titles of warnings that come with every refresh as long as a status lasts.
const STATUS: [&str; 2] = ["An endpoint cannot be reached", "Credentials are refused"];

const NO_VERSION: &str = "Write-only credentials without a version";

/// The circumstances of a command that relax rules.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Leeway {
    /// A third party changed something while it ran.
    pub(super) edited: Option<Edit>,
    pub(super) stopped: bool,
    /// The state is the one from before.
    pub(super) killed: bool,
    /// It stores nothing.
    pub(super) only_plans: bool,
    pub(super) imported: bool,
}

/// State and server before a command.
pub(super) struct Scene {
    objects: BTreeMap<String, StoredConnection>,
    stored: Vec<Option<Stored>>,
    is_healthy: bool,
}

impl Scene {
    pub(super) fn of(machine: &Machine) -> Self {
        Self { objects: objects(machine), stored: stored(machine), is_healthy: machine.is_well() }
    }

    /// Puts the state of before into the state file.
    pub(super) fn restore(&self, machine: &Machine) {
        for (managed, stored) in machine.managed.iter().zip(&self.stored) {
            if let Some(stored) = stored {
                machine.world.core.store(&managed.address, stored.clone());
            }
        }
    }

    pub(super) fn nothing_is_written(&self, machine: &Machine) {
        let journal = machine.world.emulator.journal().entries();
        let written = journal.iter().find(|entry| entry.method != "GET");
        assert!(written.is_none(), "a command that only looks has sent {written:?}");
    }

    /// Checks the rules after the command.
    pub(super) fn end(&self, machine: &mut Machine, reports: &Vec<Report>, leeway: Leeway) {
        no_secret_is_shown(machine, reports);
        repairs_are_announced(machine, reports);
        let is_same = |edit| matches!(edit, Edit::Rotate | Edit::Touch(_) | Edit::Say(..));
        if self.is_healthy && !leeway.stopped && leeway.edited.is_none_or(is_same) {
            self.only_conflicts_are_errors(machine, reports, leeway);
        }
        if leeway.edited.is_none() {
            self.foreign_objects_are_unchanged(machine);
        }
        if !leeway.imported {
            self.foreign_objects_are_not_adopted(machine);
        }
        self.updates_name_a_version(machine);
        if !leeway.killed {
            self.what_left_the_state_is_gone(machine);
        }
        self.new_objects_are_stored_or_reported(machine, reports, leeway);
        let writes = machine.world.emulator.journal().entries();
        for report in reports {
            self.remember(machine, report, &writes, leeway);
        }
        machine.look();
    }

    /// Returns true if the state had a confirmed object of this name.
    fn is_in_state(&self, name: &str) -> bool {
        let mut stored = self.stored.iter().flatten();
        stored.any(|stored| stored.attributes()["name"] == name && !is_unconfirmed(stored))
    }

    /// Returns true if an object was made by an unconfirmed create.
    fn is_found(&self, machine: &Machine, object: &StoredConnection) -> bool {
        let mut unconfirmed = self.stored.iter().flatten().filter(|stored| is_unconfirmed(stored));
        machine.orphans.contains(&object.uid)
            && unconfirmed.any(|stored| stored.attributes()["name"] == object.name)
    }

    fn only_conflicts_are_errors(&self, machine: &Machine, reports: &[Report], leeway: Leeway) {
        for report in reports {
            let wanted = &machine.managed[report.slot].wanted;
            let Some(error) = report.errors.first() else { continue };
            let is_taken =
                self.objects.contains_key(&wanted.name) && !self.is_in_state(&wanted.name);
            let id = format!("id = \"{ORGANIZATION}/env-1/aws/us-east-1/{}\"", wanted.name);
            let expected = match wanted.spelling {
                Spelling::Dropped if error.contains("Missing credentials") => true,
                _ if leeway.imported => !self.objects.contains_key(&wanted.name),
                _ => is_taken && error.contains("import {") && error.contains(&id),
            };
            assert!(expected, "an error where all is well: {report:#?}");
        }
    }

    /// Objects that were in no state are unchanged. An object that we have just made may be
    /// taken for the object of an unconfirmed create.
    fn foreign_objects_are_unchanged(&self, machine: &Machine) {
        let now = objects(machine);
        for (name, before) in self.objects.iter().filter(|(name, _)| !self.is_in_state(name)) {
            if self.is_found(machine, before) {
                continue;
            }
            let may_move = machine.is_moving() || machine.orphans.contains(&before.uid);
            let after = now.get(name);
            let is_same = after.is_some_and(|after| {
                after.uid == before.uid
                    && (may_move || after.resource_version == before.resource_version)
            });
            assert!(is_same, "`{name}` was in no state, and is {after:#?} after {before:#?}");
        }
    }

    /// Only an import adds an existing object to the state.
    fn foreign_objects_are_not_adopted(&self, machine: &Machine) {
        for stored in stored(machine).into_iter().flatten() {
            let (uid, name) =
                (stored.attributes()["uid"].clone(), stored.attributes()["name"].clone());
            let foreign = self.objects.values().find(|before| {
                uid == before.uid && name == before.name && !self.is_in_state(&before.name)
            });
            let is_taken = foreign.is_some_and(|before| !machine.orphans.contains(&before.uid));
            assert!(!is_taken, "what was in no state is in it now: {foreign:#?}");
        }
    }

    /// So that two writers do not undo each other's work unseen.
    fn updates_name_a_version(&self, machine: &Machine) {
        let known = self.stored.iter().flatten();
        let known = known.filter(|stored| remembered_version(stored).is_some());
        let known: Vec<_> = known.map(Stored::attributes).collect();
        let journal = machine.world.emulator.journal().entries();
        for put in journal.iter().filter(|entry| entry.method == "PUT") {
            let is_known = known.iter().any(|state| {
                state["name"].as_str().is_some_and(|name| writes_credentials(put, name))
            });
            assert!(put.resource_version.is_some() || !is_known, "without a version: {put:?}");
        }
    }

    fn what_left_the_state_is_gone(&self, machine: &Machine) {
        let now = objects(machine);
        for (before, after) in self.stored.iter().zip(stored(machine)) {
            let [before, after] = [before, &after].map(|stored| {
                let attributes = stored.as_ref()?.attributes();
                Some(attributes["name"].as_str().unwrap_or_default().to_owned())
            });
            if let Some(name) = before.filter(|name| Some(name) != after.as_ref()) {
                let found = now.get(&name);
                let is_left = found.is_some_and(|found| machine.left.contains(&found.uid));
                assert!(
                    found.is_none() || is_left,
                    "`{name}` is not in the state any more, and is there: {found:?}"
                );
            }
        }
    }

    /// An object that the command has made is in the state, if only as one that may be
    /// there, or an error names it.
    fn new_objects_are_stored_or_reported(
        &self,
        machine: &mut Machine,
        reports: &[Report],
        leeway: Leeway,
    ) {
        let stored = stored(machine);
        for (name, object) in objects(machine) {
            let is_new = self.objects.get(&name).is_none_or(|before| before.uid != object.uid);
            if !is_new || machine.left.contains(&object.uid) {
                continue;
            }
            let is_meant = |stored: &&Stored| stored.attributes()["name"] == *name;
            if let Some(stored) = stored.iter().flatten().find(is_meant) {
                if is_unconfirmed(stored) {
                    machine.orphans.insert(object.uid);
                }
                continue;
            }
            let is_reported = |report: &&Report| {
                machine.managed[report.slot].wanted.name == name
                    && report.errors.iter().any(|error| error.contains("import {"))
            };
            assert!(
                leeway.killed || reports.iter().any(|report| is_reported(&report)),
                "`{name}` was made, is not in the state, and no error names it: {reports:#?}"
            );
            machine.left.insert(object.uid.clone());
            machine.orphans.insert(object.uid);
        }
    }

    /// Draws the conclusions for what follows, and holds a success for one.
    fn remember(&self, machine: &mut Machine, report: &Report, writes: &[Entry], leeway: Leeway) {
        let state = machine.stored(report.slot);
        let wanted = machine.managed[report.slot].wanted.clone();
        let is_written = writes.iter().any(|entry| writes_credentials(entry, &wanted.name));
        let is_known_to_exist =
            report.errors.iter().any(|text| text.contains("exists, made by a request"));
        assert!(
            leeway.killed || !is_known_to_exist || state.is_some(),
            "what was left behind is not in the state: {report:#?}"
        );
        let is_moving = machine.is_moving();
        let managed = &mut machine.managed[report.slot];
        if is_moving {
            managed.moved();
        }
        let warns = |title: &str| report.warnings.iter().any(|text| text.starts_with(title));
        if DRIFT.iter().any(|title| warns(title)) {
            managed.reported_drift();
            let is_stored = !leeway.killed && !leeway.only_plans && report.is_carried_out();
            let may_move_since = is_moving || leeway.edited.is_some() || leeway.stopped;
            if is_stored && !may_move_since {
                managed.stored_report();
            }
        }
        if warns("Credentials are no longer repaired") {
            managed.gave_up();
        }
        if is_written && leeway.killed {
            managed.moved();
        }
        if is_written && (!report.errors.is_empty() || leeway.killed) {
            managed.may_differ(state.as_ref());
        } else if is_written {
            managed.written();
            if is_moving {
                managed.moved();
            }
        }
        if is_written && report.errors.is_empty() {
            machine.assert_holds(report.slot);
        }
    }
}

impl Machine {
    /// The server holds the configured credentials.
    fn assert_holds(&self, slot: Slot) {
        let wanted = &self.managed[slot].wanted;
        for (key, value) in wanted.payload() {
            assert!(
                self.world.connections().holds(&wanted.name, key, &value),
                "the server does not hold the configured {key} of `{}`",
                wanted.name
            );
        }
    }

    /// Nothing is planned, and the server is what is configured.
    pub(super) fn assert_settled(&self, reports: &[Report]) {
        let objects = objects(self);
        for report in reports {
            assert_eq!(report.action, Some(Action::NoOp), "after an apply: {report:#?}");
            let lacks_version = self.managed[report.slot].wanted.lacks_version();
            let is_lasting = |text: &&String| {
                let is_status = STATUS.iter().any(|title| text.starts_with(title));
                is_status || lacks_version && text.starts_with(NO_VERSION)
            };
            let news = report.warnings.iter().find(|text| !is_lasting(text));
            assert!(news.is_none(), "after an apply: {news:?}");
        }
        for (slot, managed) in self.managed.iter().enumerate() {
            let stored = self.stored(slot);
            assert_eq!(stored.is_some(), managed.is_declared, "the state of {}", managed.address);
            let Some(stored) = stored else { continue };
            let state = stored.attributes();
            let wanted = &managed.wanted;
            let found = objects.get(&wanted.name);
            let Some(found) = found else { panic!("`{}` is not there", wanted.name) };
            assert_eq!(found.connection_type, wanted.kind.name);
            assert_eq!(found.endpoint, wanted.endpoint);
            assert_eq!(state["uid"], found.uid);
            assert_eq!(state["name"], found.name);
            assert_eq!(remembered_version(&stored), Some(found.resource_version.clone()));
            if !managed.is_excused() {
                self.assert_holds(slot);
            }
        }
        let is_managed = |name: &str| {
            self.managed.iter().any(|managed| managed.is_declared && managed.wanted.name == name)
        };
        for (name, object) in objects.iter().filter(|(name, _)| !is_managed(name)) {
            assert!(self.left.contains(&object.uid), "`{name}` is unmanaged: {object:?}");
        }
    }
}

/// Returns true if the create of an object is unconfirmed.
fn is_unconfirmed(stored: &Stored) -> bool {
    stored.is_tainted() && stored.attributes()["uid"].is_null()
}

/// A plan that repairs credentials says so, and no other plan does.
fn repairs_are_announced(machine: &Machine, reports: &[Report]) {
    for report in reports {
        let managed = &machine.managed[report.slot];
        let Some(action) = report.action else { continue };
        let is_update = action == Action::Update;
        let repairs = report.warnings.iter().any(|text| text.starts_with(REPAIR));
        let can_repair = managed.repairs_drift() && managed.wanted.spelling != Spelling::Dropped;
        assert!(!repairs || is_update && can_repair, "a repair that is none: {report:#?}");
        let is_to_repair = |text: &&String| {
            let is_drift = DRIFT.iter().any(|title| text.starts_with(title));
            is_drift && !text.contains("Nothing is planned for it.")
        };
        let found = report.warnings.iter().find(is_to_repair);
        let is_new = matches!(action, Action::Create | Action::Replace);
        assert!(
            found.is_none() || repairs || !can_repair || is_new,
            "drift without a repair: {report:#?}"
        );
    }
}

fn no_secret_is_shown(machine: &Machine, reports: &[Report]) {
    for report in reports {
        let texts = report.errors.iter().chain(&report.warnings);
        let shown = texts.filter(|text| text.contains(SECRET)).count();
        assert_eq!(shown, 0, "a secret is shown of {}", machine.managed[report.slot].address);
    }
    for stored in stored(machine).into_iter().flatten() {
        let private = String::from_utf8_lossy(stored.private()).into_owned();
        assert!(!private.contains(SECRET), "a secret is in private state");
        let attributes = stored.attributes().to_string();
        assert!(!attributes.contains(UNSTORED), "a write-only value is in the state");
    }
}

fn writes_credentials(entry: &Entry, name: &str) -> bool {
    let named = |body: &serde_json::Value| body["name"] == name;
    match entry.method.as_str() {
        "PUT" => entry.path.ends_with(&format!("/connections/{name}")),
        "POST" => entry.body.as_ref().is_some_and(named),
        _ => false,
    }
}

fn objects(machine: &Machine) -> BTreeMap<String, StoredConnection> {
    let list = machine.world.connections().list();
    list.into_iter().map(|object| (object.name.clone(), object)).collect()
}

fn stored(machine: &Machine) -> Vec<Option<Stored>> {
    machine.managed.iter().map(|each| machine.world.core.stored(&each.address)).collect()
}
