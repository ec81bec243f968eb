//! Every operation under every fault, once and each time.
//!
//! One world tests a whole row: each fault has an environment of its own with one
//! connection, named after the fault. The rules in `operation` give the expected outcome
//! of a cell. A test names each cell that breaks a rule.

use std::collections::{BTreeMap, BTreeSet};

use flink_emulator::{Method, NewConnection, Place, StoredConnection};

use super::column::{self, Column, Nature, SECRET};
use super::import_block;
use super::operation::{FIRST, Operation, Reach, environment, import, preamble};
use crate::cli::Run;
use crate::scenario::Scenario;
use crate::secrets::search::{Secret, search};
use crate::world::{KEY, ORGANIZATION, World};

#[tokio::test]
async fn a_create_under_any_fault_makes_one_object() {
    row(Operation::Create, &[Reach::Once, Reach::EachTime, Reach::Everything]).await;
}

#[tokio::test]
async fn a_refresh_under_any_fault_changes_nothing() {
    row(Operation::Refresh, &[Reach::Once, Reach::Everything]).await;
}

#[tokio::test]
async fn an_import_under_any_fault_takes_over_or_nothing() {
    row(Operation::Import, &[Reach::Once, Reach::Everything]).await;
}

#[tokio::test]
async fn an_update_under_any_fault_is_done_or_planned_again() {
    row(Operation::Update, &[Reach::Once, Reach::EachTime, Reach::Everything]).await;
}

#[tokio::test]
async fn an_update_of_write_only_credentials_under_any_fault_is_done_or_planned_again() {
    row(Operation::UpdateWriteOnly, &[Reach::Once, Reach::Everything]).await;
}

#[tokio::test]
async fn a_replacement_whose_delete_meets_any_fault_leaves_one_object() {
    row(Operation::ReplaceDelete, &[Reach::Once, Reach::Everything]).await;
}

#[tokio::test]
async fn a_replacement_whose_create_meets_any_fault_leaves_one_object() {
    row(Operation::ReplaceCreate, &[Reach::Once, Reach::Everything]).await;
}

#[tokio::test]
async fn a_delete_under_any_fault_leaves_nothing_in_the_end() {
    row(Operation::Delete, &[Reach::Once, Reach::EachTime, Reach::Everything]).await;
}

async fn row(operation: Operation, reaches: &[Reach]) {
    let mut wrong = Vec::new();
    for reach in reaches {
        let found = Row::new(operation, *reach).await.check().await;
        wrong.extend(found.iter().map(|each| format!("{reach:?}: {each}")));
    }
    assert!(wrong.is_empty(), "{operation:?}\n{}", wrong.join("\n"));
}

/// An operation under all faults.
struct Row {
    operation: Operation,
    reach: Reach,
    columns: Vec<Column>,
    world: World,
    /// The objects before the operation, by name.
    before: BTreeMap<String, StoredConnection>,
    /// The broken rules, by cell.
    wrong: Vec<String>,
}

/// The run.
impl Row {
    /// The row before the operation.
    async fn new(operation: Operation, reach: Reach) -> Self {
        let columns = column::all().into_iter();
        let columns: Vec<Column> = columns.filter(|each| operation.can_meet(each.nature)).collect();
        let world = Scenario::new("")
            .logged()
            .with("TF_VAR_secret", FIRST)
            .with("FLINK_MAX_RETRIES", "2")
            .with("FLINK_MAX_RETRY_WAIT", "20ms");
        let before = BTreeMap::new();
        let world = world.await;
        let mut row = Self { operation, reach, columns, world, before, wrong: Vec::new() };
        // Covers both forms of the response to an update.
        let with_body = operation == Operation::Update;
        row.world.emulator.settings(|settings| settings.update_answers_with_body = with_body);
        row.prepare().await;
        row
    }

    async fn prepare(&mut self) {
        if self.operation.begins_with_state() {
            self.world.configure(self.configuration(Operation::before));
            self.world.apply().await;
        }
        if self.operation == Operation::Import {
            for Column { name, .. } in &self.columns {
                let new = NewConnection::new(*name, "OPENAI", self.operation.endpoint());
                self.world.insert(&place(name), new.credential("API_KEY", FIRST));
            }
        }
        self.before = self.columns.iter().filter_map(|each| self.server(each)).collect();
        if self.operation.secret() == SECRET {
            self.world.set("TF_VAR_secret", SECRET);
        }
    }

    /// Runs the operation under the faults and again without them. Returns the broken rules.
    async fn check(mut self) -> Vec<String> {
        let configuration = self.configuration(Operation::after);
        let imports: String = match self.operation {
            Operation::Import => {
                self.columns.iter().map(|each| import(each.name).to_string()).collect()
            }
            _ => String::new(),
        };
        self.world.configure(configuration.clone() + &imports);
        let rules = self.play();
        let run = self.world.run(self.operation.command()).await;
        self.ended_as_expected(&run);
        self.heal(&rules);
        self.stored_the_truth();
        let made: Vec<_> = self.columns.iter().filter_map(|each| self.server(each)).collect();
        let is_tainted = |name: &str| self.world.is_tainted(&format!("flink_connection.{name}"));
        let made: Vec<_> = made.into_iter().filter(|(name, _)| !is_tainted(name)).collect();
        let mut again = vec!["apply", "-json", "-auto-approve"];
        if self.operation == Operation::Delete {
            again[0] = "destroy";
        }
        let run = self.world.run(&again).await;
        let blocks = self.imports_asked_for(&run);
        if !blocks.is_empty() {
            self.world.configure(configuration + &imports + &blocks);
            self.world.apply().await;
        }
        self.ended().await;
        self.kept_its_objects(&made);
        self.kept_its_secrets();
        self.wrong
    }

