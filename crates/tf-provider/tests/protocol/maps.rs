//! Maps with declared keys and write-only twins, required values, and names that a
//! schema does not have. A resource needs a table of keys and nothing else.

use std::collections::BTreeMap;
use std::panic::catch_unwind;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use tf_provider::resource::{Change, Create, Delete, Read, Update};
use tf_provider::schema::{Nesting, View, Violation, block, key, length, map, rule, string};
use tf_provider::testing::{Action, Core, unknown};
use tf_provider::value::Type;
use tf_provider::{Configure, Diagnostics, Provider, Resource, Result, Schema};
use tokio::time::Instant;

/// The secrets that the last create or update was given, by key.
type Sent = Arc<Mutex<BTreeMap<String, String>>>;

/// `demo_lock`, with a map of secrets.
struct Lock {
    sent: Sent,
}

#[derive(Serialize, Deserialize)]
struct Model {
    name: String,
    label: Option<String>,
}

fn schema() -> Schema {
    let outer_space = |text: &str| match text == text.trim() {
        true => Ok(()),
        false => Err(Violation::warning("White space around a code", "should be trimmed")),
    };
    Schema::resource("lock", "A lock.")
        .attribute(string("name").required().requires_replace())
        .attribute(string("label").optional())
        .attribute(map("codes", Type::String).sensitive().with_write_only_twin().keys([
            key("door_code").alias("PIN").validate(length(4..=8)).validate(rule(outer_space)),
            key("alarm_code").validate(length(4..=8)),
        ]))
        .time_limit(Duration::from_secs(90))
}

impl Lock {
    fn keep(&self, planned: &View<'_>) {
        let codes = planned.entries("codes");
        let known = codes
            .iter()
            .filter_map(|each| Some((each.key.to_owned(), each.text.known()?.to_owned())));
        *self.sent.lock().unwrap() = known.collect();
    }
}

impl Resource for Lock {
    type Provider = ();
    type Model = Model;
    type Private = ();

    fn schema(&self) -> Schema {
        schema()
    }

    async fn create(&self, planned: Model, cx: &mut Create<Self>) -> Result<Model> {
        let left = cx.deadline().expect("there is a time limit") - Instant::now();
        assert!(left <= Duration::from_secs(90), "{left:?}");
        self.keep(&cx.planned());
        Ok(planned)
    }

    async fn read(&self, state: Model, _: &mut Read<Self>) -> Result<Option<Model>> {
        Ok(Some(state))
    }

    async fn update(&self, change: Change<Model>, cx: &mut Update<Self>) -> Result<Model> {
        self.keep(&cx.planned());
        Ok(change.after)
    }

    async fn delete(&self, _: Model, _: &mut Delete<Self>) -> Result<()> {
        Ok(())
    }
}

async fn configure(_: &mut Configure) -> Result<()> {
    Ok(())
}

async fn start() -> (Core, Sent) {
    let sent = Sent::default();
    let login = block("login", Nesting::Single).attribute(string("user").required());
    let schema = Schema::provider("Locks.").attribute(string("site").required()).block(login);
    let provider = Provider::new("demo", schema, configure).resource(Lock { sent: sent.clone() });
    let core = Core::start(provider).await;
    core.configure(json!({ "site": "here" })).await.succeeds();
    (core, sent)
}

/// The one error of a configuration: its place and its text.
async fn error(config: Json) -> (String, String) {
    let (core, _) = start().await;
    let found = core.validate("demo_lock", config).await;
    let errors = found.errors();
    let [only] = errors.as_slice() else { panic!("not one error: {found:?}") };
    assert!(!format!("{found:?}").contains("hunter2"), "a secret is quoted: {found:?}");
    let path = only.path().map(ToString::to_string).unwrap_or_default();
    (path, format!("{} {}", only.summary(), only.text()))
}

fn lock(codes: Json) -> Json {
    json!({ "name": "a", "codes": codes })
}

#[tokio::test]
async fn a_rule_holds_at_its_key_in_both_maps() {
    for argument in ["codes", "codes_wo"] {
        let (path, text) = error(json!({ "name": "a", argument: { "door-code": "1" } })).await;
        assert_eq!(path, format!("{argument}[\"door-code\"]"));
        assert!(text.contains("`door_code` must be 4 to 8"), "{text}");
    }
}

#[tokio::test]
async fn a_warning_has_the_title_of_its_rule() {
    let (core, _) = start().await;
    let found = core.validate("demo_lock", lock(json!({ "PIN": "1234 " }))).await;
    found.succeeds();
    assert_eq!(found.warns("`door_code` should be trimmed").summary(), "White space around a code");
}

