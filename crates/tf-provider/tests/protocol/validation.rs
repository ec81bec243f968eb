//! What is said of a configuration before anything is done with it.

use std::time::Duration;

use serde_json::{Value as Json, json};
use tf_provider::testing::unknown;

use crate::demo::start;

/// The place of the error that says `text` about this configuration.
async fn place_of(text: &str, config: Json) -> String {
    let (core, _) = start().await;
    let told = core.validate("demo_thing", config).await;
    told.fails(text).path().map(ToString::to_string).unwrap_or_default()
}

#[tokio::test]
async fn a_rule_names_the_attribute_and_never_quotes_the_value() {
    let (core, _) = start().await;
    let told = core.validate("demo_thing", json!({ "name": "much too long" })).await;
    let error = told.fails("`name` must be 1 to 10 characters long; it has 13");
    assert!(!error.text().contains("much too long"), "{}", error.text());
    assert_eq!(error.path().unwrap().to_string(), "name");
    assert!(told.warnings().is_empty(), "one fault of a value is enough: {told:?}");
}

#[tokio::test]
async fn a_warning_stops_nothing() {
    let (core, _) = start().await;
    let made = core.apply("demo_thing.a", json!({ "name": "a b" })).await;
    made.succeeds();
    made.warns("should not contain blanks");
}

#[tokio::test]
async fn a_rule_holds_inside_of_blocks() {
    let label = json!([{ "key": "ok" }, { "key": "too long" }]);
    let place = place_of("`key` must be", json!({ "name": "a", "label": label })).await;
    assert_eq!(place, "label.key", "elements of a set have no place of their own");
}

#[tokio::test]
async fn a_check_sees_the_whole_configuration() {
    assert_eq!(place_of("What is sized", json!({ "name": "a", "kind": "sized" })).await, "size");
}

#[tokio::test]
async fn what_is_not_known_yet_is_given_the_benefit_of_the_doubt() {
    let (core, _) = start().await;
    let open = json!({ "name": unknown(), "kind": "sized", "size": unknown() });
    core.validate("demo_thing", open).await.succeeds();
    let plan = core.plan("demo_thing.a", json!({ "name": unknown() })).await;
    core.apply_plan(plan, json!({ "name": "much too long" })).await.fails("`name` must be");
}

#[tokio::test]
async fn a_timeout_is_a_length_of_time() {
    for wrong in ["five", "0s", "-1m", ""] {
        let config = json!({ "name": "a", "timeouts": { "create": wrong } });
        assert_eq!(place_of("length of time", config).await, "timeouts.create");
    }
}

#[tokio::test]
async fn the_deadline_of_an_operation_is_its_timeout() {
    let (core, service) = start().await;
    let config = json!({ "name": "a", "timeouts": { "create": "90s" } });
    core.apply("demo_thing.a", config).await.succeeds();
    let left = service.seen().time_left.unwrap();
    assert!(left > Duration::from_secs(30) && left <= Duration::from_secs(90), "{left:?}");

    core.refresh("demo_thing.a").await.succeeds();
    let left = service.seen().time_left.unwrap();
    assert!(left > Duration::from_secs(3000), "reads have their own: {left:?}");
    core.destroy("demo_thing.a").await.succeeds();
    assert_eq!(service.seen().time_left, None, "and deletions have none");
}

#[tokio::test]
async fn what_the_schema_does_not_allow_is_said_without_asking() {
    assert_eq!(place_of("`name` is required", json!({})).await, "name");
    assert_eq!(place_of("`nmae` is expected", json!({ "name": "a", "nmae": 1 })).await, "nmae");
    assert_eq!(place_of("decides `uid`", json!({ "name": "a", "uid": "1" })).await, "uid");
    assert_eq!(place_of("expected a number", json!({ "name": "a", "size": "big" })).await, "size");
}
