//! The control API and the methods of the library behind it.

use std::time::Duration;

use flink_emulator::{Bump, Emulator, StoredConnection};
use serde_json::{Value, json};

use crate::client::{Request, Response, object, openai, place, with_openai};

const ALL: &str = "/control/connections";
const AT: &str = "/control/connections/1111aaaa-0000-4000-8000-000000000001/env-1/aws/us-east-1";

fn stored(emulator: &Emulator) -> StoredConnection {
    emulator.connections(&place()).get("openai").unwrap()
}

async fn put(emulator: &Emulator, path: &str, body: Value) -> Response {
    Request::put(path, &body).without("Authorization").send(emulator).await
}

async fn post(emulator: &Emulator, path: &str, body: Value) -> Response {
    Request::post(path, &body).without("Authorization").send(emulator).await
}

#[tokio::test]
async fn shows_the_keys_of_credentials_and_no_secret() {
    let emulator = with_openai().await;
    let list = Request::get(ALL).without("Authorization").send(&emulator).await;
    assert_eq!(list.json()["data"], json!([stored(&emulator)]));
    assert_eq!(list.json()["data"][0]["credential_keys"], json!(["API_KEY"]));
    assert!(!list.text.contains("s3cret"), "{list:?}");
}

#[tokio::test]
async fn compares_a_secret_without_showing_it() {
    let emulator = with_openai().await;
    let path = format!("{AT}/openai/verify");
    for (key, value, equal) in
        [("API_KEY", "s3cret", true), ("API_KEY", "other", false), ("PASSWORD", "s3cret", false)]
    {
        let answer = post(&emulator, &path, json!({ "key": key, "value": value })).await;
        assert_eq!(answer.json(), json!({ "equal": equal }));
        assert_eq!(emulator.connections(&place()).holds("openai", key, value), equal);
    }
    let absent = json!({ "key": "API_KEY", "value": "s3cret" });
    post(&emulator, &format!("{AT}/absent/verify"), absent).await.failure(404);
}

#[tokio::test]
async fn changes_credentials_as_a_statement_does() {
    let emulator = with_openai().await;
    let before = stored(&emulator);
    emulator.clock().advance(Duration::from_secs(1));
    let path = format!("{AT}/openai/credentials");
    assert_eq!(put(&emulator, &path, json!({ "API_KEY": "new" })).await.status, 200);
    let after = stored(&emulator);
    assert!(emulator.connections(&place()).holds("openai", "API_KEY", "new"));
    assert_ne!(after.resource_version, before.resource_version);
    assert!(after.updated_at > before.updated_at && after.uid == before.uid);
    let wrong = put(&emulator, &path, json!({ "PASSWORD": "new" })).await;
    wrong.points_at(422, "/spec/auth_data/data");
}

#[tokio::test]
async fn creates_and_deletes_connections_behind_the_api() {
    let emulator = Emulator::start().await;
    let new = json!({
        "name": "openai",
        "connection_type": "OPENAI",
        "endpoint": "https://api.example/v1",
        "credentials": { "API_KEY": "s3cret" },
    });
    assert_eq!(post(&emulator, AT, new.clone()).await.status, 201);
    let taken = post(&emulator, AT, new).await;
    assert_eq!(
        (taken.failure(409)["code"].as_str(), taken.header("location")),
        (Some("resource_already_exists"), None)
    );
    assert_eq!(Request::get(&object("openai")).send(&emulator).await.status, 200);
    let connections = emulator.connections(&place());
    assert!(connections.delete("openai") && !connections.delete("openai"));
    Request::get(&object("openai")).send(&emulator).await.failure(404);
}

#[tokio::test]
async fn changes_a_connection_by_the_library_or_gives_the_reason() {
    let emulator = with_openai().await;
    let connections = emulator.connections(&place());
    assert!(connections.insert(openai("openai")).unwrap_err().is_already_exists());
    assert!(connections.touch("absent", Bump::Version).unwrap_err().is_not_found());
    let refusal = connections.set_credentials("openai", [("PASSWORD", "s3cret")]).unwrap_err();
    assert!(refusal.to_string().contains("PASSWORD"));
    assert!(!format!("{refusal} {refusal:?}").contains("s3cret"));
    let before = stored(&emulator);
    emulator.clock().advance(Duration::from_secs(1));
    for (bump, is_version_new, is_time_new) in [
        (Bump::Nothing, false, false),
        (Bump::Version, true, false),
        (Bump::VersionAndTime, true, true),
    ] {
        let after = connections.touch("openai", bump).unwrap();
        assert_eq!(after.resource_version != before.resource_version, is_version_new, "{bump:?}");
        assert_eq!(after.updated_at > before.updated_at, is_time_new, "{bump:?}");
    }
    assert!(connections.recreate(openai("absent")).unwrap_err().is_not_found());
    let recreated = connections.recreate(openai("openai")).unwrap();
    assert!(recreated.uid != before.uid && recreated.created_at > before.created_at);
    assert_eq!(connections.list(), [recreated]);
}

#[tokio::test]
async fn reads_paths_and_bodies_strictly() {
    let emulator = with_openai().await;
    let path = AT.replace("env-1", "production");
    post(&emulator, &path, json!({})).await.blames(400, "environment_id");
    let path = format!("{AT}/openai/credentials");
    put(&emulator, &path, json!([])).await.failure(400);
    let untyped = Request::new("PUT", &path).body("text/plain", "{}");
    untyped.send(&emulator).await.failure(415);
}
