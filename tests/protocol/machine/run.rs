//! Runs steps: changes of the configuration, the server and the network, and the commands
//! of the CLI on the small Core. `rules` checks each command.

use std::collections::BTreeSet;
use std::pin::pin;
use std::time::Duration;

use flink_emulator::{Bump, Clock, Emulator, NewConnection, Status};
use tf_provider::testing::{Action, Plan, StepDiagnostics, Stored};
use tokio::task::JoinSet;

use super::model::Managed;
use super::rules::{Leeway, Scene};
use super::step::{Change, Command, Edit, Marks, Quirks, Shape, Slot, Step};
use super::trouble::{Trouble, What};
use crate::wanted::{SECRET, Spelling, payload_word};
use crate::world::{RETRIES, World};

/// The maximal number of faults at the same time.
const MOST_RULES: usize = 3;

/// The maximal number of connections that are processed one after the other, so that
/// faults which count requests are deterministic.
const FEW: usize = 3;

/// The parallelism of the CLI.
const PARALLEL: usize = 10;

pub(super) struct Machine {
    pub(super) world: World,
    pub(super) managed: Vec<Managed>,
    /// The uids of objects that are in no state, which an error has named.
    pub(super) left: BTreeSet<String>,
    /// Those of them that we have made ourselves.
    pub(super) orphans: BTreeSet<String>,
    /// The faults that are active.
    pub(super) troubles: Vec<Trouble>,
    clock: Clock,
}

/// The result of a command for one connection.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) slot: Slot,
    /// The planned action, if the command planned.
    pub(super) action: Option<Action>,
    pub(super) errors: Vec<String>,
    pub(super) warnings: Vec<String>,
}

impl Report {
    fn new(slot: Slot, action: Option<Action>, step: &StepDiagnostics) -> Self {
        let text = |each: &tf_provider::Diagnostic| format!("{}: {}", each.summary(), each.text());
        let [errors, warnings] =
            [step.errors(), step.warnings()].map(|all| all.into_iter().map(text).collect());
        Self { slot, action, errors, warnings }
    }
}

impl Report {
    /// Returns true unless planning failed, after which nothing is stored.
    pub(super) fn is_carried_out(&self) -> bool {
        self.action.is_some() || self.errors.is_empty()
    }
}

impl Machine {
    pub(super) async fn start(connections: usize, quirks: Quirks) -> Self {
        let clock = Clock::fixed(Clock::system().now());
        let emulator = Emulator::builder().clock(clock.clone()).settings(|settings| {
            settings.update_answers_with_body = quirks.put_answers;
            settings.delete_status = quirks.delete_status;
            settings.new_phase = quirks.first_phase.map(str::to_owned);
        });
        let managed = (0..connections).map(Managed::new).collect();
        Self {
            world: World::with(emulator).await,
            managed,
            left: BTreeSet::new(),
            orphans: BTreeSet::new(),
            troubles: Vec::new(),
            clock,
        }
    }

    pub(super) async fn take(&mut self, step: &Step) {
        match step {
            Step::Write(slot, change) => self.managed_at(*slot).change(*change),
            Step::Outside(slot, edit) => self.outside(*slot, *edit),
            Step::Break(trouble) => {
                if self.troubles.len() < MOST_RULES {
                    self.world.emulator.faults().add(trouble.fault());
                    self.troubles.push(*trouble);
                }
            }
            Step::Mend => self.mend(),
            Step::Run(command) => self.run(command).await,
        }
    }

    async fn run(&mut self, command: &Command) {
        match command {
            Command::Plan => {
                self.plan().await;
            }
            Command::Apply => {
                self.apply(None).await;
            }
            Command::ApplyAfter(slot, edit) => {
                self.apply(Some((*slot, *edit))).await;
            }
            Command::ApplyStopped(requests) => self.apply_stopped(*requests).await,
            Command::ApplyKilled => self.apply_killed().await,
            Command::Refresh => self.refresh().await,
            Command::Destroy => self.destroy().await,
            Command::Import(slot) => self.import(*slot).await,
            Command::Settle => self.settle().await,
        }
    }

