//! Ctrl-C, a client that hangs up, and many calls at a time.

use futures_util::future::join_all;
use serde_json::json;

use crate::demo::{Fault, start};

#[tokio::test]
async fn stop_reaches_a_handler_under_way() {
    let (core, service) = start().await;
    service.next(Fault::Wait);
    let creating = core.apply("demo_thing.a", json!({ "name": "a" }));
    let stopping = async {
        service.waiting.notified().await;
        core.stop().await;
        service.go_on.notify_one();
    };
    let (created, ()) = tokio::join!(creating, stopping);
    created.fails("Interrupted");
}

#[tokio::test]
async fn stop_holds_until_the_provider_is_configured_again() {
    let (core, service) = start().await;
    core.stop().await;
    core.apply("demo_thing.a", json!({ "name": "a" })).await.succeeds();
    assert!(service.seen().cancelled, "a provider that is stopped still answers");

    core.configure(json!({})).await.succeeds();
    core.refresh("demo_thing.a").await.succeeds();
    assert!(!service.seen().cancelled);
}

#[tokio::test]
async fn a_client_that_hangs_up_does_not_abort_a_create() {
    let (core, service) = start().await;
    service.next(Fault::Wait);
    tokio::select! {
        _ = core.apply("demo_thing.a", json!({ "name": "a" })) => panic!("it does not wait"),
        () = service.waiting.notified() => {}
    }
    // The calls that follow come after the hanging up, on the same connection.
    for _ in 0..3 {
        core.validate("demo_thing", json!({ "name": "a" })).await.succeeds();
    }
    assert_eq!(service.find("a"), None);
    service.go_on.notify_one();
    service.done.notified().await;
    assert!(service.find("a").is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_objects_live_side_by_side() {
    let (core, service) = start().await;
    let names: Vec<String> = (0..300).map(|number| format!("n{number}")).collect();
    let core = &core;
    let lives = names.iter().map(|name| async move {
        let address = format!("demo_thing.{name}");
        core.apply(&address, json!({ "name": name })).await.succeeds();
        core.apply(&address, json!({ "name": name, "size": 2 })).await.succeeds();
        core.plan(&address, json!({ "name": name, "size": 2 })).await.is_empty()
    });
    assert_eq!(join_all(lives).await, [true; 300]);
    assert!(names.iter().all(|name| service.find(name).is_some_and(|it| it.size == Some(2))));
}
