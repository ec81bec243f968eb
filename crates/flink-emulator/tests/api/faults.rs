//! The effect of each fault on a client, and on the objects.

mod body;
mod limit;
mod rule;

use std::time::Duration;

use flink_emulator::{Answer, Effect, Emulator, Fault, Method, When};
use serde_json::json;
use tokio::time::{Instant, pause, resume, sleep};

use crate::client::{
    COLLECTION, Connection, Request, creation, object, place, rotation, until, with_openai,
};

/// Longer than any test.
const HOUR: Duration = Duration::from_secs(3600);

/// Returns true if the server has a connection of this name.
fn holds(emulator: &Emulator, name: &str) -> bool {
    emulator.connections(&place()).get(name).is_some()
}

fn post() -> Request {
    Request::post(COLLECTION, &creation("new"))
}

fn get() -> Request {
    Request::get(&object("openai"))
}

#[tokio::test]
async fn closes_a_connection_before_or_after_the_request_is_handled() {
    for (fault, is_done) in [(Fault::drop_before(), false), (Fault::drop_after(), true)] {
        let emulator = with_openai().await;
        emulator.faults().add(fault.on(Method::POST, "*/connections").times(1));
        assert_eq!(post().bytes_of_response(&emulator).await, b"");
        assert_eq!(holds(&emulator, "new"), is_done);
        assert_eq!(get().send(&emulator).await.status, 200);
    }
}

#[tokio::test]
async fn sends_a_status_or_a_page_before_or_after_the_request_is_handled() {
    for (fault, media_type, begin, is_done) in [
        (Fault::status(503), "application/json", "{", false),
        (Fault::status_after(503), "application/json", "{", true),
        (Fault::page(503), "text/html", "<html>", false),
        (Fault::page_after(503), "text/html", "<html>", true),
    ] {
        let emulator = with_openai().await;
        emulator.faults().add(fault);
        let mut line = Connection::open(&emulator).await;
        let answer = line.send(&post()).await;
        assert_eq!((answer.status, answer.header("content-type")), (503, Some(media_type)));
        assert!(answer.text.starts_with(begin), "{answer:?}");
        assert_eq!(holds(&emulator, "new"), is_done);
        // The connection stays.
        assert_eq!(line.send(&Request::get(COLLECTION)).await.status, 503);
    }
}

#[tokio::test]
async fn sends_the_body_of_the_description_with_a_status() {
    let emulator = with_openai().await;
    let answer = async |status| {
        emulator.faults().clear();
        emulator.faults().add(Fault::status(status));
        get().send(&emulator).await
    };
    for (status, code) in [
        (400, None),
        (401, Some("user_unauthenticated")),
        (403, Some("user_unauthorized")),
        (404, None),
        (409, None),
        (500, Some("internal_error")),
        (599, None),
    ] {
        assert_eq!(answer(status).await.failure(status)["code"].as_str(), code);
    }
    for status in [200, 202, 307, 429] {
        let answer = answer(status).await;
        assert_eq!((answer.status, answer.text.as_str()), (status, ""));
        assert!(answer.header("x-request-id").is_some());
    }
}

#[tokio::test]
async fn sends_any_status_header_and_body() {
    let emulator = with_openai().await;
    let elsewhere = Answer::status(307).header("Location", "http://elsewhere.example/");
    emulator.faults().add(Fault::answer(elsewhere).times(1));
    let message = r#"{"message":"resource not found"}"#;
    let forbidden = Answer::status(403).header("Content-Type", "application/json").body(message);
    emulator.faults().add(Fault::answer(forbidden).times(1));
    emulator.faults().add(Fault::answer(Answer::status(404).body("")).times(1));
    let moved = get().send(&emulator).await;
    assert_eq!((moved.status, moved.header("location")), (307, Some("http://elsewhere.example/")));
    let refused = get().send(&emulator).await;
    assert_eq!((refused.status, refused.text.as_str()), (403, message));
    assert_eq!(refused.header("content-type"), Some("application/json"));
    let missing = get().send(&emulator).await;
    assert_eq!((missing.status, missing.text.as_str()), (404, ""));
    assert_eq!(missing.header("content-type"), None);
}

#[tokio::test]
async fn adds_delays_and_applies_other_faults() {
    let emulator = with_openai().await;
    let faults = emulator.faults();
    faults.add(Fault::delay(Duration::from_millis(30)));
    faults.add(Fault::delay_before(Duration::from_millis(40)));
    faults.add(Fault::status(503));
    faults.add(Fault::delay(HOUR));
    let begin = Instant::now();
    get().send(&emulator).await.failure(503);
    assert!(begin.elapsed() >= Duration::from_millis(70));
    let entry = &emulator.journal().entries()[0];
    assert_eq!(entry.faults.iter().map(|played| played.rule).collect::<Vec<_>>(), [1, 2, 3]);
}