    /// Adds the faults. Returns the rule of each column that must apply to the request.
    fn play(&self) -> Vec<u64> {
        let (faults, method) = (self.world.emulator.faults(), self.operation.method());
        let rule = |Column { name, fault, .. }: &Column| {
            let list = format!("*/{}/connections", environment(name));
            let request = match self.operation.creates() {
                true => list.clone(),
                false => format!("{list}/{name}"),
            };
            let met = fault.clone().on(method.clone(), request);
            let met = faults.add(if self.reach == Reach::Once { met.times(1) } else { met });
            if self.reach == Reach::Everything {
                faults.add(fault.clone().on(Method::GET, list + "*"));
            }
            met
        };
        self.columns.iter().map(rule).collect()
    }

    /// Removes the faults, each of which must have been played.
    fn heal(&mut self, rules: &[u64]) {
        let faults = self.world.emulator.faults();
        for (column, rule) in self.columns.iter().zip(rules) {
            if faults.get(*rule).is_none_or(|standing| standing.fired == 0) {
                self.wrong.push(format!("{}: the fault was not played", column.name));
            }
        }
        faults.clear();
    }
}

/// The expectations.
impl Row {
    fn ended_as_expected(&mut self, run: &Run) {
        let errors = self.errors(run);
        for Column { name, nature, .. } in &self.columns {
            let is_well = !errors.contains_key(*name);
            if is_well != self.operation.succeeds(*nature, self.reach) {
                let what = errors.get(*name).map_or("it succeeded", String::as_str);
                self.wrong.push(format!("{name} ({nature:?}) ended otherwise: {what}"));
            }
        }
    }

    /// The state after the operation is true, and no object is lost.
    fn stored_the_truth(&mut self) {
        let mut wrong = Vec::new();
        for column in &self.columns {
            let Column { name, nature, .. } = column;
            let well = self.operation.succeeds(*nature, self.reach);
            let mut claim = |is_so: bool, text: &str| {
                if !is_so {
                    wrong.push(format!("{name} ({nature:?}) after the operation: {text}"));
                }
            };
            let address = format!("flink_connection.{name}");
            let stored = self.world.is_stored(&address).then(|| self.world.stored(&address));
            let server = self.server(column).map(|(_, object)| object);
            let before = self.before.get(*name);
            let is_same = |object: &StoredConnection| before.is_some_and(|it| it.uid == object.uid);
            let holds = |secret| {
                self.world.emulator.connections(&place(name)).holds(name, "API_KEY", secret)
            };
            match self.operation {
                Operation::Create | Operation::ReplaceCreate => {
                    claim(stored.is_some() || !well, "not stored");
                    let is_tainted = self.world.is_tainted(&address);
                    claim(is_tainted == (stored.is_some() && !well), "tainted or not");
                    let is_unknown = self.operation.leaves_an_unknown_object(*nature);
                    claim(
                        server.is_none() || stored.is_some() || is_unknown,
                        "neither stored nor refused",
                    );
                    claim(server.is_some() == (well || nature.works()), "there or not");
                    claim(!server.as_ref().is_some_and(is_same), "the old object is there");
                    claim(!well || holds(SECRET), "the server lacks the credentials");
                }
                Operation::Refresh => {
                    claim(stored.is_some(), "not stored any more");
                    claim(server.as_ref() == before, "the object was touched");
                }
                Operation::Import => {
                    claim(server.as_ref().is_some_and(is_same), "the object is another one");
                    claim(holds(FIRST), "the object was touched");
                }
                Operation::Update | Operation::UpdateWriteOnly => {
                    claim(server.as_ref().is_some_and(is_same), "the object is another one");
                    claim(!well || holds(SECRET), "the server lacks the credentials");
                    let is_first = !well && self.operation == Operation::Update;
                    let key =
                        stored.as_ref().map(|stored| stored["credentials"]["api_key"] == FIRST);
                    claim(key == Some(is_first), "the wrong credentials are stored");
                }
                Operation::ReplaceDelete => {
                    claim(stored.is_some(), "not stored any more");
                    claim(
                        well != server.as_ref().is_some_and(is_same) || nature.works(),
                        "deleted or not",
                    );
                }
                Operation::Delete => {
                    claim(stored.is_none() == well, "stored or not");
                    claim(server.is_none() == (well || nature.works()), "there or not");
                }
            }
            if let (Some(stored), Some(server), true) = (&stored, &server, well) {
                let has_uid = stored["uid"] == *server.uid || stored["uid"].is_null();
                claim(has_uid, "another uid is stored");
            }
        }
        self.wrong.extend(wrong);
    }

