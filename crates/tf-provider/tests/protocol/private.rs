//! Private data: stored with an object, and never shown by Terraform.

use serde_json::{Value as Json, json};
use tf_provider::testing::{Core, Stored};

use crate::demo::{Fault, start};

fn remembered(core: &Core, address: &str) -> Json {
    serde_json::from_slice(core.stored(address).unwrap().private()).unwrap()
}

#[tokio::test]
async fn passes_from_plan_to_apply_to_read() {
    let (core, _) = start().await;
    core.apply("demo_thing.a", json!({ "name": "a" })).await.succeeds();
    assert_eq!(remembered(&core, "demo_thing.a"), json!({ "plans": 1, "reads": 0, "writes": 1 }));
    core.refresh("demo_thing.a").await.succeeds();
    assert_eq!(remembered(&core, "demo_thing.a"), json!({ "plans": 1, "reads": 1, "writes": 1 }));
    core.apply("demo_thing.a", json!({ "name": "a", "size": 1 })).await.succeeds();
    assert_eq!(remembered(&core, "demo_thing.a"), json!({ "plans": 2, "reads": 2, "writes": 2 }));
}

#[tokio::test]
async fn passes_from_import_to_read() {
    let (core, _) = start().await;
    core.apply("demo_thing.a", json!({ "name": "a" })).await.succeeds();
    core.import("demo_thing.b", "a").await.succeeds();
    assert_eq!(remembered(&core, "demo_thing.b"), json!({ "plans": 0, "reads": 11, "writes": 0 }));
}

#[tokio::test]
async fn a_replacement_begins_without_it() {
    let (core, _) = start().await;
    core.apply("demo_thing.a", json!({ "name": "a" })).await.succeeds();
    core.refresh("demo_thing.a").await.succeeds();
    core.apply("demo_thing.a", json!({ "name": "b" })).await.succeeds();
    assert_eq!(remembered(&core, "demo_thing.a"), json!({ "plans": 1, "reads": 0, "writes": 1 }));
}

#[tokio::test]
async fn is_stored_with_the_object_of_a_failed_create() {
    let (core, service) = start().await;
    service.next(Fault::FailHalfway);
    core.apply("demo_thing.a", json!({ "name": "a" })).await.fails("failed halfway");
    assert_eq!(remembered(&core, "demo_thing.a"), json!({ "plans": 1, "reads": 0, "writes": 1 }));
}

#[tokio::test]
async fn forgets_what_it_cannot_read() {
    let (core, _) = start().await;
    core.apply("demo_thing.a", json!({ "name": "a" })).await.succeeds();
    let old = Stored::new(2, &json!({ "name": "a" })).with_private(b"\xff not JSON");
    core.store("demo_thing.a", old);
    core.refresh("demo_thing.a").await.succeeds();
    assert_eq!(remembered(&core, "demo_thing.a"), json!({ "plans": 0, "reads": 1, "writes": 0 }));
}
