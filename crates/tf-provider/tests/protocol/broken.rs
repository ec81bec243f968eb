//! A provider that breaks Terraform's rules: the Core of these tests reports the rule, the
//! place and the values.

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
    /// The content of its block.
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

/// The message of the panic that a step ends with.
async fn panic_of<T>(step: impl Future<Output = T>) -> String {
    let caught = AssertUnwindSafe(step).catch_unwind().await.err().expect("the step panics");
    *caught.downcast::<String>().expect("with a sentence")
}

#[tokio::test]
async fn names_the_broken_rule_with_place_and_values_but_no_secret() {
    for (lie, expected) in [
        (
            Lie::PlansAnotherName,
            ["AssertPlanValid at `name`", r#"configured: "one""#, r#"planned: "other""#],
        ),
        (
            Lie::PlansAtRandom,
            ["AssertObjectCompatible at `uid`", r#"planned: "0""#, r#"found: "1""#],
        ),
        (
            Lie::StoresAnotherName,
            ["AssertObjectCompatible at `name`", r#"planned: "one""#, r#"found: "other""#],
        ),
        (
            Lie::StoresAnotherSecret,
            ["AssertObjectCompatible at `secret`", "planned: (sensitive", "found: (sensitive"],
        ),
    ] {
        let core = start(lie).await;
        let config = json!({ "name": "one", "secret": "hunter2" });
        let message = panic_of(core.apply("demo_thing.a", config)).await;
        for part in expected {
            assert!(message.contains(part), "{message}");
        }
        assert!(message.contains("demo_thing.a") && !message.contains("hunter"), "{message}");
    }
}

#[tokio::test]
async fn reports_an_import_of_an_attribute_that_the_schema_lacks_as_a_bug() {
    let core = start(Lie::ImportsWhatIsNotThere).await;
    core.import("demo_thing.a", "x").await.fails("An import sets `id`");
}

#[tokio::test]
async fn a_schema_that_terraform_would_not_load_is_refused_at_the_start() {
    let schema = Schema::provider("A demo.").attribute(string("version").optional());
    let message = panic_of(Core::start(Provider::new("demo", schema, configure))).await;
    assert!(message.contains("provider: `version` is a name that Terraform keeps"), "{message}");
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
        let message = std::panic::catch_unwind(AssertUnwindSafe(serving)).unwrap_err();
        let message = message.downcast::<String>().unwrap();
        assert!(message.contains("demo_thing: `key` in the block `label`"), "{message}");
    }
}

#[tokio::test]
async fn mistakes_of_the_test_itself_are_named_too() {
    let core = start(Lie::ImportsWhatIsNotThere).await;
    let message = panic_of(core.validate("demo_other", json!({}))).await;
    assert!(message.contains("no resource `demo_other`"), "{message}");

    let failed = core.plan("demo_thing.a", json!({})).await;
    let message = panic_of(async { failed.action() }).await;
    assert!(
        message.contains("planning failed") && message.contains("`name` is required"),
        "{message}"
    );

    let unknown = json!({ "name": tf_provider::testing::unknown() });
    let message = panic_of(core.apply("demo_thing.a", unknown)).await;
    assert!(message.contains("wholly known"), "{message}");
}
