//! The life of a connection over a scripted server, with time standing still.

mod create;
mod delete;
mod find;
mod update;

use serde_json::json;

use super::*;
use crate::transport::script::{Script, Step, answer, place};

/// The server's clock in these tests.
const NOW: &str = "Sun, 22 Nov 2026 12:00:10 GMT";

/// Before any call of these tests could have begun.
const LONG_AGO: &str = "2026-11-22T11:59:00Z";

/// The second before [`NOW`].
const JUST_NOW: &str = "2026-11-22T12:00:09Z";

fn body(version: &str, created_at: &str) -> serde_json::Value {
    json!({
        "api_version": "sql/v1",
        "kind": "Connection",
        "name": "openai",
        "metadata": {
            "uid": "uid-1",
            "resource_version": version,
            "created_at": created_at,
            "updated_at": created_at,
        },
        "spec": {
            "connection_type": "OPENAI",
            "endpoint": "https://api.openai.com/v1",
            "auth_data": { "kind": "PlaintextProvider", "data": "<REDACTED>" },
        },
        "status": { "phase": "", "detail": "" },
    })
}

/// The connection as a GET finds it.
fn found(version: &str) -> Step {
    answer(200, body(version, LONG_AGO)).header("date", NOW)
}

/// The connection, just made.
fn fresh(version: &str) -> Step {
    answer(200, body(version, JUST_NOW)).header("date", NOW)
}

/// The only page of a list.
fn list_of(names: &[&str]) -> Step {
    let entry = |name: &&str| {
        let mut entry = body("1", LONG_AGO);
        entry["name"] = json!(name);
        entry
    };
    answer(200, json!({ "data": names.iter().map(entry).collect::<Vec<_>>() }))
}

fn new() -> NewConnection {
    NewConnection {
        name: "openai".to_owned(),
        connection_type: "openai".to_owned(),
        endpoint: "https://api.openai.com/v1".to_owned(),
        auth_data: AuthData::new().secret("API_KEY", "sk-planted"),
    }
}

fn connections(script: &Script) -> Connections {
    script.client().connections(&place())
}

#[test]
fn reads_what_is_there_and_nothing_of_the_credentials() {
    let connection = wire::from_value(body("7", LONG_AGO)).unwrap();
    assert_eq!(
        connection,
        Connection {
            name: "openai".to_owned(),
            connection_type: "OPENAI".to_owned(),
            endpoint: "https://api.openai.com/v1".to_owned(),
            uid: Some("uid-1".to_owned()),
            resource_version: Some("7".to_owned()),
            created_at: Some(LONG_AGO.to_owned()),
            updated_at: Some(LONG_AGO.to_owned()),
            phase: None,
            detail: None,
        }
    );
    assert!(!format!("{connection:?}").contains("REDACTED"));
}

#[test]
fn reads_versions_that_are_numbers() {
    let mut json = body("", LONG_AGO);
    json["metadata"]["resource_version"] = json!(12);
    let connection = wire::from_value(json).unwrap();
    assert_eq!(connection.resource_version.as_deref(), Some("12"));
}

#[test]
fn writes_the_payload_as_the_text_of_an_object() {
    let data =
        AuthData::new().secret("SERVICE_KEY", r#"{"key":"a\nb"}"#).plain("AUTH_TYPE", "API_KEY");
    let update = Update {
        name: "n".to_owned(),
        connection_type: "VERTEXAI".to_owned(),
        endpoint: "https://e".to_owned(),
        auth_data: data,
        resource_version: None,
    };
    let url = Url::parse("https://host/").unwrap();
    let request = update.write(Request::put(Audience::Gateway, url), Some("v1")).unwrap();
    let bytes = &request.body.as_ref().unwrap().bytes;
    let json: serde_json::Value = serde_json::from_slice(bytes).unwrap();
    assert_eq!(
        json,
        json!({
            "name": "n",
            "metadata": { "resource_version": "v1" },
            "spec": {
                "connection_type": "VERTEXAI",
                "endpoint": "https://e",
                "auth_data": {
                    "kind": "PlaintextProvider",
                    "data": r#"{"AUTH_TYPE":"API_KEY","SERVICE_KEY":"{\"key\":\"a\\nb\"}"}"#,
                },
            },
        })
    );
}

#[test]
fn shows_no_secret() {
    let shown = format!("{:?}", new());
    assert!(shown.contains("API_KEY") && !shown.contains("planted"), "{shown}");
}
