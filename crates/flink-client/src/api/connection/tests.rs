//! The JSON of connections, their requests, and the rules for revisions.

use super::*;
use crate::transport::script::{Script, place, response, spec};

fn body() -> Value {
    json!({
        "api_version": "sql/v1",
        "kind": "Connection",
        "name": "openai",
        "metadata": {
            "uid": "uid-1",
            "resource_version": 7,
            "created_at": "2026-11-22T11:59:00Z",
            "updated_at": "2026-11-22T12:00:00Z",
        },
        "spec": {
            "connection_type": "OPENAI",
            "endpoint": "https://api.openai.com/v1",
            "auth_data": { "kind": "PlaintextProvider", "data": "<REDACTED>" },
        },
        "status": { "phase": "READY", "detail": "" },
    })
}

/// The connection of [`body`].
fn connection() -> Connection {
    let some = |text: &str| Some(text.to_owned());
    Connection {
        uid: some("uid-1"),
        resource_version: some("7"),
        created_at: some("2026-11-22T11:59:00Z"),
        updated_at: some("2026-11-22T12:00:00Z"),
        phase: some("READY"),
        ..Connection::named("openai", "OPENAI", "https://api.openai.com/v1")
    }
}

#[test]
fn reads_all_fields_but_the_credentials() {
    assert_eq!(Connection::read(body()).unwrap(), connection());
    for pointer in ["/name", "/spec/connection_type", "/spec/endpoint"] {
        let mut body = body();
        *body.pointer_mut(pointer).unwrap() = json!("");
        let why = Connection::read(body).unwrap_err();
        assert_eq!(why, format!("it has no `{}`", &pointer[1..]));
    }
}

#[test]
fn writes_the_payload_as_the_text_of_an_object() {
    let auth_data = spec().auth_data.plain("AUTH_TYPE", "BASIC");
    let data = r#"{"AUTH_TYPE":"BASIC","PASSWORD":"planted \"quoted\"\npassword","USERNAME":"planted-user"}"#;
    let mut expected = json!({
        "name": "x",
        "spec": {
            "connection_type": "REST",
            "endpoint": "https://e",
            "auth_data": { "kind": "PlaintextProvider", "data": data },
        },
    });
    let spec = ConnectionSpec { auth_data, ..spec() };
    assert_eq!(Connection::body(&spec, None), expected);
    expected["metadata"] = json!({ "resource_version": "v1" });
    assert_eq!(Connection::body(&spec, Some("v1")), expected);
}

#[test]
fn compares_types_without_case() {
    let identity = |ty, endpoint| Connection::named("x", ty, endpoint).identity();
    assert_eq!(identity("openai", "https://e"), identity("OPENAI", "https://e"));
    assert_ne!(identity("REST", "https://e"), identity("OPENAI", "https://e"));
    assert_ne!(identity("OPENAI", "https://E"), identity("OPENAI", "https://e"));
}

#[tokio::test(start_paused = true)]
async fn are_requested_at_the_gateway_of_their_place() {
    let script = Script::new([response(200, body())]);
    let connections = script.client().connections(&place());
    assert_eq!(connections.find("openai").await.unwrap(), Some(connection()));
    let [sent] = &script.sent()[..] else { panic!("one request is enough") };
    let at = "https://flink.us-west-2.aws.confluent.cloud/sql/v1/organizations/org/environments";
    assert_eq!(sent.url, format!("{at}/env-1/connections/openai"));
    assert_eq!(sent.header("authorization"), "Basic S0VZOmtleS1zZWNyZXQ=");
    assert_eq!(sent.header("accept"), "application/json");
    assert!(sent.headers["authorization"].is_sensitive());
}

#[tokio::test(start_paused = true)]
async fn have_no_hidden_secret_in_their_detail() {
    let mut body = body();
    body["status"]["detail"] = json!("the key planted-key is wrong");
    let script = Script::new([response(200, body)]);
    let connections = script.client().connections(&place());
    let stored = AuthData::new().secret("API_KEY", "planted-key");
    let found = connections.hiding(stored.secrets()).find("openai").await.unwrap().unwrap();
    assert_eq!(found.detail.as_deref(), Some("the key (redacted) is wrong"));
}

#[test]
fn are_filtered_by_type() {
    let filter = Filter { connection_type: Some("REST".to_owned()) };
    assert_eq!(Connection::query(&filter), [("spec.connection_type", "REST")]);
    assert_eq!(Connection::query(&Filter::default()), []);
}

fn revision(version: &str, updated_at: &str) -> Revision {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Revision {
        uid: some("uid-1"),
        resource_version: some(version),
        updated_at: some(updated_at),
        phase: some("READY"),
    }
}

#[test]
fn a_revision_shows_a_write_by_its_version_or_else_by_its_time() {
    for (before, now, is_write) in [
        (("1", "t1"), ("1", "t1"), false),
        (("1", "t1"), ("2", "t2"), true),
        (("1", "t1"), ("2", "t1"), false),
        (("1", "t1"), ("1", "t2"), false),
        (("1", ""), ("2", ""), true),
        (("", "t1"), ("", "t2"), true),
        (("", "t1"), ("", "t1"), false),
        (("", ""), ("", ""), false),
        (("1", "t1"), ("", ""), false),
    ] {
        let shown = !revision(now.0, now.1).shows_no_write_since(&revision(before.0, before.1));
        assert_eq!(shown, is_write, "{before:?} {now:?}");
    }
}

#[test]
fn the_check_of_a_new_connection_is_no_write() {
    let now = revision("2", "t2");
    for (phase, is_new) in
        [(None, true), (Some(""), true), (Some("pending"), true), (Some("INVALID_AUTH"), false)]
    {
        let phase = phase.map(str::to_owned);
        let before = Revision { phase, ..revision("1", "t1") };
        assert_eq!(now.shows_no_write_since(&before), is_new, "{before:?}");
    }
    let other = Revision { uid: Some("uid-2".to_owned()), phase: None, ..revision("1", "t1") };
    assert!(now.is_of_another_object(&other) && !now.shows_no_write_since(&other));
}

#[test]
fn a_list_confirms_what_is_known_only_if_it_shows_all_of_it() {
    let connection = connection();
    let known = KnownConnection {
        connection_type: Some("openai".to_owned()),
        endpoint: Some(connection.endpoint.clone()),
        revision: Some(connection.revision()),
        has_uid: true,
        has_phase: true,
    };
    assert!(connection.confirms(&known));
    let changes: [fn(&mut Connection); 6] = [
        |it| it.connection_type = "REST".to_owned(),
        |it| it.endpoint = "https://other".to_owned(),
        |it| (it.resource_version, it.updated_at) = (Some("8".to_owned()), Some("t".to_owned())),
        |it| it.resource_version = None,
        |it| it.updated_at = None,
        |it| it.phase = None,
    ];
    for change in changes {
        let mut listed = connection.clone();
        change(&mut listed);
        assert!(!listed.confirms(&known), "{listed:?}");
    }
    let imported = KnownConnection::default();
    assert!(connection.confirms(&imported));
    assert!(!Connection { uid: None, ..connection }.confirms(&imported));
}
