//! Data sources: what is read, what is refused, and what an author may not declare.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use tf_provider::data_source::Read;
use tf_provider::schema::{
    Nesting, Operation, View, block, length, list, map, number, object_type, string,
};
use tf_provider::testing::{Core, unknown};
use tf_provider::value::Type;
use tf_provider::{
    Configure, DataSource, Diagnostic, Diagnostics, Provider, Result, Schema, Secret,
};
use tokio::time::Instant;

/// Reads a machine whose name says what happens.
struct Machine;

#[derive(Serialize, Deserialize)]
struct Model {
    name: String,
    kind: Option<String>,
    key: Option<Secret>,
    region: Option<String>,
    seconds: Option<u64>,
    #[serde(default)]
    parts: Vec<Part>,
    #[serde(default)]
    limits: BTreeMap<String, Limit>,
    label: Vec<Label>,
}

#[derive(Serialize, Deserialize)]
struct Label {
    key: String,
    uses: Option<u64>,
}

#[derive(Default, Serialize, Deserialize)]
struct Part {
    id: String,
    weight: Option<u64>,
    #[serde(default)]
    labels: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize)]
struct Limit {
    high: u64,
}

fn check(config: &View<'_>) -> Diagnostics {
    let is_odd = config.text("kind").known() == Some("odd");
    let odd = is_odd.then(|| Diagnostic::error("An odd kind").at("kind"));
    odd.into_iter().collect()
}

impl DataSource for Machine {
    type Provider = String;
    type Model = Model;

    fn schema(&self) -> Schema {
        let labels = Type::map(Type::String);
        let part =
            object_type([("id", Type::String), ("weight", Type::Number), ("labels", labels)]);
        Schema::data_source("machine", "A machine.")
            .attribute(string("name").required().validate(length(1..=10)))
            .attribute(string("kind").optional().semantic_equality(str::eq_ignore_ascii_case))
            .attribute(string("key").optional().sensitive())
            .attribute(string("note").optional())
            .attribute(string("region").optional_computed())
            .attribute(number("seconds").computed())
            .attribute(list("parts", part).computed())
            .attribute(map("limits", object_type([("high", Type::Number)])).computed())
            .block(
                block("label", Nesting::List)
                    .attribute(string("key").required())
                    .attribute(number("uses").computed()),
            )
            .timeouts([(Operation::Read, Duration::from_secs(3600))])
            .check(check)
    }

    async fn read(&self, config: Model, cx: &mut Read<Self>) -> Result<Model> {
        if cx.cancelled().is_cancelled() {
            return Err(Diagnostic::error("Interrupted").into());
        }
        cx.warn(Diagnostic::warning("Looked closely"));
        let left = cx.deadline().map(|deadline| deadline - Instant::now());
        let mut read = Model {
            kind: config.kind.as_ref().map(|kind| kind.to_uppercase()),
            region: config.region.clone().or_else(|| Some(cx.provider().clone())),
            seconds: left.map(|left| left.as_secs_f64().ceil() as u64),
            parts: vec![
                Part { id: "a".to_owned(), weight: Some(7), labels: labels() },
                Part { id: "b".to_owned(), ..Part::default() },
            ],
            label: config.label.into_iter().map(|it| Label { uses: Some(2), ..it }).collect(),
            limits: [("speed".to_owned(), Limit { high: 3 })].into(),
            ..config
        };
        match read.name.as_str() {
            "missing" => return Err(Diagnostic::error("No such machine").at("name").into()),
            "panics" => panic!("as the test wants it"),
            "renames" => read.name = "other".to_owned(),
            "invents" => read.kind = Some("made up".to_owned()),
            "relabels" => read.label = vec![Label { key: "other".to_owned(), uses: None }],
            "leaks" => read.key = Some(Secret::new("hunter3")),
            _ => {}
        }
        Ok(read)
    }
}

fn labels() -> BTreeMap<String, String> {
    [("made".to_owned(), "here".to_owned())].into()
}

async fn configure(_: &mut Configure) -> Result<String> {
    Ok("here".to_owned())
}

fn provider() -> Provider<String> {
    Provider::new("demo", Schema::provider("A demo."), configure)
}

async fn start() -> Core {
    let core = Core::start(provider().data_source(Machine)).await;
    core.configure(json!({})).await.succeeds();
    core
}

#[tokio::test]
async fn reads_lists_and_maps_of_objects_into_computed_attributes() {
    let read = start().await.read_data("demo_machine", json!({ "name": "one" })).await;
    read.succeeds();
    read.warns("Looked closely");
    let parts = json!([
        { "id": "a", "weight": 7, "labels": { "made": "here" } },
        { "id": "b", "weight": null, "labels": {} },
    ]);
    assert_eq!(read.state()["parts"], parts);
    assert_eq!(read.state()["limits"], json!({ "speed": { "high": 3 } }));
    assert_eq!((&read.state()["region"], &read.state()["seconds"]), (&json!("here"), &json!(3600)));
}

#[tokio::test]
async fn keeps_arguments_as_they_are_configured() {
    let config = json!({
        "name": "one",
        "kind": "Big",
        "note": "not in the model",
        "region": "there",
        "label": { "key": "a" },
        "timeouts": { "read": "5s" },
    });
    let read = start().await.read_data("demo_machine", config.clone()).await;
    read.succeeds();
    for argument in ["name", "kind", "note", "region", "timeouts"] {
        assert_eq!(read.state()[argument], config[argument], "{argument}");
    }
    assert_eq!(read.state()["label"], json!([{ "key": "a", "uses": 2 }]));
    assert_eq!(read.state()["seconds"], 5);
}