    fn mend(&mut self) {
        self.world.emulator.faults().clear();
        self.troubles.clear();
    }

    /// Returns true if all faults pass within the client's retries.
    pub(super) fn is_well(&self) -> bool {
        let fails: Option<u64> = self.troubles.iter().map(|each| each.passes_after()).sum();
        fails.is_some_and(|fails| fails <= RETRIES)
    }

    /// Returns true if a fault may move versions at any time.
    pub(super) fn is_moving(&self) -> bool {
        self.troubles.iter().any(|each| each.what == What::Stale)
    }

    fn managed_at(&mut self, slot: Slot) -> &mut Managed {
        let slot = slot % self.managed.len();
        &mut self.managed[slot]
    }

    /// The connection in the state.
    pub(super) fn stored(&self, slot: Slot) -> Option<Stored> {
        self.world.core.stored(&self.managed[slot].address)
    }
}

/// Changes by third parties.
impl Machine {
    fn outside(&mut self, slot: Slot, edit: Edit) {
        // Objects of third parties are older than the command, by the server's clock.
        let now = Clock::system().now();
        self.clock.set(now.checked_sub(Duration::from_secs(3600)).unwrap_or(now));
        self.look();
        let before = self.world.connections().list();
        let slot = slot % self.managed.len();
        let (stored, wanted) = (self.stored(slot), &self.managed[slot].wanted);
        let (there, name) = (self.world.connections(), wanted.name.clone());
        let new = |shape| {
            let endpoint = match shape {
                Shape::Alike => wanted.endpoint.as_str(),
                Shape::Elsewhere => self.managed[slot].elsewhere(),
            };
            let new = NewConnection::new(&name, wanted.kind.name, endpoint);
            let keys = wanted.method.required.iter().map(|key| payload_word(key));
            keys.fold(new, |new, key| new.credential(key, theirs()))
        };
        let others = match edit {
            Edit::Make(shape) => there.insert(new(shape)).ok().map(|made| made.uid),
            Edit::Remake(shape) => there.recreate(new(shape)).ok().map(|made| made.uid),
            Edit::Rotate => there.get(&name).map(|found| {
                let keys = found.credential_keys.into_iter().filter(|key| key != "AUTH_TYPE");
                let edited = there.set_credentials(&name, keys.map(|key| (key, theirs())));
                edited.expect("the type takes these keys").uid
            }),
            Edit::Delete => {
                there.delete(&name);
                None
            }
            Edit::Touch(marks) => {
                let _ = there.touch(&name, marks.into());
                None
            }
            Edit::Say(phase, marks) => {
                let status = Some(phase).filter(|phase| !phase.is_empty()).map(Status::new);
                let _ = there.set_status(&name, status, marks.into());
                None
            }
        };
        if self.world.connections().list() != before {
            self.managed[slot].moved();
        }
        if let Some(uid) = others {
            self.managed[slot].may_differ(stored.as_ref());
            if self.stored_uids().all(|stored| stored != uid) && !matches!(edit, Edit::Rotate) {
                self.left.insert(uid);
            }
        }
        self.look();
    }

    fn stored_uids(&self) -> impl Iterator<Item = String> {
        let states = (0..self.managed.len()).filter_map(|slot| self.stored(slot));
        states.filter_map(|state| state.attributes()["uid"].as_str().map(str::to_owned))
    }

    pub(super) fn look(&mut self) {
        for slot in 0..self.managed.len() {
            let stored = self.stored(slot);
            let managed = &mut self.managed[slot];
            let found = self.world.connections().get(&managed.wanted.name);
            managed.look(stored.as_ref(), found.as_ref());
        }
    }
}

