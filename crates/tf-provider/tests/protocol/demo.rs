//! A provider with one of everything, and the service behind it.
//!
//! It knows nothing of the tests beyond the mishaps they may ask for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;
use tf_provider::resource::{Change, Create, Delete, Import, ImportState, Plan, Read, Update};
use tf_provider::schema::{
    Attribute, Nesting, Operation, View, Violation, block, length, map, number, rule, string,
};
use tf_provider::testing::Core;
use tf_provider::value::{Type, Value};
use tf_provider::{
    Call, Configure, Diagnostic, Diagnostics, Provider, Resource, Result, Schema, Secret,
};
use tokio::sync::Notify;
use tokio::time::Instant;

/// What the provider block says.
pub(crate) struct Settings {
    region: String,
}

/// Where the things are, and what goes wrong there next.
#[derive(Default)]
pub(crate) struct Service {
    things: Mutex<BTreeMap<String, Thing>>,
    mishap: Mutex<Option<Mishap>>,
    seen: Mutex<Seen>,
    /// Tells that a handler waits.
    pub(crate) waiting: Notify,
    /// Lets it go on.
    pub(crate) go_on: Notify,
    /// Tells that a create came to its end, or was dropped on the way.
    pub(crate) done: Notify,
}

/// A thing as the service keeps it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Thing {
    pub(crate) kind: String,
    pub(crate) size: Option<i64>,
    pub(crate) secret: Option<String>,
    pub(crate) uid: u64,
    pub(crate) revision: u64,
}

/// What a handler was given beside the object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) calls: Vec<&'static str>,
    pub(crate) time_left: Option<Duration>,
    pub(crate) region: String,
    pub(crate) cancelled: bool,
}

/// What goes wrong in the next handler that looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mishap {
    /// It fails before anything has changed.
    FailFirst,
    /// It fails after the change, and has saved what exists.
    FailHalfway,
    /// It panics.
    Panic,
    /// It panics after the change, and has saved what exists.
    PanicHalfway,
    /// It says that it waits, until it is told to go on or cancelled.
    Wait,
    /// It comes back after a day, for tests whose clock is paused.
    Hang,
}

impl Service {
    /// Decides what goes wrong next.
    pub(crate) fn next(&self, mishap: Mishap) {
        *self.mishap.lock().unwrap() = Some(mishap);
    }

    pub(crate) fn find(&self, name: &str) -> Option<Thing> {
        self.things.lock().unwrap().get(name).cloned()
    }

    /// Changes a thing behind Terraform's back; `None` deletes it.
    pub(crate) fn put(&self, name: &str, thing: Option<Thing>) {
        let mut things = self.things.lock().unwrap();
        match thing {
            Some(thing) => things.insert(name.to_owned(), thing),
            None => things.remove(name),
        };
    }

    pub(crate) fn seen(&self) -> Seen {
        self.seen.lock().unwrap().clone()
    }

    fn keep(&self, model: &Model, secret: Option<String>) -> Thing {
        let mut things = self.things.lock().unwrap();
        let count = things.len() as u64;
        let old = things.get(&model.name);
        let thing = Thing {
            kind: model.kind.to_ascii_uppercase(),
            size: model.size,
            secret: secret.or_else(|| old.and_then(|old| old.secret.clone())),
            uid: old.map_or(count + 1, |old| old.uid),
            revision: old.map_or(1, |old| old.revision + 1),
        };
        things.insert(model.name.clone(), thing.clone());
        thing
    }

    async fn mishap(&self, cancelled: impl Future<Output = ()>) -> Result<Option<Mishap>> {
        let mishap = self.mishap.lock().unwrap().take();
        match mishap {
            Some(Mishap::FailFirst) => return Err(Diagnostic::error("The service is ill").into()),
            Some(Mishap::Panic) => panic!("as the test wants it"),
            Some(Mishap::Wait) => {
                self.waiting.notify_one();
                tokio::select! {
                    biased;
                    () = cancelled => return Err(Diagnostic::error("Interrupted").into()),
                    () = self.go_on.notified() => {}
                }
            }
            Some(Mishap::Hang) => {
                tokio::time::sleep(Duration::from_secs(86_400)).await;
                return Err(Diagnostic::error("A day has passed").into());
            }
            Some(Mishap::FailHalfway | Mishap::PanicHalfway) | None => {}
        }
        Ok(mishap)
    }
}

