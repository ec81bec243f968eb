//! The control API and the methods of the library behind it.

use std::time::Duration;

use flink_emulator::{Bump, Emulator, Status, StoredConnection};
use serde_json::{Value, json};

use crate::client::{Answer, COLLECTION, Request, object, openai, place, with_openai};

const AT: &str = "/control/connections/1111aaaa-0000-4000-8000-000000000001/env-1/aws/us-east-1";

fn stored(emulator: &Emulator) -> StoredConnection {
    emulator.connections(&place()).get("openai").unwrap()
}

async fn put(emulator: &Emulator, path: &str, body: Value) -> Answer {
    Request::put(path, &body).without("Authorization").send(emulator).await
}

async fn post(emulator: &Emulator, path: &str, body: Value) -> Answer {
    Request::post(path, &body).without("Authorization").send(emulator).await
}

#[tokio::test]
async fn shows_connections_with_their_keys_and_without_their_secrets() {
    let emulator = with_openai().await;
    let one = Request::get(&format!("{AT}/openai")).send(&emulator).await;
    assert_eq!(one.json()["credential_keys"], json!(["API_KEY"]));
    assert_eq!(one.json()["place"]["environment"], "env-1");
    for path in ["/control/connections", AT] {
        let list = Request::get(path).send(&emulator).await;
        assert_eq!(list.json()["data"], json!([one.json()]), "{path}");
        assert!(!list.text.contains("s3cret"));
    }
    let health = Request::get("/control/health").send(&emulator).await.json();
    assert_eq!((&health["status"], &health["connections"]), (&"ok".into(), &1.into()));
    assert_eq!(health["url"], emulator.url());
}

