//! Limits: of requests in a window of time, and of open connections.

use std::time::Duration;

use flink_emulator::{Announce, Emulator, Fault};
use serde_json::json;
use tokio::time::timeout;

use super::get;
use crate::client::{Connection, DEADLINE, Request, Response, until, with_openai};

const WINDOW: Duration = Duration::from_millis(2500);

/// The last of two requests where one is allowed.
async fn second(announce: Announce) -> (Emulator, Response, Response) {
    let emulator = with_openai().await;
    emulator.faults().add(Fault::rate_limit(1, WINDOW, announce));
    let first = get().send(&emulator).await;
    let second = get().send(&emulator).await;
    assert_eq!((first.status, second.status), (200, 429));
    assert_eq!(second.text, "");
    (emulator, first, second)
}

#[tokio::test]
async fn announces_a_limit_in_its_headers() {
    let headers = |answer: &Response| {
        ["retry-after", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"]
            .map(|name| answer.header(name).unwrap_or("-").to_owned())
            .join(" ")
    };
    for (announce, passing, limited) in
        [(Announce::Nothing, "- - - -", "- - - -"), (Announce::Everything, "- 1 0 3", "3 1 0 3")]
    {
        let (_, first, second) = second(announce).await;
        assert_eq!((&*headers(&first), &*headers(&second)), (passing, limited), "{announce:?}");
    }
}

#[tokio::test]
async fn opens_a_window_by_the_clock_of_the_emulator() {
    let (emulator, ..) = second(Announce::Everything).await;
    emulator.clock().advance(WINDOW - Duration::from_millis(1));
    let last = get().send(&emulator).await;
    assert_eq!((last.status, last.header("retry-after")), (429, Some("1")));
    emulator.clock().advance(Duration::from_millis(1));
    assert_eq!(get().send(&emulator).await.status, 200);
    assert_eq!(get().send(&emulator).await.status, 429);
    let shown = &emulator.faults().list()[0];
    assert_eq!((shown.matched, shown.fired), (5, 3));
}

#[tokio::test]
async fn tries_the_next_rule_on_a_request_within_the_limit() {
    let emulator = with_openai().await;
    emulator.faults().add(Fault::rate_limit(2, WINDOW, Announce::Nothing));
    emulator.faults().add(Fault::status(503).skip(1));
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(get().send(&emulator).await.status);
    }
    assert_eq!(statuses, [200, 503, 429]);
}

#[tokio::test]
async fn closes_a_connection_beyond_the_limit() {
    let emulator = with_openai().await;
    emulator.settings(|settings| settings.max_tcp_connections = Some(2));
    let mut lines = [Connection::open(&emulator).await, Connection::open(&emulator).await];
    for line in &mut lines {
        assert_eq!(line.send(&get()).await.status, 200);
    }
    Connection::open(&emulator).await.closed().await;
    for line in &mut lines {
        assert_eq!(line.send(&get()).await.status, 200, "those that are open stay");
    }
    let counts = emulator.journal().counts();
    assert_eq!((counts.tcp_connections, counts.most_tcp_connections), (2, 2));
    assert_eq!(counts.tcp_connections_refused, 1);

    let [one, _other] = lines;
    drop(one);
    // The server may not have seen it yet.
    let admitted =
        async { while Connection::open(&emulator).await.try_send(&get()).await.is_none() {} };
    timeout(DEADLINE, admitted).await.unwrap();
    emulator.settings(|settings| settings.max_tcp_connections = None);
    assert_eq!(get().send(&emulator).await.status, 200);
}

#[tokio::test]
async fn counts_requests_and_connections_without_the_control_api() {
    let emulator = Emulator::start().await;
    let mut line = Connection::open(&emulator).await;
    for _ in 0..3 {
        line.send(&get()).await;
    }
    Request::delete("/nowhere").send(&emulator).await;
    let expected = json!({
        "requests": { "DELETE": 1, "GET": 3 },
        "tcp_connections": 2,
        "most_tcp_connections": 2,
        "tcp_connections_refused": 0,
        "tls_handshakes_failed": 0,
    });
    assert_eq!(Request::get("/control/counts").send(&emulator).await.json(), expected);
    drop(line);
    until(|| {
        emulator.journal().clear();
        emulator.journal().counts().most_tcp_connections == 0
    })
    .await;
}