/// The resource `demo_thing`.
pub(crate) struct Things(pub(crate) Arc<Service>);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Model {
    name: String,
    #[serde(default)]
    kind: String,
    size: Option<i64>,
    secret: Option<Secret>,
    uid: Option<String>,
    revision: Option<u64>,
}

/// How often each handler has looked at the object.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Remembered {
    plans: u32,
    reads: u32,
    writes: u32,
}

impl Model {
    fn with(self, thing: &Thing) -> Self {
        Self {
            kind: thing.kind.clone(),
            size: thing.size,
            uid: Some(thing.uid.to_string()),
            revision: Some(thing.revision),
            ..self
        }
    }
}

/// Tells that the scope it is in was left.
struct End<'a>(&'a Notify);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

impl Things {
    fn note(&self, name: &'static str, call: &Call<Settings>) {
        let mut seen = self.0.seen.lock().unwrap();
        seen.calls.push(name);
        seen.time_left = call.deadline().map(|deadline| deadline - Instant::now());
        seen.cancelled = call.cancelled().is_cancelled();
        seen.region.clone_from(&call.provider().region);
    }
}

fn check(config: &View<'_>) -> Diagnostics {
    let is_sized = config.text("kind").known().is_some_and(|kind| kind == "sized");
    if is_sized && config.get("size").is_null() {
        let missing = Diagnostic::error("Missing size").detail("What is sized has a size.");
        return missing.at("size").into();
    }
    Diagnostics::none()
}

fn no_blanks(text: &str) -> Result<(), Violation> {
    match text.contains(' ') {
        true => Err(Violation::warning("Blanks in a name", "should not contain blanks")),
        false => Ok(()),
    }
}

impl Resource for Things {
    type Provider = Settings;
    type Model = Model;
    type Private = Remembered;

    fn schema(&self) -> Schema {
        let hour = Duration::from_secs(3600);
        Schema::resource("thing", "A thing.")
            .version(2)
            .attribute(
                string("name")
                    .required()
                    .requires_replace()
                    .validate(length(1..=10))
                    .validate(rule(no_blanks)),
            )
            .attribute(string("kind").default("plain").semantic_equality(str::eq_ignore_ascii_case))
            .attribute(number("size").optional())
            .attribute(string("note").optional().local())
            .attribute(
                string("secret")
                    .optional()
                    .sensitive()
                    .with_write_only_twin()
                    .validate(length(4..=20)),
            )
            .attribute(string("uid").computed().use_state_for_unknown())
            .attribute(number("revision").computed())
            .block(
                block("label", Nesting::Set)
                    .attribute(string("key").required().validate(length(1..=5)))
                    .attribute(string("value").optional()),
            )
            .timeouts([(Operation::Create, hour), (Operation::Read, hour)])
            .check(check)
    }

    async fn plan(&self, plan: &mut Plan<Self>) -> Result<()> {
        plan.private().plans += 1;
        if self.0.mishap.lock().unwrap().take_if(|next| *next == Mishap::Panic).is_some() {
            panic!("as the test wants it");
        }
        Ok(())
    }

    async fn create(&self, planned: Model, cx: &mut Create<Self>) -> Result<Model> {
        let _end = End(&self.0.done);
        self.note("create", cx);
        let mishap = self.0.mishap(cx.cancelled().clone().cancelled_owned()).await?;
        let secret = cx.planned().text("secret_wo").known().map(str::to_owned);
        let secret = secret.or_else(|| planned.secret.as_ref().map(|it| it.expose().to_owned()));
        let made = planned.clone().with(&self.0.keep(&planned, secret));
        cx.private().writes += 1;
        halfway(mishap, || cx.checkpoint(&made))?;
        Ok(made)
    }

