//! The refusal of wrong requests: the status, and the field that is named.

use flink_emulator::Emulator;
use serde_json::{Value, json};

use crate::client::{
    COLLECTION, Request, Response, changed, creation, object, place, rotation, with_openai,
};

/// Sends a POST whose body was changed at one place.
async fn post_with(emulator: &Emulator, pointer: &str, value: Value) -> Response {
    Request::post(COLLECTION, &changed(creation("new"), pointer, value)).send(emulator).await
}

#[tokio::test]
async fn takes_only_json_with_its_content_type() {
    let emulator = with_openai().await;
    let post = Request::post(COLLECTION, &creation("new"));
    post.clone().without("Content-Type").send(&emulator).await.failure(415);
    post.clone().header("Content-Type", "text/plain").send(&emulator).await.failure(415);
    for body in ["", "{", "[]", "null", "\"s3cret\"", "s3cret"] {
        let answer = post.clone().body("application/json", body).send(&emulator).await;
        assert!(!answer.points_at(400, "").contains("s3cret"), "{answer:?}");
    }
    let typed = post.header("Content-Type", "application/json; charset=utf-8");
    assert_eq!(typed.send(&emulator).await.status, 201);
}

#[tokio::test]
async fn bounds_a_body() {
    let emulator = with_openai().await;
    let long = "x".repeat(1024 * 1024 + 1);
    let post = Request::post(COLLECTION, &creation("new")).body("application/json", &long);
    post.send(&emulator).await.failure(413);
    assert_eq!(emulator.journal().entries()[0].status, Some(413));
}

#[tokio::test]
async fn names_unknown_fields() {
    let emulator = with_openai().await;
    for pointer in
        ["/display_name", "/environment_id", "/spec/comment", "/spec/auth_data/plaintext"]
    {
        post_with(&emulator, pointer, json!("x")).await.points_at(400, pointer);
        let body = changed(rotation("openai", "v"), pointer, json!("x"));
        let put = Request::put(&object("openai"), &body).send(&emulator).await;
        put.points_at(400, pointer);
    }
    let metadata = post_with(&emulator, "/metadata", json!({ "labels": {} })).await;
    metadata.points_at(400, "/metadata/labels");
}

#[tokio::test]
async fn names_required_fields() {
    let emulator = with_openai().await;
    for pointer in [
        "/name",
        "/spec",
        "/spec/connection_type",
        "/spec/endpoint",
        "/spec/auth_data",
        "/spec/auth_data/kind",
        "/spec/auth_data/data",
    ] {
        let (parent, field) = pointer.rsplit_once('/').unwrap();
        let mut body = creation("new");
        body.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(field);
        Request::post(COLLECTION, &body).send(&emulator).await.points_at(422, pointer);
        if !pointer.ends_with("endpoint") && !pointer.ends_with("type") {
            let put = Request::put(&object("openai"), &body).send(&emulator).await;
            put.points_at(422, pointer);
        }
        post_with(&emulator, pointer, json!(7)).await.points_at(422, pointer);
        post_with(&emulator, pointer, Value::Null).await.points_at(422, pointer);
    }
}

#[tokio::test]
async fn refuses_in_a_creation_the_fields_that_the_server_sets() {
    let emulator = with_openai().await;
    let uid = post_with(&emulator, "/metadata", json!({ "uid": "mine" })).await;
    uid.points_at(422, "/metadata/uid");
    let status = post_with(&emulator, "/status", json!({ "phase": "READY" })).await;
    status.points_at(422, "/status");
    post_with(&emulator, "/kind", json!("Statement")).await.points_at(422, "/kind");
    let body = changed(creation(&"ä".repeat(100)), "/metadata", json!({}));
    assert_eq!(Request::post(COLLECTION, &body).send(&emulator).await.status, 201);
}

#[tokio::test]
async fn names_the_field_that_breaks_a_rule() {
    let emulator = with_openai().await;
    for (pointer, value) in [
        ("/name", json!("a/b")),
        ("/name", json!("")),
        ("/name", json!("a".repeat(101))),
        ("/spec/connection_type", json!("NEWCOMER")),
        ("/spec/endpoint", json!("")),
        ("/spec/endpoint", json!("e".repeat(16_385))),
        ("/spec/auth_data/kind", json!("VaultProvider")),
        ("/spec/auth_data/data", json!("<REDACTED>")),
        ("/spec/auth_data/data", json!("[]")),
        ("/spec/auth_data/data", json!(r#"{"API_KEY":7}"#)),
        ("/spec/auth_data/data", json!("{}")),
        ("/spec/auth_data/data", json!(r#"{"API_KEY":"v","PASSWORD":"v"}"#)),
    ] {
        post_with(&emulator, pointer, value).await.points_at(422, pointer);
    }
    emulator.settings(|settings| settings.extra_connection_types.push("NEWCOMER".to_owned()));
    let newcomer = post_with(&emulator, "/spec/connection_type", json!("NEWCOMER")).await;
    assert_eq!(newcomer.status, 201);
    let body = changed(rotation("openai", "v"), "/spec/auth_data/data", json!("{}"));
    let put = Request::put(&object("openai"), &body).send(&emulator).await;
    put.points_at(422, "/spec/auth_data/data");
    assert!(emulator.connections(&place()).holds("openai", "API_KEY", "s3cret"));
}
