//! State of an older version of a schema goes through one step for each version.

use serde::{Deserialize, Serialize};
use serde_json::json;
use tf_provider::resource::{Change, Create, Delete, Read, Update, Upgrades};
use tf_provider::schema::{Nesting, block, number, string};
use tf_provider::testing::{Action, Core, Raw, Stored};
use tf_provider::{Configure, Diagnostic, Provider, Resource, Result, Schema, Secret};

/// The resource `demo_timer`: minutes at first, seconds later, and today a text.
struct Timers;

#[derive(Deserialize)]
struct ModelV0 {
    minutes: u64,
    key: Option<Secret>,
}

#[derive(Deserialize)]
struct ModelV1 {
    seconds: u64,
    key: Option<Secret>,
}

#[derive(Serialize, Deserialize)]
struct Model {
    interval: String,
    key: Option<Secret>,
}

#[derive(Default, Serialize, Deserialize)]
struct Remembered {
    started: u64,
}

impl Resource for Timers {
    type Provider = ();
    type Model = Model;
    type Private = Remembered;

    fn schema(&self) -> Schema {
        Schema::resource("timer", "A timer.")
            .version(3)
            .attribute(string("interval").required())
            .attribute(string("key").sensitive())
            .attribute(number("ticks").computed().use_state_for_unknown())
            .block(block("label", Nesting::List).attribute(string("name").required()))
    }

    fn upgrades(&self) -> Upgrades<Model> {
        Upgrades::new()
            .step(0, |old: ModelV0| {
                let seconds = old.minutes.checked_mul(60);
                let seconds = seconds.ok_or_else(|| Diagnostic::error("The timer is too long"))?;
                Ok(ModelV1 { seconds, key: old.key })
            })
            .step(1, |old: ModelV1| {
                Ok(Model { interval: format!("{}s", old.seconds), key: old.key })
            })
    }

    async fn create(&self, planned: Model, _: &mut Create<Self>) -> Result<Model> {
        Ok(planned)
    }

    async fn read(&self, state: Model, cx: &mut Read<Self>) -> Result<Option<Model>> {
        assert_eq!(cx.private().started, 7);
        Ok(Some(state))
    }

    async fn update(&self, change: Change<Model>, _: &mut Update<Self>) -> Result<Model> {
        Ok(change.after)
    }

    async fn delete(&self, _: Model, _: &mut Delete<Self>) -> Result<()> {
        Ok(())
    }
}

async fn configure(_: &mut Configure) -> Result<()> {
    Ok(())
}

fn provider() -> Provider<()> {
    Provider::new("demo", Schema::provider("A demo."), configure).resource(Timers)
}

/// A Core with this in its state file, as an older version has left it.
async fn start(version: i64, attributes: serde_json::Value) -> Core {
    let core = Core::start(provider()).await;
    core.configure(json!({})).await.succeeds();
    let stored = Stored::new(version, &attributes).with_private(br#"{"started":7}"#);
    core.store("demo_timer.a", stored);
    core
}

#[tokio::test]
async fn goes_through_the_steps_from_the_stored_version_on() {
    for (version, stored) in [
        (0, json!({ "minutes": 2, "key": "k", "ticks": 5, "gone": [1] })),
        (1, json!({ "seconds": 120, "key": "k", "ticks": "5", "label": [] })),
        (2, json!({ "interval": "120s", "key": "k", "ticks": 5, "label": null })),
    ] {
        let core = start(version, stored).await;
        let refreshed = core.refresh("demo_timer.a").await;
        refreshed.succeeds();
        let today = json!({ "interval": "120s", "key": "k", "ticks": 5, "label": [] });
        assert_eq!(*refreshed.state(), today, "from version {version}");
        assert_eq!(core.stored("demo_timer.a").unwrap().version(), 3);
        let config = json!({ "interval": "120s", "key": "k" });
        assert!(core.plan("demo_timer.a", config).await.is_empty());
    }
}

#[tokio::test]
async fn reports_a_step_that_fails_and_keeps_the_state() {
    for (stored, text) in [
        (json!({ "minutes": u64::MAX, "key": "hunter2" }), "The timer is too long"),
        (json!({ "minutes": "hunter2" }), "version 0 of its schema and does not fit"),
        (json!({ "minutes": 1, "ticks": ["hunter2"] }), "Nothing was changed"),
    ] {
        let core = start(0, stored.clone()).await;
        let refreshed = core.refresh("demo_timer.a").await;
        refreshed.fails(text);
        assert!(!format!("{:?}", refreshed.errors()).contains("hunter2"), "a secret is quoted");
        assert_eq!((refreshed.action(), refreshed.state()), (Action::NoOp, &stored));
    }
}

/// The error about a message of `UpgradeResourceState`, as protobuf: one that Terraform
/// would not send.
async fn refused(message: &[u8], summary: &str) -> String {
    let reply = Raw::new(provider()).send("UpgradeResourceState", message).await.unwrap();
    reply.diagnostics.fails(summary).text().to_owned()
}

#[tokio::test]
async fn refuses_state_of_a_newer_version() {
    // type_name: "demo_timer", version: 4, raw_state: { json: "{}" }
    let message = b"\x0a\x0ademo_timer\x10\x04\x1a\x04\x0a\x02{}";
    let text = refused(message, "newer than the provider").await;
    assert!(text.contains("version 4") && text.contains("none above 3"), "{text}");
    assert!(text.contains("Nothing was changed. Upgrade the provider"), "{text}");
}

#[tokio::test]
async fn refuses_state_of_terraform_0_11() {
    // type_name: "demo_timer", raw_state: { flatmap: { "id": "a" } }
    let message = b"\x0a\x0ademo_timer\x1a\x09\x12\x07\x0a\x02id\x12\x01a";
    assert!(refused(message, "too old").await.contains("Terraform 0.12"));
}