#[tokio::test]
async fn validates_a_configuration_as_that_of_a_resource() {
    let core = start().await;
    for (config, summary) in [
        (json!({}), "Missing required argument"),
        (json!({ "name": "much too long" }), "Invalid name"),
        (json!({ "name": "one", "kind": "odd" }), "An odd kind"),
        (json!({ "name": "one", "seconds": 1 }), "Read-only seconds"),
    ] {
        core.validate_data("demo_machine", config.clone()).await.fails(summary);
        let read = core.read_data("demo_machine", config).await;
        read.fails(summary);
        assert_eq!(read.state(), &Json::Null);
    }
    core.validate_data("demo_machine", json!({ "name": unknown() })).await.succeeds();
}

#[tokio::test]
async fn reports_an_error_at_its_attribute_with_the_warnings_of_the_read() {
    let read = start().await.read_data("demo_machine", json!({ "name": "missing" })).await;
    assert_eq!(read.fails("No such machine").path().unwrap().to_string(), "name");
    read.warns("Looked closely");
}

#[tokio::test]
async fn reports_a_panic_as_a_defect_and_reads_on() {
    let core = start().await;
    core.read_data("demo_machine", json!({ "name": "panics" })).await.fails("bug in the provider");
    core.read_data("demo_machine", json!({ "name": "one" })).await.succeeds();
}

#[tokio::test]
async fn reports_a_changed_argument_as_a_defect_without_its_value() {
    let core = start().await;
    for (name, argument) in
        [("renames", "name"), ("invents", "kind"), ("leaks", "key"), ("relabels", "label[0].key")]
    {
        let config = json!({ "name": name, "key": "hunter2", "label": { "key": "a" } });
        let read = core.read_data("demo_machine", config).await;
        let error = read.fails("bug in the provider");
        assert_eq!(error.path().unwrap().to_string(), argument);
        assert!(!error.text().contains("hunter"), "{error:?}");
    }
}

#[tokio::test]
async fn stop_reaches_a_read() {
    let core = start().await;
    core.stop().await;
    core.read_data("demo_machine", json!({ "name": "one" })).await.fails("Interrupted");
}

#[tokio::test]
async fn validates_but_does_not_read_before_the_provider_is_configured() {
    let core = Core::start(provider().data_source(Machine)).await;
    core.validate_data("demo_machine", json!({ "name": "one" })).await.succeeds();
    core.read_data("demo_machine", json!({ "name": "one" })).await.fails("not configured");
}

/// A data source with one computed attribute beside what a test adds.
struct Declared<M>(Box<dyn Fn(Schema) -> Schema + Send + Sync>, std::marker::PhantomData<fn(M)>);

impl<M: Serialize + serde::de::DeserializeOwned + Send + 'static> DataSource for Declared<M> {
    type Provider = String;
    type Model = M;

    fn schema(&self) -> Schema {
        let ids = list("ids", object_type([("id", Type::String)]));
        (self.0)(Schema::data_source("machine", "A machine.").attribute(ids.computed()))
    }

    async fn read(&self, config: M, _: &mut Read<Self>) -> Result<M> {
        Ok(config)
    }
}

/// The panic of building a provider with such a data source.
fn panic_of<M>(declare: impl Fn(Schema) -> Schema + Send + Sync + 'static) -> String
where
    M: Serialize + serde::de::DeserializeOwned + Send + 'static,
{
    let declared = Declared::<M>(Box::new(declare), std::marker::PhantomData);
    let building = AssertUnwindSafe(|| provider().data_source(declared));
    *std::panic::catch_unwind(building).unwrap_err().downcast().unwrap()
}

#[test]
fn a_rule_that_only_a_resource_can_follow_is_a_mistake_of_the_author() {
    let hour = Duration::from_secs(3600);
    let text = |name: &str| string(name).optional();
    for (said, expected) in [
        (
            panic_of::<Ids>(move |it| it.attribute(text("a").requires_replace())),
            "`requires_replace`",
        ),
        (panic_of::<Ids>(move |it| it.attribute(text("a").use_state_for_unknown())), "`use_state"),
        (panic_of::<Ids>(move |it| it.attribute(text("a").default("b"))), "a `default`"),
        (panic_of::<Ids>(move |it| it.attribute(text("a").local())), "`local`"),
        (panic_of::<Ids>(move |it| it.attribute(text("a").with_write_only_twin())), "write-only"),
        (panic_of::<Ids>(move |it| it.timeouts([(Operation::Create, hour)])), "timeout `create`"),
        (panic_of::<Ids>(|it| it.version(1)), "cannot have a version"),
        (
            panic_of::<Ids>(move |it| {
                it.block(block("inner", Nesting::Single).attribute(text("a").default("b")))
            }),
            "a `default`",
        ),
    ] {
        assert!(said.contains("data.demo_machine: ") && said.contains(expected), "{said}");
    }
}

#[derive(Serialize, Deserialize)]
struct Ids {
    #[serde(default)]
    ids: Vec<Id>,
}

#[derive(Serialize, Deserialize)]
struct Id {
    id: String,
}

#[derive(Serialize, Deserialize)]
struct WithoutDefault {
    ids: Vec<Id>,
}

#[derive(Serialize, Deserialize)]
struct WithMore {
    #[serde(default)]
    ids: Vec<More>,
}

#[derive(Serialize, Deserialize)]
struct More {
    id: String,
    size: Option<u64>,
}

#[test]
fn a_model_that_does_not_fit_its_schema_is_a_mistake_of_the_author() {
    let said = panic_of::<WithoutDefault>(|it| it);
    assert!(said.contains("without optional arguments: ids: a value is required"), "{said}");
    let said = panic_of::<WithMore>(|it| it);
    assert!(said.contains("ids[0].size: the type has no such attribute"), "{said}");
}