#[tokio::test]
async fn tells_whether_it_holds_a_secret_without_showing_it() {
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
async fn changes_credentials_as_a_statement_would() {
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
    let wrong = put(&emulator, &path, json!({ "API_KEY": ["s3cret"] })).await;
    assert!(!wrong.points_at(400, "").contains("s3cret"));
}

#[tokio::test]
async fn sets_and_takes_away_the_status() {
    let emulator = with_openai().await;
    let path = format!("{AT}/openai/status");
    let before = stored(&emulator);
    put(&emulator, &path, json!({ "phase": "UNREACHABLE", "detail": "no route" })).await;
    let quiet = stored(&emulator);
    assert_eq!(quiet.status, Some(Status::new("UNREACHABLE").detail("no route")));
    assert_eq!(quiet.resource_version, before.resource_version);
    put(&emulator, &path, json!({ "bump_version": true })).await;
    let bumped = stored(&emulator);
    assert_eq!(bumped.status, None);
    assert_ne!(bumped.resource_version, before.resource_version);
}

#[tokio::test]
async fn moves_the_version_with_or_without_the_time() {
    let emulator = with_openai().await;
    let path = format!("{AT}/openai/touch");
    let before = stored(&emulator);
    emulator.clock().advance(Duration::from_secs(1));
    post(&emulator, &path, json!({ "keep_updated_at": true })).await;
    let kept = stored(&emulator);
    assert_ne!(kept.resource_version, before.resource_version);
    assert_eq!(kept.updated_at, before.updated_at);
    let bare = Request::new("POST", &path).without("Authorization").send(&emulator).await;
    assert_eq!(bare.status, 200);
    assert!(stored(&emulator).updated_at > before.updated_at);
    let same = emulator.connections(&place()).touch("openai", Bump::Nothing).unwrap();
    assert_eq!(same, stored(&emulator));
}

#[tokio::test]
async fn makes_and_deletes_connections_behind_the_api() {
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
    let path = format!("{AT}/openai");
    assert_eq!(Request::delete(&path).send(&emulator).await.status, 204);
    Request::delete(&path).send(&emulator).await.failure(404);
    Request::get(&path).send(&emulator).await.failure(404);
    assert!(!emulator.connections(&place()).delete("openai"));
}

#[tokio::test]
async fn puts_another_object_under_the_same_name() {
    let emulator = with_openai().await;
    let before = stored(&emulator);
    let path = format!("{AT}/openai");
    let elsewhere = json!({ "endpoint": "https://elsewhere.example" });
    assert_eq!(put(&emulator, &path, elsewhere).await.status, 200);
    let after = stored(&emulator);
    assert_eq!(after.endpoint, "https://elsewhere.example");
    assert_eq!(after.connection_type, before.connection_type);
    assert_ne!((after.uid, after.resource_version), (before.uid, before.resource_version));
    assert!(emulator.connections(&place()).holds("openai", "API_KEY", "s3cret"));
    put(&emulator, &path, json!({ "connection_type": "MONGODB" })).await.failure(422);
    put(&emulator, &format!("{AT}/absent"), json!({})).await.failure(404);
}

#[tokio::test]
async fn settings_that_are_not_named_stay() {
    let emulator = with_openai().await;
    emulator.settings(|settings| settings.new_phase = None);
    let path = "/control/settings";
    let answer = put(&emulator, path, json!({ "delete_status": 204 })).await.json();
    assert_eq!((&answer["delete_status"], &answer["new_phase"]), (&204.into(), &Value::Null));
    assert_eq!(Request::get(path).send(&emulator).await.json(), answer);
    let current = emulator.current_settings();
    assert_eq!(serde_json::to_value(&current).unwrap(), answer);
    put(&emulator, path, json!({ "delete_status": 500 })).await.points_at(422, "/delete_status");
    put(&emulator, path, json!({ "color": "blue" })).await.failure(422);
    assert_eq!(put(&emulator, path, answer).await.status, 200);
    assert_eq!(emulator.current_settings(), current);
}

#[tokio::test]
async fn keys_and_clients_can_be_set_and_are_not_shown() {
    let emulator = with_openai().await;
    let path = "/control/keys";
    let keys = json!({ "keys": [{ "key": "OTHER", "secret": "s3cret" }] });
    assert_eq!(put(&emulator, path, keys).await.json(), json!({ "keys": ["OTHER"] }));
    assert_eq!(Request::get(path).send(&emulator).await.json(), json!({ "keys": ["OTHER"] }));
    Request::get(COLLECTION).send(&emulator).await.failure(401);
    put(&emulator, path, json!({ "keys": [] })).await;
    assert_eq!(Request::get(COLLECTION).send(&emulator).await.status, 200);

    let client = json!({ "client_id": "ID", "client_secret": "s3cret" });
    assert_eq!(put(&emulator, "/control/oauth-client", client).await.status, 204);
    let form = "grant_type=client_credentials&client_id=ID&client_secret=other";
    let post = Request::form("/oauth/token", form);
    assert_eq!(post.send(&emulator).await.status, 401);
    Request::delete("/control/oauth-client").send(&emulator).await;
    assert_eq!(post.send(&emulator).await.status, 200);
    assert_eq!(Request::delete("/control/tokens").send(&emulator).await.status, 204);
}

#[tokio::test]
async fn the_library_says_why_something_cannot_be_done() {
    let emulator = with_openai().await;
    let connections = emulator.connections(&place());
    assert!(connections.insert(openai("openai")).unwrap_err().is_already_exists());
    assert!(connections.touch("absent", Bump::Version).unwrap_err().is_not_found());
    let refusal = connections.set_credentials("openai", [("PASSWORD", "s3cret")]).unwrap_err();
    assert!(refusal.to_string().contains("PASSWORD"));
    assert!(!format!("{refusal} {refusal:?}").contains("s3cret"));
    let recreated = connections.recreate(openai("openai")).unwrap();
    assert_eq!(connections.list(), [recreated]);
}

#[tokio::test]
async fn a_place_in_its_path_must_be_well_formed() {
    let emulator = with_openai().await;
    let path = AT.replace("env-1", "production");
    Request::get(&path).send(&emulator).await.blames(400, "environment_id");
    put(&emulator, &format!("{AT}/openai"), json!([])).await.failure(400);
    let untyped = Request::new("PUT", &format!("{AT}/openai")).body("text/plain", "{}");
    untyped.send(&emulator).await.failure(415);
}
