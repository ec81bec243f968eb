//! Validation of a configuration, and the timeouts in it.

use std::time::Duration;

use serde_json::{Value as Json, json};
use tf_provider::testing::unknown;

use crate::demo::start;

/// The place of the error that says `text` about this configuration.
async fn place_of(text: &str, config: Json) -> String {
    let (core, _) = start().await;
    let found = core.validate("demo_thing", config).await;
    found.fails(text).path().map(ToString::to_string).unwrap_or_default()
}

#[tokio::test]
async fn a_rule_names_the_attribute_and_never_quotes_the_value() {
    let (core, _) = start().await;
    let found = core.validate("demo_thing", json!({ "name": "much too long" })).await;
    let error = found.fails("`name` must be 1 to 10 characters long; it has 13");
    assert!(!error.text().contains("much too long"), "{}", error.text());
    assert_eq!(error.path().unwrap().to_string(), "name");
    assert!(found.warnings().is_empty(), "one fault of a value is enough: {found:?}");
}

#[tokio::test]
async fn refuses_a_value_for_a_read_only_attribute() {
    let place = place_of("Read-only uid", json!({ "name": "a", "uid": "x" })).await;
    assert_eq!(place, "uid");
}

#[tokio::test]
async fn a_warning_stops_nothing() {
    let (core, _) = start().await;
    let made = core.apply("demo_thing.a", json!({ "name": "a b" })).await;
    made.succeeds();
    made.warns("should not contain blanks");
}

#[tokio::test]
async fn reports_errors_of_blocks_and_checks_at_their_places() {
    // Elements of a set have no place of their own.
    let labels = json!([{ "key": "ok" }, { "key": "too long" }]);
    let label = json!({ "name": "a", "label": labels });
    assert_eq!(place_of("`key` must be", label).await, "label.key");
    assert_eq!(place_of("What is sized", json!({ "name": "a", "kind": "sized" })).await, "size");
}

#[tokio::test]
async fn judges_an_unknown_value_when_it_is_known() {
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
