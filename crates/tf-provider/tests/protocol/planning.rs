//! Plans: planned values, unknown values, and the action.

use serde_json::{Value as Json, json};
use tf_provider::testing::{Action, unknown};

use crate::demo::start;

#[tokio::test]
async fn a_default_holds_where_nothing_is_configured() {
    let (core, _) = start().await;
    let plan = core.plan("demo_thing.a", json!({ "name": "a" })).await;
    assert_eq!(plan.planned()["kind"], "plain");
    core.apply("demo_thing.a", json!({ "name": "a", "kind": "odd" })).await.succeeds();
    let plan = core.plan("demo_thing.a", json!({ "name": "a" })).await;
    assert_eq!((plan.action(), &plan.planned()["kind"]), (Action::Update, &json!("plain")));
}

#[tokio::test]
async fn the_spelling_that_is_stored_stays() {
    let (core, _) = start().await;
    let made = core.apply("demo_thing.a", json!({ "name": "a", "kind": "Odd" })).await;
    made.succeeds();
    assert_eq!(made.state()["kind"], "Odd", "the service spells it ODD");
    assert!(core.plan("demo_thing.a", json!({ "name": "a", "kind": "oDD" })).await.is_empty());

    let plan = core.plan("demo_thing.a", json!({ "name": "a", "kind": "even" })).await;
    assert_eq!(plan.planned()["kind"], "even");
}

#[tokio::test]
async fn a_default_is_no_change_of_a_stored_spelling() {
    let (core, _) = start().await;
    core.apply("demo_thing.a", json!({ "name": "a" })).await.succeeds();
    let imported = core.import("demo_thing.b", "a").await;
    assert_eq!(imported.state()["kind"], "PLAIN");
    assert!(core.plan("demo_thing.b", json!({ "name": "a" })).await.is_empty());
}

#[tokio::test]
async fn an_update_leaves_open_what_does_not_use_state_for_unknown() {
    let (core, _) = start().await;
    let plan = core.plan("demo_thing.a", json!({ "name": "a" })).await;
    assert_eq!([&plan.planned()["uid"], &plan.planned()["revision"]], [&unknown(), &unknown()]);

    core.apply("demo_thing.a", json!({ "name": "a" })).await.succeeds();
    let plan = core.plan("demo_thing.a", json!({ "name": "a", "size": 1 })).await;
    assert_eq!([&plan.planned()["uid"], &plan.planned()["revision"]], [&json!("1"), &unknown()]);
}

#[tokio::test]
async fn a_local_change_calls_no_handler() {
    let (core, service) = start().await;
    core.apply("demo_thing.a", json!({ "name": "a" })).await.succeeds();
    let config = json!({ "name": "a", "note": "mine", "timeouts": { "create": "5m" } });
    let plan = core.plan("demo_thing.a", config.clone()).await;
    assert_eq!((plan.action(), &plan.planned()["revision"]), (Action::Update, &json!(1)));

    let changed = core.apply("demo_thing.a", config.clone()).await;
    changed.succeeds();
    assert_eq!(changed.state()["note"], "mine");
    assert_eq!(changed.state()["timeouts"]["create"], "5m");
    assert!(!service.seen().calls.contains(&"update"));
    assert!(core.plan("demo_thing.a", config).await.is_empty());
}

#[tokio::test]
async fn a_change_that_requires_replace_replaces() {
    let (core, _) = start().await;
    core.apply("demo_thing.a", json!({ "name": "a", "size": 1 })).await.succeeds();
    let plan = core.plan("demo_thing.a", json!({ "name": "b", "size": 1 })).await;
    assert_eq!((plan.action(), plan.replaced_by()), (Action::Replace, vec!["name".to_owned()]));
    assert_eq!(plan.planned()["uid"], unknown(), "another object has another uid");
}

#[tokio::test]
async fn an_unknown_value_may_replace() {
    let (core, service) = start().await;
    core.apply("demo_thing.a", json!({ "name": "a" })).await.succeeds();
    let plan = core.plan("demo_thing.a", json!({ "name": unknown() })).await;
    assert_eq!((plan.action(), &plan.planned()["name"]), (Action::Replace, &unknown()));

    let applied = core.apply_plan(plan, json!({ "name": "c" })).await;
    applied.succeeds();
    assert_eq!((service.find("a"), &applied.state()["name"]), (None, &json!("c")));
}

#[tokio::test]
async fn a_value_that_turns_out_to_be_the_old_one_is_no_change() {
    let (core, service) = start().await;
    core.apply("demo_thing.a", json!({ "name": "a", "size": 1 })).await.succeeds();
    let plan = core.plan("demo_thing.a", json!({ "name": "a", "size": unknown() })).await;
    assert_eq!(plan.action(), Action::Update);

    core.apply_plan(plan, json!({ "name": "a", "size": 1 })).await.succeeds();
    assert!(!service.seen().calls.contains(&"update"));
}

#[tokio::test]
async fn blocks_may_come_in_any_order_of_a_set() {
    let (core, _) = start().await;
    let labels = |order: [&str; 2]| -> Json {
        let label = |key: &&str| json!({ "key": key });
        json!({ "name": "a", "label": order.iter().map(label).collect::<Vec<_>>() })
    };
    core.apply("demo_thing.a", labels(["x", "y"])).await.succeeds();
    assert!(core.plan("demo_thing.a", labels(["y", "x"])).await.is_empty());
    assert_eq!(core.plan("demo_thing.a", labels(["y", "z"])).await.action(), Action::Update);
    let unknown = json!({ "name": "a", "label": unknown() });
    assert_eq!(core.plan("demo_thing.a", unknown).await.action(), Action::Update);
}

#[tokio::test]
async fn the_order_that_a_set_is_written_in_is_no_change() {
    let (core, _) = start().await;
    let made = core.apply("demo_bare.a", json!({})).await;
    made.succeeds();
    assert_eq!(made.state()["zones"], json!(["a", "b"]), "the default says b, a");
    assert!(core.plan("demo_bare.a", json!({})).await.is_empty());
    assert!(core.plan("demo_bare.a", json!({ "zones": ["b", "a", "b"] })).await.is_empty());
}

#[tokio::test]
async fn an_attribute_may_be_partly_unknown() {
    let (core, _) = start().await;
    let plan = core.plan("demo_bare.a", json!({ "tags": { "a": "1", "b": unknown() } })).await;
    assert_eq!(plan.planned()["tags"], json!({ "a": "1", "b": unknown() }));
    let applied = core.apply_plan(plan, json!({ "tags": { "a": "1", "b": "2" } })).await;
    applied.succeeds();
}
