//! Write-only twins: given to the handlers, and stored nowhere.

use serde_json::{Value as Json, json};
use tf_provider::testing::Action;

use crate::demo::start;

#[tokio::test]
async fn passes_the_value_to_the_handler_and_stores_it_nowhere() {
    let (core, service) = start().await;
    let config = json!({ "name": "a", "secret_wo": "hunter2" });
    let plan = core.plan("demo_thing.a", config.clone()).await;
    assert_eq!(plan.planned()["secret_wo"], Json::Null);

    let made = core.apply_plan(plan, config.clone()).await;
    made.succeeds();
    assert_eq!(service.find("a").unwrap().secret.as_deref(), Some("hunter2"));
    assert!(!made.state().to_string().contains("hunter2"));
    assert!(core.plan("demo_thing.a", config).await.is_empty());
}

#[tokio::test]
async fn stores_the_value_of_the_ordinary_twin() {
    let (core, service) = start().await;
    let made = core.apply("demo_thing.a", json!({ "name": "a", "secret": "hunter2" })).await;
    made.succeeds();
    assert_eq!(made.state()["secret"], "hunter2");
    assert_eq!(service.find("a").unwrap().secret.as_deref(), Some("hunter2"));
}

#[tokio::test]
async fn moving_from_one_to_the_other_takes_the_value_out_of_state() {
    let (core, _) = start().await;
    core.apply("demo_thing.a", json!({ "name": "a", "secret": "hunter2" })).await.succeeds();
    let moved = core.apply("demo_thing.a", json!({ "name": "a", "secret_wo": "hunter2" })).await;
    moved.succeeds();
    assert_eq!((moved.action(), &moved.state()["secret"]), (Action::Update, &Json::Null));
}

#[tokio::test]
async fn refuses_both_twins_together() {
    let (core, _) = start().await;
    let both = json!({ "name": "a", "secret": "hunter2", "secret_wo": "hunter2" });
    let found = core.validate("demo_thing", both).await;
    let error = found.fails("Two values for one argument");
    assert_eq!(error.path().unwrap().to_string(), "secret_wo");
    assert!(!format!("{found:?}").contains("hunter2"));
}

#[tokio::test]
async fn refuses_the_value_from_a_client_without_write_only_arguments() {
    let (core, service) = start().await;
    let core = core.without_write_only();
    let refused = core.apply("demo_thing.a", json!({ "name": "a", "secret_wo": "hunter2" })).await;
    assert_eq!(refused.fails("newer client").path().unwrap().to_string(), "secret_wo");
    assert_eq!(service.find("a"), None);
    core.apply("demo_thing.a", json!({ "name": "a", "secret": "hunter2" })).await.succeeds();
}

#[tokio::test]
async fn validates_both_twins_by_the_same_rule() {
    let (core, _) = start().await;
    for attribute in ["secret", "secret_wo"] {
        let found = core.validate("demo_thing", json!({ "name": "a", attribute: "abc" })).await;
        assert_eq!(found.fails("4 to 20 characters").path().unwrap().to_string(), attribute);
        assert!(!format!("{found:?}").contains("abc"), "a secret is not quoted");
    }
}