#[tokio::test]
async fn delays_a_response_after_the_request_is_handled() {
    let emulator = with_openai().await;
    emulator.faults().add(Fault::delay(HOUR));
    let mut line = Connection::open(&emulator).await;
    line.write(&post()).await;
    until(|| holds(&emulator, "new")).await;
    assert_eq!(emulator.journal().entries()[0].status, None);
}

#[tokio::test]
async fn handles_a_delayed_request_of_a_client_that_is_gone() {
    let emulator = with_openai().await;
    emulator.faults().add(Fault::delay_before(Duration::from_millis(50)));
    let mut line = Connection::open(&emulator).await;
    line.write(&post()).await;
    until(|| !emulator.journal().entries().is_empty()).await;
    assert!(!holds(&emulator, "new"));
    drop(line);
    until(|| holds(&emulator, "new")).await;
    assert_eq!(emulator.journal().entries()[0].status, None);
}

#[tokio::test]
async fn counts_no_closed_connection_for_a_delayed_request() {
    let emulator = with_openai().await;
    emulator.faults().add(Fault::delay_before(HOUR));
    let mut line = Connection::open(&emulator).await;
    line.write(&post()).await;
    until(|| emulator.journal().counts().tcp_connections == 1).await;
    drop(line);
    until(|| {
        emulator.journal().clear();
        emulator.journal().counts().most_tcp_connections == 0
    })
    .await;
}

#[tokio::test]
async fn abandons_a_delayed_request_at_the_end() {
    let emulator = with_openai().await;
    let connections = emulator.connections(&place());
    emulator.faults().add(Fault::delay_before(HOUR));
    let mut line = Connection::open(&emulator).await;
    line.write(&post()).await;
    until(|| !emulator.journal().entries().is_empty()).await;
    pause();
    emulator.stop().await;
    sleep(2 * HOUR).await;
    assert_eq!(connections.get("new"), None);
    resume();
    line.closed().await;
}

#[tokio::test]
async fn stops_in_spite_of_a_delayed_response() {
    let emulator = with_openai().await;
    emulator.faults().add(Fault::delay(HOUR));
    let mut line = Connection::open(&emulator).await;
    line.write(&get()).await;
    until(|| !emulator.journal().entries().is_empty()).await;
    pause();
    let begin = Instant::now();
    emulator.stop().await;
    let seconds = begin.elapsed().as_secs();
    assert_eq!(seconds, 2, "requests that are under way have two seconds to end");
    resume();
    line.closed().await;
}

#[tokio::test]
async fn lets_a_third_party_write_just_before() {
    let emulator = with_openai().await;
    let connections = emulator.connections(&place());
    connections.insert(crate::client::openai("an other")).unwrap();
    for (name, path) in [("openai", "openai"), ("an other", "an%20other")] {
        emulator.faults().add(Fault::stale().method(Method::PUT).times(1));
        let seen = connections.get(name).unwrap();
        let mut body = rotation(name, "s3cret-2");
        body["metadata"] = json!({ "resource_version": seen.resource_version });
        let put = Request::put(&object(path), &body);
        let error = put.send(&emulator).await.failure(409);
        assert_eq!(error["code"], "resource_version_conflict");
        let moved = connections.get(name).unwrap();
        assert_ne!(moved.resource_version, seen.resource_version);
        assert!(!connections.holds(name, "API_KEY", "s3cret-2"));

        body["metadata"]["resource_version"] = moved.resource_version.into();
        assert_eq!(Request::put(&object(path), &body).send(&emulator).await.status, 200);
    }
    emulator.faults().add(Fault::stale());
    Request::get(&object("absent")).send(&emulator).await.failure(404);
    assert_eq!(Request::get("/org/v2/organizations").send(&emulator).await.status, 200);
}

#[tokio::test]
async fn records_faults_in_the_journal() {
    let emulator = with_openai().await;
    emulator.faults().add(Fault::drop_after().method(Method::POST));
    emulator.faults().add(Fault::status_after(500).method(Method::GET));
    post().bytes_of_response(&emulator).await;
    get().send(&emulator).await.failure(500);
    Request::delete(&object("openai")).send(&emulator).await;
    let entries = emulator.journal().entries();
    let statuses: Vec<_> = entries.iter().map(|entry| entry.status).collect();
    assert_eq!(statuses, [None, Some(500), Some(200)]);
    assert_eq!(entries[0].faults[0].fault, Effect::Drop(When::After));
    assert!(entries[2].faults.is_empty());
    let shown = Request::get("/control/journal").send(&emulator).await.json();
    let played = json!([{ "rule": 1, "fault": { "drop": "after" } }]);
    assert_eq!(shown["entries"][0]["faults"], played);
    assert_eq!(shown["entries"][0]["http_version"], "HTTP/1.1");
}
