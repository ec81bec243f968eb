//! The operations on a connection: their statuses, headers and bodies.

use std::time::Duration;

use flink_emulator::{Bump, Emulator, Status};
use serde_json::{Value, json};

use crate::client::{COLLECTION, Request, changed, creation, object, place, rotation, with_openai};

#[tokio::test]
async fn creates_with_the_whole_object_and_its_location_once() {
    let emulator = with_openai().await;
    let answer = Request::post(COLLECTION, &creation("new.one")).send(&emulator).await;
    assert_eq!(answer.status, 201);
    let url = format!("http://emulator.test{}", object("new.one"));
    assert_eq!(answer.header("location"), Some(url.as_str()));
    let stored = emulator.connections(&place()).get("new.one").unwrap();
    let expected = json!({
        "api_version": "sql/v1",
        "kind": "Connection",
        "metadata": {
            "self": url,
            "resource_name": "",
            "created_at": "2025-08-01T12:00:00Z",
            "updated_at": "2025-08-01T12:00:00Z",
            "uid": stored.uid,
            "resource_version": stored.resource_version,
        },
        "name": "new.one",
        "spec": {
            "connection_type": "OPENAI",
            "endpoint": "https://api.example/v1",
            "auth_data": { "kind": "PlaintextProvider", "data": "<REDACTED>" },
        },
        "status": { "phase": "READY" },
    });
    assert_eq!(answer.json(), expected);
    let read = Request::get(&object("new.one")).send(&emulator).await;
    assert_eq!((read.status, read.json()), (200, expected));
    let taken = Request::post(COLLECTION, &creation("new.one")).send(&emulator).await;
    assert_eq!(taken.failure(409)["code"], "resource_already_exists");
    assert_eq!(taken.header("location"), Some(url.as_str()));
}

#[tokio::test]
async fn sends_no_credential() {
    let emulator = with_openai().await;
    emulator.settings(|settings| settings.update_answers_with_body = true);
    let requests = [
        Request::post(COLLECTION, &creation("other")),
        Request::get(&object("openai")),
        Request::get(COLLECTION),
        Request::put(&object("openai"), &rotation("openai", "s3cret-2")),
        Request::post(COLLECTION, &creation("openai")),
        Request::put(&object("openai"), &rotation("other", "s3cret-3")),
    ];
    for request in requests {
        let answer = request.send(&emulator).await;
        assert!(!format!("{answer:?}").contains("s3cret"), "{answer:?}");
    }
}

#[tokio::test]
async fn reports_an_absent_one_with_the_body_of_the_api() {
    let emulator = with_openai().await;
    let requests = [
        Request::get(&object("absent")),
        Request::put(&object("absent"), &rotation("absent", "v")),
        Request::delete(&object("absent")),
        Request::get(&object("open%2Fai")),
    ];
    for request in requests {
        let error = request.send(&emulator).await.failure(404);
        assert_eq!(error["title"], "Not Found");
        assert!(error.get("code").is_none(), "{error}");
        assert!(error["detail"].as_str().unwrap().ends_with("' does not exist."), "{error}");
    }
}

#[tokio::test]
async fn updates_credentials_without_a_body_in_the_response() {
    let emulator = with_openai().await;
    let before = emulator.connections(&place()).get("openai").unwrap();
    emulator.clock().advance(Duration::from_secs(60));
    let answer = Request::put(&object("openai"), &rotation("openai", "new")).send(&emulator).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    let after = emulator.connections(&place()).get("openai").unwrap();
    assert!(emulator.connections(&place()).holds("openai", "API_KEY", "new"));
    assert_ne!(after.resource_version, before.resource_version);
    assert_eq!(after.updated_at.to_string(), "2025-08-01T12:01:00Z");
    assert_eq!((after.uid, after.created_at), (before.uid, before.created_at));
}

#[tokio::test]
async fn follows_the_documentation_by_a_setting() {
    let emulator = with_openai().await;
    emulator.settings(|settings| {
        settings.update_answers_with_body = true;
        settings.resource_versions = false;
        settings.delete_status = 204;
    });
    let updated = Request::put(&object("openai"), &rotation("openai", "new")).send(&emulator).await;
    let read = Request::get(&object("openai")).send(&emulator).await;
    assert_eq!(updated.json(), read.json());
    assert!(read.json()["metadata"].get("resource_version").is_none());
    assert_eq!(Request::delete(&object("openai")).send(&emulator).await.status, 204);
    Request::delete(&object("openai")).send(&emulator).await.failure(404);
}

