//! The throttle, decision by decision, and what it comes to with a server that counts.

use std::sync::Arc;

use http::{HeaderMap, HeaderValue};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::*;
use crate::auth::Credentials;
use crate::client::Client;
use crate::retry::Jitter;
use crate::transport::script::place;
use crate::transport::{Exchange, Extent, HttpRequest, HttpResponse, Transport};

const SECOND: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(1);

fn one_second(_: u32) -> Duration {
    SECOND
}

#[test]
fn no_request_waits_without_a_refusal() {
    let mut throttle = Throttle::default();
    let now = Instant::now();
    for _ in 0..100 {
        assert_eq!(throttle.turn(None, now), now);
        throttle.served(now);
    }
}

#[test]
fn all_requests_wait_and_are_then_sent_one_by_one() {
    let mut throttle = Throttle::default();
    let now = Instant::now();
    assert_eq!(throttle.refused(now, now + TICK, Some(SECOND * 7), one_second), Some(SECOND * 7));
    let opens = now + TICK + SECOND * 7;
    let turns: Vec<_> = (0..4).map(|_| throttle.turn(None, now + TICK * 2)).collect();
    assert_eq!(turns, [opens, opens + LEAST, opens + LEAST * 2, opens + LEAST * 3]);
}

#[test]
fn a_turn_is_kept_until_the_host_closes_again() {
    let mut throttle = Throttle::default();
    let now = Instant::now();
    throttle.refused(now, now + TICK, Some(SECOND), one_second);
    let turn = throttle.turn(None, now + TICK);
    assert_eq!(throttle.turn(Some(turn), turn), turn);
    throttle.refused(turn, turn + TICK, Some(SECOND), one_second);
    assert_eq!(throttle.turn(Some(turn), turn + TICK), turn + TICK + SECOND);
}

#[test]
fn requests_in_flight_together_begin_one_round() {
    let mut throttle = Throttle::default();
    let now = Instant::now();
    assert!(throttle.refused(now, now + TICK, None, one_second).is_some());
    for _ in 0..9 {
        let backoff = |_| panic!("a second backoff for one round");
        assert_eq!(throttle.refused(now, now + TICK * 2, None, backoff), None);
    }
    assert_eq!((throttle.rounds, throttle.distance), (1, LEAST));
    let late = Some(SECOND * 5);
    assert_eq!(throttle.refused(now, now + TICK * 3, late, one_second), None);
    assert_eq!(throttle.turn(None, now + TICK * 4), now + TICK * 3 + SECOND * 5);
}

#[test]
fn the_distance_grows_with_each_round_and_shrinks_with_each_success() {
    let mut throttle = Throttle::default();
    let mut now = Instant::now();
    let mut rounds = Vec::new();
    for _ in 0..20 {
        throttle.refused(now, now + TICK, None, |round| {
            rounds.push(round);
            SECOND
        });
        now += SECOND;
    }
    assert_eq!(rounds, (1..=20).collect::<Vec<_>>());
    assert_eq!(throttle.distance, MOST);
    for _ in 0..1000 {
        throttle.served(now);
    }
    assert_eq!((throttle.distance, throttle.rounds), (Duration::ZERO, 0));
}

#[test]
fn a_success_sent_before_the_refusal_does_not_end_the_round() {
    let mut throttle = Throttle::default();
    let now = Instant::now();
    throttle.refused(now, now + TICK, None, one_second);
    throttle.served(now);
    assert_eq!(throttle.rounds, 1);
}

/// A server that serves so many requests in each window and refuses the others.
struct Limited {
    each_window: u32,
    window: Duration,
    /// The header with the wait.
    header: Option<&'static str>,
    state: Mutex<State>,
}

struct State {
    begun: Instant,
    served: u32,
    refused: u32,
}

impl Transport for Limited {
    fn exchange(&self, request: HttpRequest) -> Exchange<'_> {
        Box::pin(async move {
            sleep(Duration::from_millis(50)).await;
            let mut state = self.state.lock().unwrap();
            let now = Instant::now();
            if now >= state.begun + self.window {
                (state.begun, state.served) = (now, 0);
            }
            let name = request.url.path_segments().unwrap().next_back().unwrap();
            let mut headers = HeaderMap::new();
            let (status, body) = if state.served < self.each_window {
                state.served += 1;
                let spec = json!({ "connection_type": "REST", "endpoint": "https://e" });
                (200, json!({ "name": name, "spec": spec }).to_string())
            } else {
                state.refused += 1;
                let left = (state.begun + self.window - now).as_secs_f32().ceil();
                let left = HeaderValue::from_str(&left.to_string()).unwrap();
                headers.extend(self.header.map(|name| (http::HeaderName::from_static(name), left)));
                (429, String::new())
            };
            Ok(HttpResponse { status, headers, body: body.into_bytes(), extent: Extent::Whole })
        })
    }
}

/// Reads 300 objects, ten at a time; returns the refusals and the time it took.
async fn read_from(server: Limited) -> (u32, Duration) {
    let server = Arc::new(server);
    let builder = Client::builder().credentials(Credentials::basic("KEY", "key-secret"));
    let client = builder.build_on(server.clone(), Jitter::random()).unwrap();
    let connections = client.connections(&place());
    let names = Arc::new(Mutex::new((0..300).map(|number| format!("c-{number}"))));
    let begun = Instant::now();
    let mut readers = JoinSet::new();
    for _ in 0..10 {
        let (connections, names) = (connections.clone(), Arc::clone(&names));
        readers.spawn(async move {
            loop {
                let Some(name) = names.lock().unwrap().next() else { return };
                connections.get(&name).await.unwrap();
            }
        });
    }
    readers.join_all().await;
    let refused = server.state.lock().unwrap().refused;
    (refused, begun.elapsed())
}

#[tokio::test(start_paused = true)]
async fn every_read_gets_through_a_server_that_limits_them() {
    let cases = [
        (5, SECOND, None),
        (5, SECOND, Some("retry-after")),
        (20, SECOND, None),
        (100, SECOND * 60, Some("x-ratelimit-reset")),
        (1, SECOND / 2, None),
    ];
    for (each_window, window, header) in cases {
        let state = State { begun: Instant::now(), served: 0, refused: 0 };
        let server = Limited { each_window, window, header, state: Mutex::new(state) };
        let (refused, elapsed) = read_from(server).await;
        let least = window * (300 / each_window - 1);
        let shown =
            format!("{each_window} in {window:?}: {refused} refused, {elapsed:?} for {least:?}");
        assert!(refused <= 400, "{shown}");
        assert!(elapsed <= least * 3 + SECOND * 10, "{shown}");
    }
}
