//! The entries and counts of the journal.

use flink_emulator::Method;
use serde_json::json;

use crate::client::{COLLECTION, Request, changed, object, place, rotation, with_openai};

#[tokio::test]
async fn records_a_request_without_its_secrets() {
    let emulator = with_openai().await;
    let version = json!({ "resource_version": "old" });
    let body = changed(rotation("openai", "s3cret-2"), "/metadata", version);
    let put = Request::put(&object("openai"), &body).header("User-Agent", "test/1");
    let answer = put.send(&emulator).await;

    let entries = emulator.journal().entries();
    let entry = &entries[0];
    assert_eq!((entry.sequence, entry.method.as_str(), entry.status), (1, "PUT", Some(409)));
    assert_eq!(entry.path, object("openai"));
    assert_eq!(Some(entry.request_id.as_str()), answer.header("x-request-id"));
    assert_eq!(entry.place, Some(place()));
    assert_eq!(entry.user_agent.as_deref(), Some("test/1"));
    let auth = entry.auth.as_ref().unwrap();
    assert_eq!((auth.scheme.as_str(), auth.key.as_deref()), ("Basic", Some("KEY")));
    assert_eq!(entry.resource_version.as_deref(), Some("old"));
    let body = entry.body.as_ref().unwrap();
    assert_eq!(body["name"], "openai");
    assert_eq!(body["spec"]["auth_data"]["data"], json!({ "keys": ["API_KEY"] }));
    let shown = format!("{entries:?} {}", serde_json::to_string(&entries).unwrap());
    assert!(!shown.contains("s3cret") && !shown.contains("SECRET"), "{shown}");
}

#[tokio::test]
async fn records_no_token() {
    let emulator = with_openai().await;
    let form = "grant_type=client_credentials&client_id=ID&client_secret=s3cret";
    let granted = Request::form("/oauth/token", form).send(&emulator).await.json();
    let token = granted["access_token"].as_str().unwrap();
    let exchange = format!("subject_token={token}");
    Request::form("/sts/v1/oauth2/token", &exchange).send(&emulator).await;
    let bearer = format!("Bearer {token}");
    Request::get(COLLECTION).header("Authorization", &bearer).send(&emulator).await;
    let shown = Request::get("/control/journal").send(&emulator).await.text;
    assert!(shown.contains("subject_token") && shown.contains("Bearer"), "{shown}");
    assert!(!shown.contains("s3cret") && !shown.contains(token), "{shown}");
}

#[tokio::test]
async fn counts_requests_by_method_and_path() {
    let emulator = with_openai().await;
    for name in ["openai", "absent"] {
        Request::get(&object(name)).send(&emulator).await;
    }
    let journal = emulator.journal();
    assert_eq!(journal.count(Method::GET, "/connections"), 2);
    assert_eq!(journal.count(Method::GET, "/connections/openai"), 1);
    assert_eq!(journal.count(Method::DELETE, "/connections"), 0);
}

#[tokio::test]
async fn is_shown_and_cleared_by_the_control_api() {
    let emulator = with_openai().await;
    Request::get(&object("openai")).send(&emulator).await;
    Request::get("/nowhere?page_size=1").send(&emulator).await;
    let shown = Request::get("/control/journal").send(&emulator).await.json();
    assert_eq!(shown["entries"].as_array().unwrap().len(), 2);
    assert_eq!(shown["entries"][1]["query"], "page_size=1");
    assert_eq!(shown["entries"][1]["status"], 404);
    assert_eq!(Request::delete("/control/journal").send(&emulator).await.status, 204);
    assert!(emulator.journal().entries().is_empty());
}
