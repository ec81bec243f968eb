//! State that another version of the provider has left.

use serde_json::{Value as Json, json};
use tf_provider::testing::{Action, Stored};

use crate::demo::start;

#[tokio::test]
async fn attributes_that_are_gone_are_dropped_and_new_ones_are_null() {
    for version in [0, 1, 2] {
        let (core, _) = start().await;
        core.apply("demo_thing.a", json!({ "name": "a" })).await.succeeds();
        let old = json!({ "name": "a", "gone": { "for": ["good"] }, "uid": "1" });
        core.store("demo_thing.a", Stored::new(version, &old));

        let refreshed = core.refresh("demo_thing.a").await;
        refreshed.succeeds();
        assert_eq!(refreshed.state()["note"], Json::Null);
        assert_eq!(refreshed.state().get("gone"), None);
        assert_eq!(core.stored("demo_thing.a").unwrap().version(), 2);
        assert!(core.plan("demo_thing.a", json!({ "name": "a" })).await.is_empty());
    }
}

#[tokio::test]
async fn a_block_that_is_new_is_an_empty_collection() {
    let (core, _) = start().await;
    core.apply("demo_thing.a", json!({ "name": "a" })).await.succeeds();
    core.store("demo_thing.a", Stored::new(1, &json!({ "name": "a", "kind": "plain" })));
    assert_eq!(core.refresh("demo_thing.a").await.state()["label"], json!([]));
}

#[tokio::test]
async fn reads_a_number_that_is_a_text_by_now() {
    let (core, _) = start().await;
    core.apply("demo_thing.a", json!({ "name": "7" })).await.succeeds();
    core.store("demo_thing.a", Stored::new(0, &json!({ "name": 7, "size": "3" })));
    assert_eq!(core.refresh("demo_thing.a").await.state()["name"], "7");
}

#[tokio::test]
async fn a_write_only_value_in_old_state_is_taken_out() {
    let (core, _) = start().await;
    core.apply("demo_thing.a", json!({ "name": "a" })).await.succeeds();
    core.store("demo_thing.a", Stored::new(0, &json!({ "name": "a", "secret_wo": "hunter2" })));
    assert_eq!(core.refresh("demo_thing.a").await.state()["secret_wo"], Json::Null);
}

#[tokio::test]
async fn state_that_fits_no_version_is_an_error() {
    let (core, _) = start().await;
    core.store("demo_thing.a", Stored::new(1, &json!({ "name": ["a"] })));
    let refreshed = core.refresh("demo_thing.a").await;
    refreshed.fails("The stored state cannot be read");
    assert_eq!(refreshed.action(), Action::NoOp);
    assert_eq!(refreshed.state()["name"], json!(["a"]), "and is not lost");
}

#[tokio::test]
async fn ignores_deep_values_in_an_attribute_that_is_gone() {
    let (core, _) = start().await;
    core.apply("demo_thing.a", json!({ "name": "a" })).await.succeeds();
    let deep = (0..100).fold(json!("planted"), |deep, _| json!([deep]));
    core.store("demo_thing.a", Stored::new(0, &json!({ "name": "a", "gone": deep })));
    assert_eq!(core.refresh("demo_thing.a").await.state()["name"], "a");
}

#[tokio::test]
async fn state_of_a_newer_version_is_left_alone() {
    let (core, service) = start().await;
    core.store("demo_thing.a", Stored::new(3, &json!({ "name": "a" })));
    core.plan("demo_thing.a", json!({ "name": "a" })).await.fails("newer");
    core.destroy("demo_thing.a").await.fails("newer");
    assert!(service.seen().calls.is_empty());
}