#[tokio::test]
async fn changes_only_credentials() {
    let emulator = with_openai().await;
    let auth_data = &rotation("openai", "new")["spec"]["auth_data"];
    let read = Request::get(&object("openai")).send(&emulator).await.json();
    let whole = changed(read, "/spec/auth_data", auth_data.clone());
    for (pointer, value) in [
        ("/spec/connection_type", json!("AZUREML")),
        ("/spec/endpoint", json!("https://elsewhere.example")),
        ("/name", json!("other")),
        ("/api_version", json!("sql/v2")),
        ("/kind", json!("Statement")),
        ("/metadata/uid", json!("other")),
        ("/metadata/self", json!("http://elsewhere.example")),
        ("/metadata/created_at", json!("2020-01-01T00:00:00Z")),
        ("/status/phase", json!("INVALID_AUTH")),
        ("/status/detail", json!("other")),
    ] {
        let body = changed(whole.clone(), pointer, value);
        Request::put(&object("openai"), &body).send(&emulator).await.points_at(422, pointer);
    }
    assert!(emulator.connections(&place()).holds("openai", "API_KEY", "s3cret"));
    let answer = Request::put(&object("openai"), &whole).send(&emulator).await;
    assert_eq!(answer.status, 200, "the object itself with new credentials: {answer:?}");
}

#[tokio::test]
async fn takes_the_current_version_or_none() {
    let emulator = with_openai().await;
    let version = emulator.connections(&place()).get("openai").unwrap().resource_version;
    for (metadata, status) in [
        (json!({ "resource_version": "" }), 409),
        (json!({ "resource_version": "other" }), 409),
        (json!({ "resource_version": version }), 200),
        (json!({ "resource_version": version }), 409),
        (json!({}), 200),
    ] {
        let body = changed(rotation("openai", "new"), "/metadata", metadata);
        let answer = Request::put(&object("openai"), &body).send(&emulator).await;
        assert_eq!(answer.status, status, "{answer:?}");
    }
}

#[tokio::test]
async fn reports_the_status_of_the_settings() {
    let emulator = Emulator::start().await;
    for phase in [Some("PENDING"), Some(""), None] {
        emulator.settings(|settings| settings.new_phase = phase.map(str::to_owned));
        let name = format!("c-{}", phase.unwrap_or("none").to_lowercase());
        let created = Request::post(COLLECTION, &creation(&name)).send(&emulator).await.json();
        let expected = phase.map_or(Value::Null, |phase| json!({ "phase": phase }));
        assert_eq!(created["status"], expected);
    }
    let listed = Request::get(COLLECTION).send(&emulator).await.json();
    for item in listed["data"].as_array().unwrap() {
        assert!(item["status"]["phase"].is_string(), "a list requires a status: {item}");
    }
    let refused = Status::new("INVALID_AUTH").detail("401");
    emulator.connections(&place()).set_status("c-none", refused, Bump::Nothing).unwrap();
    let read = Request::get(&object("c-none")).send(&emulator).await.json();
    assert_eq!(read["status"], json!({ "phase": "INVALID_AUTH", "detail": "401" }));
}

#[tokio::test]
async fn keeps_a_name_in_one_segment_of_the_path() {
    let emulator = with_openai().await;
    let answer = Request::post(COLLECTION, &creation("ä b?#%")).send(&emulator).await;
    let location = answer.header("location").unwrap();
    assert!(location.ends_with("/%C3%A4%20b%3F%23%25"), "{location}");
    let path = location.strip_prefix("http://emulator.test").unwrap();
    assert_eq!(Request::get(path).send(&emulator).await.json()["name"], "ä b?#%");
    Request::get(&object("%ff")).send(&emulator).await.blames(400, "path");
}

#[tokio::test]
async fn refuses_unknown_paths_and_methods_as_the_api_does() {
    let emulator = with_openai().await;
    for path in ["/", "/nowhere", "/sql/v1/organizations", &format!("{COLLECTION}/")] {
        Request::get(path).send(&emulator).await.failure(404);
    }
    Request::new("PATCH", &object("openai")).send(&emulator).await.failure(405);
    Request::delete(COLLECTION).send(&emulator).await.failure(405);
    Request::get("/sts/v1/oauth2/token").send(&emulator).await.failure(405);
}