    async fn read(&self, state: Model, cx: &mut Read<Self>) -> Result<Option<Model>> {
        self.note("read", cx);
        self.0.mishap(cx.cancelled().clone().cancelled_owned()).await?;
        cx.private().reads += 1;
        Ok(self.0.find(&state.name).map(|thing| state.with(&thing)))
    }

    async fn update(&self, change: Change<Model>, cx: &mut Update<Self>) -> Result<Model> {
        self.note("update", cx);
        let mishap = self.0.mishap(cx.cancelled().clone().cancelled_owned()).await?;
        let Change { after, .. } = change;
        let secret = cx.planned().text("secret_wo").known().map(str::to_owned);
        let made = after.clone().with(&self.0.keep(&after, secret));
        cx.private().writes += 1;
        halfway(mishap, || cx.checkpoint(&made))?;
        Ok(made)
    }

    async fn delete(&self, state: Model, cx: &mut Delete<Self>) -> Result<()> {
        self.note("delete", cx);
        self.0.mishap(cx.cancelled().clone().cancelled_owned()).await?;
        self.0.put(&state.name, None);
        Ok(())
    }

    async fn import(&self, id: String, cx: &mut Import<Self>) -> Result<ImportState> {
        cx.private().reads += 10;
        if id.is_empty() {
            return Err(Diagnostic::error("Invalid import id").into());
        }
        Ok(ImportState::new().set("name", id))
    }
}

fn halfway(mishap: Option<Mishap>, save: impl FnOnce() -> Result<()>) -> Result<()> {
    match mishap {
        Some(Mishap::FailHalfway) => {
            save()?;
            Err(Diagnostic::error("The service fell ill").into())
        }
        Some(Mishap::PanicHalfway) => {
            save()?;
            panic!("as the test wants it")
        }
        _ => Ok(()),
    }
}

/// The resource `demo_bare`, which does no more than it must.
pub(crate) struct Bare;

#[derive(Serialize, Deserialize)]
pub(crate) struct BareModel {
    tags: Option<BTreeMap<String, String>>,
    zones: Option<Vec<String>>,
    etag: Option<String>,
}

impl Resource for Bare {
    type Provider = Settings;
    type Model = BareModel;
    type Private = ();

    fn schema(&self) -> Schema {
        let zones = Value::list(["b", "a"]);
        Schema::resource("bare", "A bare thing.")
            .attribute(map("tags", Type::String).optional())
            .attribute(Attribute::new("zones", Type::set(Type::String)).default(zones))
            .attribute(string("etag").computed())
    }

    async fn create(&self, planned: BareModel, _: &mut Create<Self>) -> Result<BareModel> {
        Ok(BareModel { etag: Some("1".to_owned()), ..planned })
    }

    async fn read(&self, state: BareModel, _: &mut Read<Self>) -> Result<Option<BareModel>> {
        Ok(Some(state))
    }

    async fn update(&self, change: Change<BareModel>, _: &mut Update<Self>) -> Result<BareModel> {
        Ok(BareModel { etag: Some("2".to_owned()), ..change.after })
    }

    async fn delete(&self, _: BareModel, _: &mut Delete<Self>) -> Result<()> {
        Ok(())
    }
}

async fn configure(cx: &mut Configure) -> Result<Settings> {
    let region = cx.config().text("region").known().unwrap_or("nowhere").to_owned();
    if region == "atlantis" {
        return Err(Diagnostic::error("No such region").at("region").into());
    }
    if region == "nowhere" {
        cx.warn(Diagnostic::warning("No region"));
    }
    Ok(Settings { region })
}

/// A Core that has been told of the provider, and the service behind that.
pub(crate) async fn unconfigured() -> (Core, Arc<Service>) {
    let service = Arc::new(Service::default());
    let schema = Schema::provider("A demo.").attribute(string("region").optional());
    let provider =
        Provider::new("demo", schema, configure).resource(Things(service.clone())).resource(Bare);
    (Core::start(provider).await, service)
}

/// The same, configured.
pub(crate) async fn start() -> (Core, Arc<Service>) {
    let (core, service) = unconfigured().await;
    core.configure(json!({ "region": "here" })).await.succeeds();
    (core, service)
}