    /// The import blocks in the errors of a run, which must be those of the objects that no
    /// state can have. There may be no other error.
    fn imports_asked_for(&mut self, run: &Run) -> String {
        let errors = self.errors(run);
        let unknown =
            self.columns.iter().filter(|each| self.operation.leaves_an_unknown_object(each.nature));
        let unknown: BTreeSet<&str> = unknown.map(|each| each.name).collect();
        let mut blocks = String::new();
        for Column { name, .. } in &self.columns {
            match (errors.get(*name), unknown.contains(name)) {
                (Some(error), true) => match import_block(error) {
                    Some(block) => blocks += &block.replace("<label>", name),
                    None => self.wrong.push(format!("{name}: no import block: {error}")),
                },
                (None, true) => {
                    self.wrong.push(format!("{name}: the next apply finds no unknown object"))
                }
                (Some(error), false) => self.wrong.push(format!("{name}: the next apply: {error}")),
                (None, false) => {}
            }
        }
        blocks
    }

    /// The plan is empty, and the server has the configured objects.
    async fn ended(&mut self) {
        let is_gone = self.operation == Operation::Delete;
        if !is_gone {
            let plan = ["plan", "-json", "-detailed-exitcode", "-out=saved.tfplan"];
            let run = self.world.run(&plan).await;
            if run.status.code() != Some(0) {
                self.wrong.push(format!("the last plan is not empty: {}", run.shown()));
            }
        }
        let all = self.world.emulator.all_connections().len();
        let wanted = if is_gone { 0 } else { self.columns.len() };
        if all != wanted {
            self.wrong.push(format!("there are {all} objects and not {wanted}"));
        }
        for Column { name, .. } in self.columns.iter().filter(|_| !is_gone) {
            let connections = self.world.emulator.connections(&place(name));
            if !connections.holds(name, "API_KEY", self.operation.secret()) {
                self.wrong.push(format!("{name}: the server lacks the credentials in the end"));
            }
            let endpoint = connections.get(name).map(|object| object.endpoint);
            if endpoint != Some(self.operation.endpoint()) {
                self.wrong.push(format!("{name}: the endpoint in the end is {endpoint:?}"));
            }
        }
    }

    /// Objects that were as configured were not recreated, unless their create was
    /// unconfirmed.
    fn kept_its_objects(&mut self, made: &[(String, StoredConnection)]) {
        let is_wanted = |object: &StoredConnection| {
            self.operation != Operation::Delete && object.endpoint == self.operation.endpoint()
        };
        for (name, object) in made.iter().filter(|(_, object)| is_wanted(object)) {
            let last = self.world.emulator.connections(&place(name)).get(name);
            if last.is_none_or(|last| last.uid != object.uid) {
                self.wrong.push(format!("{name}: the object was recreated"));
            }
        }
    }

    fn kept_its_secrets(&mut self) {
        // The beginning of a secret has no character that an encoding escapes.
        let beginning = |secret: &'static str| secret.split(' ').next().unwrap_or_default();
        let secrets = [FIRST, SECRET, KEY.1].map(beginning).map(|each| Secret::found(each, each));
        let text = match self.operation {
            Operation::UpdateWriteOnly => self.world.everything_printed(),
            // The state and the plan hold ordinary credentials.
            _ => self.world.output_and_log(),
        };
        let found = search(&secrets, &text).into_iter().filter_map(|hit| hit.secret);
        self.wrong.extend(found.map(|secret| format!("{} was written somewhere", secret.place)));
    }
}

/// Configurations, objects and errors.
impl Row {
    fn configuration(&self, object: fn(Operation, &str) -> crate::configuration::Block) -> String {
        let blocks = self.columns.iter().map(|Column { name, nature, .. }| {
            let block = object(self.operation, name);
            // A busy server throttles all requests of a provider.
            if *nature == Nature::NotYet {
                block.expression("provider", "flink.throttled")
            } else {
                block
            }
        });
        preamble().to_string() + &blocks.map(|block| block.to_string()).collect::<String>()
    }

    fn server(&self, column: &Column) -> Option<(String, StoredConnection)> {
        let object = self.world.emulator.connections(&place(column.name)).get(column.name)?;
        Some((column.name.to_owned(), object))
    }

    /// The errors of a run, by the name of the connection.
    fn errors(&mut self, run: &Run) -> BTreeMap<String, String> {
        let mut errors = BTreeMap::new();
        for each in run.diagnostics().into_iter().filter(|each| each.is_error) {
            let name =
                each.detail.rsplit_once("Connection: ").and_then(|(_, it)| it.split_once(','));
            match name {
                Some((name, _)) => drop(errors.insert(name.to_owned(), each.detail.clone())),
                None => self.wrong.push(format!("names no connection: {each:?}")),
            }
        }
        errors
    }
}

fn place(name: &str) -> Place {
    Place::new(ORGANIZATION, environment(name), "aws", "us-east-1")
}