#[tokio::test]
async fn an_unknown_key_is_an_error_that_names_the_likely_one() {
    let (path, text) = error(lock(json!({ "door_cod": "hunter2" }))).await;
    assert_eq!(path, r#"codes["door_cod"]"#);
    assert!(text.contains("Did you mean `door_code`?") && text.contains("`alarm_code`"), "{text}");
}

#[tokio::test]
async fn a_key_is_given_once_however_it_is_spelled() {
    let (path, text) = error(lock(json!({ "PIN": "hunter2", "door_code": "hunter2" }))).await;
    assert_eq!(path, r#"codes["door_code"]"#);
    assert!(text.contains("same key"), "{text}");
    let both = json!({ "name": "a", "codes": { "pin": "hunter2" }, "codes_wo": { "door-code": "hunter2" } });
    assert_eq!(error(both).await.0, r#"codes_wo["door-code"]"#);
}

#[tokio::test]
async fn handlers_see_both_maps_as_one_and_state_only_the_ordinary_one() {
    let (core, sent) = start().await;
    let config = json!({ "name": "a", "codes": { "PIN": "1234", "alarm_code": null }, "codes_wo": { "alarm-code": "5678" } });
    let made = core.apply("demo_lock.a", config).await;
    made.succeeds();
    let expected = [("alarm_code", "5678"), ("door_code", "1234")];
    let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(*sent.lock().unwrap(), expected.into());
    assert_eq!(made.state()["codes"], json!({ "PIN": "1234", "alarm_code": null }));
    assert!(!made.state().to_string().contains("5678"));
}

#[tokio::test]
async fn another_spelling_of_a_key_is_no_change_and_another_value_is() {
    let (core, _) = start().await;
    core.apply("demo_lock.a", lock(json!({ "PIN": "1234" }))).await.succeeds();
    for same in [json!({ "door_code": "1234" }), json!({ "Pin": "1234", "alarm_code": null })] {
        assert!(core.plan("demo_lock.a", lock(same)).await.is_empty());
    }
    for other in [json!({ "PIN": "9999" }), json!({ "PIN": "1234", "alarm_code": "5678" })] {
        assert_eq!(core.plan("demo_lock.a", lock(other)).await.action(), Action::Update);
    }
}

#[tokio::test]
async fn what_is_unknown_in_a_map_is_checked_when_it_is_known() {
    let (core, sent) = start().await;
    for open in [unknown(), json!({ "PIN": unknown() })] {
        core.validate("demo_lock", lock(open.clone())).await.succeeds();
        let plan = core.plan("demo_lock.a", lock(open)).await;
        core.apply_plan(plan, lock(json!({ "PIN": "1234" }))).await.succeeds();
        assert_eq!(sent.lock().unwrap()["door_code"], "1234");
        core.destroy("demo_lock.a").await.succeeds();
    }
}

#[tokio::test]
async fn a_null_in_a_required_argument_is_refused_before_anything_is_done() {
    let (core, sent) = start().await;
    let (path, text) = error(json!({ "name": null })).await;
    assert_eq!(path, "name");
    assert!(text.contains("`name` is required"), "{text}");
    let block = core.configure(json!({ "site": "here", "login": { "user": null } })).await;
    assert_eq!(block.fails("`user` is required").path().unwrap().to_string(), "login.user");

    let codes = json!({ "PIN": "1234" });
    core.apply("demo_lock.a", lock(codes.clone())).await.succeeds();
    sent.lock().unwrap().clear();
    let open = json!({ "name": unknown(), "codes": codes });
    let plan = core.plan("demo_lock.b", open).await;
    let refused = core.apply_plan(plan, json!({ "name": null, "codes": codes })).await;
    refused.fails("`name` is required");
    assert!(sent.lock().unwrap().is_empty());
}

#[test]
fn a_check_that_looks_for_what_the_schema_does_not_have_fails_when_the_provider_is_built() {
    let with_check = |check: fn(&View<'_>) -> Diagnostics| {
        let built = catch_unwind(|| {
            let schema = Schema::provider("Locks.").attribute(string("site")).check(check);
            let _ = Provider::new("demo", schema, configure);
        });
        built.is_ok()
    };
    assert!(with_check(|config| {
        let _ = config.text("site");
        Diagnostics::none()
    }));
    assert!(!with_check(|config| {
        let _ = config.text("sight");
        Diagnostics::none()
    }));
}
