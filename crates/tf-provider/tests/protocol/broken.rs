//! A provider that breaks Terraform's rules: the Core of these tests notices, and
//! says which rule, where, and by what.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tf_provider::resource::{Change, Create, Delete, Import, ImportState, Plan, Read, Update};
use tf_provider::schema::{Attribute, Nesting, block, string};
use tf_provider::testing::Core;
use tf_provider::{Configure, Provider, Resource, Result, Schema, Secret};

#[derive(Clone, Copy, PartialEq)]
enum Lie {
    PlansAnotherName,
    PlansAtRandom,
    StoresAnotherName,
    StoresAnotherSecret,
    ImportsWhatIsNotThere,
}

struct Liar {
    lie: Lie,
    plans: AtomicU32,
    /// What its block holds.
    label: Attribute,
}

impl Liar {
    fn new(lie: Lie, label: Attribute) -> Self {
        Self { lie, plans: AtomicU32::new(0), label }
    }
}

#[derive(Serialize, Deserialize)]
struct Model {
    name: String,
    secret: Option<Secret>,
    uid: Option<String>,
}

impl Resource for Liar {
    type Provider = ();
    type Model = Model;
    type Private = ();

    fn schema(&self) -> Schema {
        Schema::resource("thing", "A thing that is not what it seems.")
            .attribute(string("name").required())
            .attribute(string("secret").optional().sensitive())
            .attribute(string("uid").computed())
            .block(block("label", Nesting::Set).attribute(self.label.clone()))
    }

    async fn plan(&self, plan: &mut Plan<Self>) -> Result<()> {
        match self.lie {
            Lie::PlansAnotherName => plan.set("name", "other"),
            Lie::PlansAtRandom => {
                plan.set("uid", self.plans.fetch_add(1, Ordering::Relaxed).to_string());
            }
            _ => {}
        }
        Ok(())
    }

    async fn create(&self, planned: Model, _: &mut Create<Self>) -> Result<Model> {
        Ok(match self.lie {
            Lie::StoresAnotherName => Model { name: "other".to_owned(), ..planned },
            Lie::StoresAnotherSecret => Model { secret: Some(Secret::new("hunter3")), ..planned },
            _ => planned,
        })
    }

    async fn read(&self, state: Model, _: &mut Read<Self>) -> Result<Option<Model>> {
        Ok(Some(state))
    }

    async fn update(&self, change: Change<Model>, _: &mut Update<Self>) -> Result<Model> {
        Ok(change.after)
    }

    async fn delete(&self, _: Model, _: &mut Delete<Self>) -> Result<()> {
        Ok(())
    }

    async fn import(&self, id: String, _: &mut Import<Self>) -> Result<ImportState> {
        Ok(ImportState::new().set("id", id))
    }
}

async fn configure(_: &mut Configure) -> Result<()> {
    Ok(())
}

async fn start(lie: Lie) -> Core {
    let liar = Liar::new(lie, string("key"));
    let provider = Provider::new("demo", Schema::provider("A demo."), configure).resource(liar);
    let core = Core::start(provider).await;
    core.configure(json!({})).await.succeeds();
    core
}

/// What a panic says that a step ends with.
async fn panic_of<T>(step: impl Future<Output = T>) -> String {
    let caught = AssertUnwindSafe(step).catch_unwind().await.err().expect("the step panics");
    *caught.downcast::<String>().expect("with a sentence")
}

/// What the Core says of a create by such a provider.
async fn said_of(lie: Lie) -> String {
    let core = start(lie).await;
    let config = json!({ "name": "one", "secret": "hunter2" });
    panic_of(core.apply("demo_thing.a", config)).await
}

#[tokio::test]
async fn a_plan_that_changes_the_configuration_is_named() {
    let said = said_of(Lie::PlansAnotherName).await;
    assert!(said.contains("demo_thing.a") && said.contains("AssertPlanValid at `name`"), "{said}");
    assert!(
        said.contains(r#"configured: "one""#) && said.contains(r#"planned: "other""#),
        "{said}"
    );
}

#[tokio::test]
async fn a_plan_that_comes_out_differently_the_second_time_is_named() {
    let said = said_of(Lie::PlansAtRandom).await;
    assert!(said.contains("AssertObjectCompatible at `uid`"), "{said}");
    assert!(said.contains(r#"planned: "0""#) && said.contains(r#"found: "1""#), "{said}");
}

#[tokio::test]
async fn an_apply_that_does_something_else_is_named() {
    let said = said_of(Lie::StoresAnotherName).await;
    assert!(said.contains("AssertObjectCompatible at `name`"), "{said}");
}

#[tokio::test]
async fn a_secret_is_not_shown_with_the_rule_it_breaks() {
    let said = said_of(Lie::StoresAnotherSecret).await;
    assert!(said.contains("AssertObjectCompatible at `secret`"), "{said}");
    assert!(!said.contains("hunter"), "{said}");
}

#[tokio::test]
async fn an_import_of_an_attribute_that_is_not_there_is_told_as_a_bug() {
    let core = start(Lie::ImportsWhatIsNotThere).await;
    core.import("demo_thing.a", "x").await.fails("An import sets `id`");
}

#[tokio::test]
async fn a_schema_that_terraform_would_not_load_is_refused_at_the_start() {
    let schema = Schema::provider("A demo.").attribute(string("version").optional());
    let said = panic_of(Core::start(Provider::new("demo", schema, configure))).await;
    assert!(said.contains("provider: `version` is a name that Terraform keeps"), "{said}");
}

#[test]
fn a_block_asks_for_no_more_than_is_planned() {
    for attribute in [
        string("key").computed(),
        string("key").default("a"),
        string("key").requires_replace(),
        string("key").with_write_only_twin(),
    ] {
        let provider = Provider::new("demo", Schema::provider("A demo."), configure);
        let serving = || provider.resource(Liar::new(Lie::PlansAtRandom, attribute));
        let said = std::panic::catch_unwind(AssertUnwindSafe(serving)).unwrap_err();
        let said = said.downcast::<String>().unwrap();
        assert!(said.contains("demo_thing: `key` in the block `label`"), "{said}");
    }
}

#[tokio::test]
async fn mistakes_of_the_test_itself_are_named_too() {
    let core = start(Lie::ImportsWhatIsNotThere).await;
    let said = panic_of(core.validate("demo_other", json!({}))).await;
    assert!(said.contains("no resource `demo_other`"), "{said}");

    let failed = core.plan("demo_thing.a", json!({})).await;
    let said = panic_of(async { failed.action() }).await;
    assert!(said.contains("planning failed") && said.contains("`name` is required"), "{said}");

    let unknown = json!({ "name": tf_provider::testing::unknown() });
    let said = panic_of(core.apply("demo_thing.a", unknown)).await;
    assert!(said.contains("wholly known"), "{said}");
}