/// The commands.
impl Machine {
    /// Sets the clock ahead, so that an object is never older than its command.
    fn set_clock(&self) {
        let now = Clock::system().now();
        self.clock.set(now.checked_add(Duration::from_secs(60)).unwrap_or(now));
    }

    async fn begin(&mut self) -> Scene {
        self.set_clock();
        self.look();
        self.world.begin_command().await;
        self.world.emulator.journal().clear();
        Scene::of(self)
    }

    pub(super) async fn plan(&mut self) -> Vec<Report> {
        let scene = self.begin().await;
        self.plan_within(scene).await
    }

    /// As [`Self::plan`], by the same process: what it has just written is newer
    /// than what it has read before.
    async fn plan_again(&mut self) -> Vec<Report> {
        self.world.emulator.journal().clear();
        let scene = Scene::of(self);
        self.plan_within(scene).await
    }

    async fn plan_within(&mut self, scene: Scene) -> Vec<Report> {
        let plans = self.plan_all().await;
        let reports = plans.iter().map(|(slot, plan)| Report::new(*slot, action(plan), plan));
        let reports = reports.collect();
        scene.nothing_is_written(self);
        scene.end(self, &reports, Leeway { only_plans: true, ..Leeway::default() });
        reports
    }

    pub(super) async fn apply(&mut self, between: Option<(Slot, Edit)>) -> Vec<Report> {
        let scene = self.begin().await;
        let plans = self.plan_all().await;
        if let Some((slot, edit)) = between {
            self.outside(slot, edit);
            self.set_clock();
        }
        let reports = self.apply_all(plans).await;
        let edited = between.map(|(_, edit)| edit);
        scene.end(self, &reports, Leeway { edited, ..Leeway::default() });
        reports
    }

