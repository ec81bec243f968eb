//! The life of an object, from its first plan to its end.

use serde_json::{Value as Json, json};
use tf_provider::testing::{Action, unknown};

use crate::demo::{start, unconfigured};

#[tokio::test]
async fn an_object_is_created_kept_changed_and_destroyed() {
    let (core, service) = start().await;
    let made = core.apply("demo_thing.a", json!({ "name": "a", "size": 1 })).await;
    made.succeeds();
    assert_eq!(made.action(), Action::Create);
    assert_eq!(made.state()["uid"], "1");

    let plan = core.plan("demo_thing.a", json!({ "name": "a", "size": 1 })).await;
    assert!(plan.is_empty());

    let changed = core.apply("demo_thing.a", json!({ "name": "a", "size": 2 })).await;
    changed.succeeds();
    assert_eq!((changed.action(), &changed.state()["revision"]), (Action::Update, &json!(2)));

    core.destroy("demo_thing.a").await.succeeds();
    assert!(core.stored("demo_thing.a").is_none());
    assert_eq!(service.find("a"), None);
    assert_eq!(core.destroy("demo_thing.a").await.action(), Action::NoOp);
}

#[tokio::test]
async fn an_object_that_is_gone_is_created_again() {
    let (core, service) = start().await;
    core.apply("demo_thing.a", json!({ "name": "a" })).await.succeeds();
    service.put("a", None);

    assert_eq!(core.plan("demo_thing.a", json!({ "name": "a" })).await.action(), Action::Create);
    assert_eq!(core.refresh("demo_thing.a").await.action(), Action::Delete);
    assert!(core.stored("demo_thing.a").is_none());
}

#[tokio::test]
async fn a_refresh_finds_what_changed_elsewhere() {
    let (core, service) = start().await;
    core.apply("demo_thing.a", json!({ "name": "a", "size": 1 })).await.succeeds();
    let mut thing = service.find("a").unwrap();
    thing.size = Some(7);
    service.put("a", Some(thing));

    let refreshed = core.refresh("demo_thing.a").await;
    assert_eq!((refreshed.action(), &refreshed.state()["size"]), (Action::Update, &json!(7)));
    let plan = core.plan("demo_thing.a", json!({ "name": "a", "size": 1 })).await;
    assert_eq!((plan.action(), &plan.planned()["size"]), (Action::Update, &json!(1)));
}

#[tokio::test]
async fn a_refresh_that_fails_forgets_nothing() {
    let (core, service) = start().await;
    core.apply("demo_thing.a", json!({ "name": "a" })).await.succeeds();
    service.next(crate::demo::Fault::FailFirst);

    let refreshed = core.refresh("demo_thing.a").await;
    refreshed.fails("The service failed");
    assert_eq!(refreshed.state()["name"], "a");
}

#[tokio::test]
async fn a_replacement_deletes_first_and_creates_then() {
    let (core, service) = start().await;
    core.apply("demo_thing.a", json!({ "name": "a" })).await.succeeds();
    let replaced = core.apply("demo_thing.a", json!({ "name": "b" })).await;
    replaced.succeeds();
    assert_eq!(replaced.action(), Action::Replace);
    assert_eq!((service.find("a"), replaced.state()["name"].as_str()), (None, Some("b")));
    let calls = service.seen().calls;
    assert_eq!(calls.iter().rev().take(2).rev().collect::<Vec<_>>(), [&"delete", &"create"]);
}

#[tokio::test]
async fn an_import_is_a_stub_that_a_read_fills() {
    let (core, service) = start().await;
    core.apply("demo_thing.a", json!({ "name": "a", "size": 3 })).await.succeeds();
    let imported = core.import("demo_thing.b", "a").await;
    imported.succeeds();
    let state = imported.state();
    assert_eq!(
        (&state["size"], &state["uid"], &state["note"]),
        (&json!(3), &json!("1"), &Json::Null)
    );
    assert_eq!(state["label"], json!([]), "blocks that are not there are an empty collection");
    assert_eq!(service.seen().calls.last(), Some(&"read"));

    core.import("demo_thing.c", "missing").await.fails("non-existent");
    core.import("demo_thing.c", "").await.fails("Invalid import id");
    assert!(core.stored("demo_thing.c").is_none());
}

#[tokio::test]
async fn a_type_without_import_says_so() {
    let (core, _) = start().await;
    core.import("demo_bare.a", "x").await.fails("cannot be imported");
}

#[tokio::test]
async fn nothing_is_done_before_the_provider_is_configured() {
    let (core, service) = unconfigured().await;
    core.validate("demo_thing", json!({ "name": "a" })).await.succeeds();
    core.plan("demo_thing.a", json!({ "name": "a" })).await.fails("not configured");
    core.import("demo_thing.a", "a").await.fails("not configured");
    assert!(service.seen().calls.is_empty());
}

#[tokio::test]
async fn configuring_tells_errors_and_warnings_and_reaches_the_handlers() {
    let (core, service) = unconfigured().await;
    let refused = core.configure(json!({ "region": "atlantis" })).await;
    assert_eq!(refused.fails("No such region").path().unwrap().to_string(), "region");
    core.configure(json!({})).await.warns("No region");
    core.configure(json!({ "region": unknown() })).await.warns("No region");

    core.configure(json!({ "region": "there" })).await.succeeds();
    core.apply("demo_thing.a", json!({ "name": "a" })).await.succeeds();
    assert_eq!(service.seen().region, "there");
}
