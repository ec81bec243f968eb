//! The throttle, decision by decision, and what it comes to with a server that counts.

use std::sync::Arc;

use futures_util::{StreamExt, stream};
use http::HeaderName;
use tokio::time::sleep;

use super::*;
use crate::auth::Credentials;
use crate::client::Client;
use crate::transport::script::{http_response, object, place};
use crate::transport::{Exchange, HttpRequest, Transport};

const SECOND: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(1);

fn one_second(_: u32) -> Duration {
    SECOND
}

#[test]
fn all_requests_wait_and_are_then_sent_one_by_one() {
    let mut throttle = Throttle::default();
    let now = Instant::now();
    assert_eq!([throttle.turn(None, now), throttle.turn(None, now)], [now; 2]);
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
    throttle.served(now);
    assert_eq!(throttle.rounds, 1, "a success that was sent before the refusal");
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
            if state.served < self.each_window {
                state.served += 1;
                let name = request.url.path_segments().unwrap().next_back().unwrap();
                return Ok(http_response(200, object(name, "1")));
            }
            state.refused += 1;
            let left = (state.begun + self.window - now).as_secs_f32().ceil() as u64;
            let mut refusal = http_response(429, "");
            let header = self.header.map(|name| (HeaderName::from_static(name), left.into()));
            refusal.headers.extend(header);
            Ok(refusal)
        })
    }
}

/// Reads 300 objects, ten at a time; returns the refusals and the time it took.
async fn read_from(server: Limited) -> (u32, Duration) {
    let server = Arc::new(server);
    let builder = Client::builder().credentials(Credentials::basic("KEY", "key-secret"));
    let client = builder.build_on(server.clone(), fastrand::f64).unwrap();
    let connections = client.connections(&place());
    let begun = Instant::now();
    let read = async |number: u32| {
        connections.get(&format!("c-{number}")).await.unwrap();
    };
    stream::iter(0..300).for_each_concurrent(10, read).await;
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