    async fn apply_stopped(&mut self, requests: usize) {
        let scene = self.begin().await;
        let (core, journal) = (self.world.core.clone(), self.world.emulator.journal());
        let stopped = async {
            while journal.entries().len() < requests {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            core.stop().await;
        };
        let applied = async { self.apply_all(self.plan_all().await).await };
        let reports = {
            let mut applied = pin!(applied);
            tokio::select! {
                biased;
                reports = &mut applied => reports,
                () = stopped => applied.await,
            }
        };
        scene.end(self, &reports, Leeway { stopped: true, ..Leeway::default() });
    }

    async fn apply_killed(&mut self) {
        let scene = self.begin().await;
        let plans = self.plan_all().await;
        let reports = self.apply_all(plans).await;
        self.world.begin_anew().await;
        scene.restore(self);
        scene.end(self, &reports, Leeway { killed: true, ..Leeway::default() });
    }

    pub(super) async fn refresh(&mut self) {
        let scene = self.begin().await;
        let mut jobs = Vec::new();
        for slot in self.stored_slots() {
            let (core, address) = (self.world.core.clone(), self.managed[slot].address.clone());
            jobs.push(async move { Report::new(slot, None, &*core.refresh(&address).await) });
        }
        let reports = self.each(jobs).await;
        scene.nothing_is_written(self);
        scene.end(self, &reports, Leeway::default());
    }

    async fn destroy(&mut self) {
        let scene = self.begin().await;
        let reports = self.destroy_these(self.stored_slots().collect()).await;
        scene.end(self, &reports, Leeway::default());
    }

    async fn import(&mut self, slot: Slot) {
        let slot = slot % self.managed.len();
        if !self.managed[slot].is_declared || self.stored(slot).is_some() {
            return;
        }
        let scene = self.begin().await;
        let Managed { address, wanted, .. } = &self.managed[slot];
        let imported = self.world.core.import(address, &wanted.name).await;
        let reports = vec![Report::new(slot, None, &imported)];
        scene.nothing_is_written(self);
        scene.end(self, &reports, Leeway { imported: true, ..Leeway::default() });
    }

    /// Ends all trouble. Then one apply is enough, once the user has done what the
    /// provider asks for: imported what is in the way, or given another name where the
    /// connection would be replaced, and given credentials to what has none.
    pub(super) async fn settle(&mut self) {
        self.mend();
        let mut rounds = 0;
        loop {
            let reports = self.apply(None).await;
            let refused: Vec<_> = reports.iter().filter(|each| !each.errors.is_empty()).collect();
            if refused.is_empty() {
                break;
            }
            rounds += 1;
            assert!(rounds <= 2, "no apply succeeds: {refused:#?}");
            for report in refused {
                if report.errors.iter().any(|error| error.contains("Missing credentials")) {
                    self.managed[report.slot].wanted.spelling = Spelling::Plain;
                } else if self.stored(report.slot).is_some() {
                    self.managed[report.slot].change(Change::Rename);
                } else {
                    self.import(report.slot).await;
                }
            }
        }
        let reports = self.plan_again().await;
        self.assert_settled(&reports);
        self.refresh().await;
        let reports = self.plan().await;
        self.assert_settled(&reports);
    }

    fn stored_slots(&self) -> impl Iterator<Item = Slot> {
        (0..self.managed.len()).filter(|slot| self.stored(*slot).is_some())
    }

    async fn plan_all(&self) -> Vec<(Slot, Plan)> {
        let declared = self.managed.iter().enumerate().filter(|(_, managed)| managed.is_declared);
        let jobs = declared.map(|(slot, managed)| {
            let (core, address) = (self.world.core.clone(), managed.address.clone());
            let config = managed.wanted.configuration();
            async move { (slot, core.plan(&address, config).await) }
        });
        self.each(jobs.collect()).await
    }

    /// Carries the plans out, and destroys what is not configured any more.
    async fn apply_all(&self, plans: Vec<(Slot, Plan)>) -> Vec<Report> {
        let undeclared = self.stored_slots().filter(|slot| !self.managed[*slot].is_declared);
        let mut reports = self.destroy_these(undeclared.collect()).await;
        let jobs = plans.into_iter().map(|(slot, plan)| {
            let core = self.world.core.clone();
            let config = self.managed[slot].wanted.configuration();
            async move {
                let action = action(&plan);
                Report::new(slot, action, &*core.apply_plan(plan, config).await)
            }
        });
        reports.extend(self.each(jobs.collect()).await);
        reports
    }

    async fn destroy_these(&self, slots: Vec<Slot>) -> Vec<Report> {
        let jobs = slots.into_iter().map(|slot| {
            let (core, address) = (self.world.core.clone(), self.managed[slot].address.clone());
            async move { Report::new(slot, None, &*core.destroy(&address).await) }
        });
        self.each(jobs.collect()).await
    }

    /// Runs jobs as the CLI does; a few of them one after the other.
    async fn each<T: Send + 'static>(
        &self,
        jobs: Vec<impl Future<Output = T> + Send + 'static>,
    ) -> Vec<T> {
        let parallel = if self.managed.len() <= FEW { 1 } else { PARALLEL };
        let (mut running, mut done) = (JoinSet::new(), Vec::new());
        let mut ended = |ended: Option<Result<T, tokio::task::JoinError>>| match ended {
            Some(Ok(outcome)) => done.push(outcome),
            Some(Err(error)) => std::panic::resume_unwind(error.into_panic()),
            None => {}
        };
        for job in jobs {
            if running.len() >= parallel {
                ended(running.join_next().await);
            }
            running.spawn(job);
        }
        while !running.is_empty() {
            ended(running.join_next().await);
        }
        done
    }
}

fn action(plan: &Plan) -> Option<Action> {
    plan.errors().is_empty().then(|| plan.action())
}

fn theirs() -> String {
    format!("{SECRET}-of-a-third-party")
}

impl From<Marks> for Bump {
    fn from(marks: Marks) -> Self {
        match marks {
            Marks::Nothing => Self::Nothing,
            Marks::Version => Self::Version,
            Marks::VersionAndTime => Self::VersionAndTime,
        }
    }
}
