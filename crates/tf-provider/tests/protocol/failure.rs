//! Handlers that fail, panic or never return: the stored object, and the diagnostics.

use serde_json::{Value as Json, json};
use tf_provider::testing::Action;

use crate::demo::{Fault, start};

#[tokio::test]
async fn a_create_that_fails_at_once_leaves_nothing() {
    let (core, service) = start().await;
    service.next(Fault::FailFirst);
    core.apply("demo_thing.a", json!({ "name": "a" })).await.fails("The service failed");
    assert!(core.stored("demo_thing.a").is_none());
}

#[tokio::test]
async fn a_create_that_fails_halfway_leaves_a_tainted_object() {
    for fault in [Fault::FailHalfway, Fault::PanicHalfway] {
        let (core, service) = start().await;
        service.next(fault);
        let failed = core.apply("demo_thing.a", json!({ "name": "a", "note": "mine" })).await;
        assert_eq!(failed.errors().len(), 1);
        assert!(core.stored("demo_thing.a").unwrap().is_tainted());
        let state = failed.state();
        assert_eq!((&state["uid"], &state["note"]), (&json!("1"), &json!("mine")));

        let plan = core.plan("demo_thing.a", json!({ "name": "a" })).await;
        assert_eq!(plan.action(), Action::Replace);
        core.apply_plan(plan, json!({ "name": "a" })).await.succeeds();
        assert!(!core.stored("demo_thing.a").unwrap().is_tainted());
    }
}

#[tokio::test]
async fn an_update_that_fails_at_once_keeps_what_is_stored() {
    let (core, service) = start().await;
    core.apply("demo_thing.a", json!({ "name": "a", "size": 1 })).await.succeeds();
    let plan = core.plan("demo_thing.a", json!({ "name": "a", "size": 2 })).await;
    service.next(Fault::FailFirst);
    let failed = core.apply_plan(plan, json!({ "name": "a", "size": 2 })).await;
    failed.fails("The service failed");
    assert_eq!((&failed.state()["size"], &failed.state()["revision"]), (&json!(1), &json!(1)));
    assert!(!core.stored("demo_thing.a").unwrap().is_tainted());
}

#[tokio::test]
async fn an_update_that_fails_halfway_keeps_what_it_saved() {
    let (core, service) = start().await;
    core.apply("demo_thing.a", json!({ "name": "a", "size": 1 })).await.succeeds();
    let config = json!({ "name": "a", "size": 2, "note": "mine" });
    let plan = core.plan("demo_thing.a", config.clone()).await;
    service.next(Fault::FailHalfway);
    let failed = core.apply_plan(plan, config).await;
    failed.fails("failed halfway");
    let state = failed.state();
    assert_eq!((&state["size"], &state["revision"]), (&json!(2), &json!(2)));
    assert_eq!(state["note"], Json::Null, "what was not saved stays as it was");
    assert!(!core.stored("demo_thing.a").unwrap().is_tainted());
}

#[tokio::test]
async fn a_deletion_that_fails_keeps_the_object() {
    let (core, service) = start().await;
    core.apply("demo_thing.a", json!({ "name": "a" })).await.succeeds();
    let plan = core.plan("demo_thing.a", json!({ "name": "b" })).await;
    service.next(Fault::FailFirst);
    let failed = core.apply_plan(plan, json!({ "name": "b" })).await;
    failed.fails("The service failed");
    assert_eq!(failed.state()["name"], "a");
    assert_eq!(service.find("b"), None, "nothing takes the place of what is still there");
}

#[tokio::test]
async fn reports_a_panic_of_any_handler_as_a_bug_and_goes_on() {
    let bug = "This is a bug in the provider";
    let config = || json!({ "name": "a" });

    let (core, service) = start().await;
    service.next(Fault::Panic);
    core.plan("demo_thing.a", config()).await.fails(bug);
    let plan = core.plan("demo_thing.a", config()).await;
    core.apply_plan(plan, config()).await.succeeds();

    service.next(Fault::Panic);
    core.refresh("demo_thing.a").await.fails(bug);
    service.next(Fault::Panic);
    core.destroy("demo_thing.a").await.fails(bug);
    assert_eq!(core.stored("demo_thing.a").unwrap().attributes()["name"], "a");
    core.plan("demo_thing.a", config()).await.succeeds();
}

#[tokio::test]
async fn a_panic_of_one_call_does_not_end_the_others() {
    let (core, service) = start().await;
    service.next(Fault::Wait);
    let creating = core.apply("demo_thing.a", json!({ "name": "a" }));
    let meanwhile = async {
        service.waiting.notified().await;
        service.next(Fault::Panic);
        core.plan("demo_thing.b", json!({ "name": "b" })).await.fails("bug in the provider");
        service.go_on.notify_one();
    };
    let (created, ()) = tokio::join!(creating, meanwhile);
    created.succeeds();
}

#[tokio::test(start_paused = true)]
async fn gives_up_a_handler_after_its_deadline() {
    let (core, service) = start().await;
    service.next(Fault::Hang);
    let config = json!({ "name": "a", "timeouts": { "create": "1s" } });
    core.apply("demo_thing.a", config).await.fails("took too long");
}
