//! Calls over a scripted server: retries, waits, their end, and the text of errors.

use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::auth::{Credentials, KeyKind};
use crate::client::Client;
use crate::transport::script::{
    Script, Step, cancelled_after, no_response, object, place, refusal, response, spec, unconnected,
};
use crate::{CallOptions, Connection, Error, Result};

mod no_response;

/// The origin of the gateway of the place that is used here.
const HOST: &str = "https://flink.us-west-2.aws.confluent.cloud";

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

async fn find_within(script: &Script, options: CallOptions) -> Result<Option<Connection>> {
    let connections = script.client().connections(&place()).within(options);
    connections.find("x").await
}

async fn find(steps: impl IntoIterator<Item = Step>) -> (Script, Error) {
    let script = Script::new(steps);
    let error = find_within(&script, CallOptions::default()).await;
    (script, error.unwrap_err())
}

#[tokio::test(start_paused = true)]
async fn waits_longer_each_time_and_then_stops() {
    let (script, error) = find((0..5).map(|_| no_response())).await;
    assert_eq!(script.waits(), [1, 2, 4, 8]);
    assert!(!error.outcome_unknown(), "{error}");
    assert_eq!(
        error.to_string(),
        "GET /sql/v1/organizations/org/environments/env-1/connections/x got no answer from \
         https://flink.us-west-2.aws.confluent.cloud: connection reset by peer (5 attempts)"
    );
}

#[tokio::test(start_paused = true)]
async fn reports_all_details_of_a_refusal() {
    let body = json!({ "errors": [{ "code": "user_unauthorized", "detail": "You may not." }] });
    let (_, error) = find([response(403, body).header("x-request-id", "req-7")]).await;
    assert!(error.is_forbidden());
    assert_eq!(error.status(), Some(403));
    assert_eq!(error.request_id(), Some("req-7"));
    assert_eq!(
        error.to_string(),
        "GET /sql/v1/organizations/org/environments/env-1/connections/x was answered with \
         403 Forbidden: user_unauthorized: You may not. (request id req-7)"
    );
}

#[tokio::test(start_paused = true)]
async fn gives_up_at_the_deadline() {
    let script = Script::new([no_response().after(3), refusal(404).after(30)]);
    let error = find_within(&script, CallOptions::at_most(seconds(10))).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    let text = error.to_string();
    assert!(text.contains("given up at its deadline after 10.0 s (2 attempts)"), "{text}");
    assert!(text.contains("got no answer from https://flink.us-west-2"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn does_not_wait_beyond_the_deadline() {
    let script = Script::new([refusal(503).header("retry-after", "60")]);
    let begun = Instant::now();
    let error = find_within(&script, CallOptions::at_most(seconds(30))).await.unwrap_err();
    assert!(error.is_timeout() && error.to_string().contains("503"), "{error}");
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn sends_nothing_after_the_deadline_or_a_cancellation() {
    let script = Script::new([]);
    let error = find_within(&script, CallOptions::at_most(Duration::ZERO)).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    let options = CallOptions::default();
    options.cancelled.cancel();
    let error = find_within(&script, options).await.unwrap_err();
    assert!(error.is_cancelled() && error.to_string().contains("before it was sent"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn limits_the_time_of_each_request() {
    let slow = || refusal(404).after(100);
    let script = Script::new([slow(), slow()]);
    let client = script.client_of(Client::builder().max_retries(1));
    let error = client.connections(&place()).find("x").await.unwrap_err();
    assert!(error.is_timeout() && error.to_string().contains("within 60.0 s"), "{error}");
    assert_eq!(script.waits(), [61]);
}

#[tokio::test(start_paused = true)]
async fn stops_waiting_when_cancelled() {
    let script = Script::new([refusal(429).header("retry-after", "200")]);
    let begun = Instant::now();
    let error = find_within(&script, cancelled_after(5)).await.unwrap_err();
    assert!(error.is_cancelled() && error.to_string().contains("429"), "{error}");
    assert_eq!(begun.elapsed(), seconds(5));
}

#[tokio::test(start_paused = true)]
async fn finishes_a_request_in_flight_after_a_cancellation() {
    let script = Script::new([refusal(404).after(20)]);
    assert_eq!(find_within(&script, cancelled_after(5)).await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn follows_redirects_with_everything() {
    let to = |url| response(307, "").header("location", url);
    let script = Script::new([
        to("https://flink-9.us-west-2.aws.confluent.cloud/other?x=y"),
        to("/third"),
        unconnected(),
        refusal(409),
    ]);
    let connections = script.client().connections(&place());
    let error = connections.create(&spec()).await.unwrap_err();
    assert!(error.is_conflict(), "{error}");
    let sent = script.sent();
    // A retry begins where the configuration says, not where a redirect led.
    assert_eq!(sent[2].url, "https://flink-9.us-west-2.aws.confluent.cloud/third");
    assert_eq!(sent[3].url, sent[0].url);
    for sent in &sent {
        assert_eq!(sent.method, "POST");
        assert_eq!(sent.body, script.sent()[0].body);
        assert!(sent.header("authorization").starts_with("Basic "));
    }
}

#[tokio::test(start_paused = true)]
async fn names_the_kind_of_a_refused_key() {
    for (kind, words) in [
        (KeyKind::Flink, "the Flink API key was not accepted"),
        (KeyKind::Cloud, "the Cloud API key was not accepted"),
        (KeyKind::Unspecified, "the API key was not accepted"),
    ] {
        let script = Script::new([refusal(401)]);
        let key = Credentials::basic("KEY", "key-secret").of_kind(kind);
        let client = script.client_with(Client::builder().credentials(key).max_retries(0));
        let error = client.connections(&place()).find("x").await.unwrap_err();
        let text = error.to_string();
        assert!(error.is_unauthenticated() && text.contains(words), "{text}");
        assert!(text.contains("belongs to one environment and region"), "{text}");
        assert_eq!(script.sent().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn repeats_a_create_that_a_new_key_sent() {
    let script = Script::new([refusal(401), refusal(401), response(201, object("x", "1"))]);
    script.client().connections(&place()).create(&spec()).await.unwrap();
    assert_eq!(script.lines(), ["POST connections"; 3]);
    assert_eq!(script.waits(), [1, 2]);
}

#[tokio::test(start_paused = true)]
async fn explains_a_refused_key_after_a_grace_that_all_calls_share() {
    let script = Script::new((0..6).map(|_| refusal(401)));
    let connections = script.client().connections(&place());
    let error = connections.find("x").await.unwrap_err();
    assert_eq!(script.waits(), [1, 2, 4, 8]);
    assert_eq!(error.host(), Some(HOST));
    assert_eq!(
        error.to_string(),
        "GET /sql/v1/organizations/org/environments/env-1/connections/x was answered with \
         401 Unauthorized: refused (5 attempts); the API key was not accepted; check the key \
         and its secret; a Flink API key belongs to one environment and region; a new key \
         needs up to a minute to work"
    );
    sleep(seconds(10)).await;
    assert!(connections.find("y").await.unwrap_err().is_unauthenticated());
    assert_eq!(script.sent().len(), 6);
}

#[tokio::test(start_paused = true)]
async fn waits_again_for_a_key_that_was_accepted_before() {
    let script = Script::new([refusal(401), refusal(404), refusal(401), refusal(404)]);
    let connections = script.client().connections(&place());
    connections.find("x").await.unwrap();
    sleep(seconds(60)).await;
    connections.find("y").await.unwrap();
    assert_eq!(script.sent().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn all_calls_to_a_host_wait_after_a_429() {
    let limited = refusal(429).header("retry-after", "20");
    let script = Script::new([limited, refusal(404), refusal(404)]);
    let connections = script.client().connections(&place());
    let (first, second) = tokio::join!(connections.find("x"), async {
        sleep(seconds(5)).await;
        connections.find("y").await
    });
    assert_eq!((first.unwrap(), second.unwrap()), (None, None));
    assert_eq!(script.waits(), [20, 0]);
}

#[tokio::test(start_paused = true)]
async fn a_later_request_to_a_busy_host_has_its_own_retries() {
    let script = Script::new((0..3).map(|_| refusal(429)).chain([refusal(404)]));
    let connections = script.client_of(Client::builder().max_retries(1)).connections(&place());
    assert_eq!(connections.find("x").await.unwrap_err().status(), Some(429));
    assert_eq!(connections.find("y").await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn retries_while_a_busy_host_serves_other_requests() {
    for says in [404, 403] {
        let script = Script::new([refusal(429), refusal(says), refusal(429), refusal(404)]);
        let client = script.client_of(Client::builder().max_retries(1));
        let connections = client.connections(&place());
        let (busy, _) = tokio::join!(connections.find("x"), async {
            sleep(Duration::from_millis(500)).await;
            connections.find("y").await
        });
        assert_eq!(busy.unwrap(), None, "while others get {says}");
        assert_eq!(script.lines(), ["GET x", "GET y", "GET x", "GET x"]);
    }
}

#[tokio::test(start_paused = true)]
async fn retries_for_an_unreachable_host_once_a_minute() {
    let down = || (0..5).map(|_| unconnected());
    let script = Script::new(
        down().chain([unconnected(), no_response(), refusal(404)]).chain(down()).chain(down()),
    );
    let connections = script.client().connections(&place());
    let attempts = async |name: &str| {
        let before = script.sent().len();
        let found = connections.find(name).await;
        (script.sent().len() - before, found.is_ok())
    };
    assert_eq!(attempts("waits").await, (5, false));
    assert_eq!(attempts("does-not").await, (1, false));
    assert_eq!(attempts("gets-no-response-and-is-then-served").await, (2, true));
    assert_eq!(attempts("waits-again").await, (5, false));
    sleep(seconds(60)).await;
    assert_eq!(attempts("waits-after-a-minute").await, (5, false));
}

#[tokio::test(start_paused = true)]
async fn does_not_wait_for_a_turn_beyond_the_deadline_or_a_cancellation() {
    let script = Script::new([refusal(429).header("retry-after", "60"), refusal(404)]);
    let connections = script.client().connections(&place());
    let begun = Instant::now();
    let find_later = async |options| {
        sleep(seconds(1)).await;
        let error = connections.clone().within(options).find("y").await.unwrap_err();
        (error, begun.elapsed())
    };
    let (_, (late, at_once), (cancelled, two)) = tokio::join!(
        connections.find("x"),
        find_later(CallOptions::at_most(seconds(30))),
        find_later(cancelled_after(2)),
    );
    assert!(late.is_deadline() && at_once == seconds(1), "{late} after {at_once:?}");
    assert!(late.to_string().contains("asks for fewer requests"), "{late}");
    assert!(cancelled.is_cancelled() && two == seconds(2), "{cancelled} after {two:?}");
}

/// Every way in which the planted secrets and those of the client can show.
const PLANTED: [&str; 6] = [
    "planted-user",
    "planted \"quoted\"",
    "planted \\\"quoted",
    "planted &#34;quoted",
    "key-secret",
    "S0VZOmtle",
];

#[tokio::test(start_paused = true)]
async fn repeats_no_secret_that_a_server_repeats() {
    let script = Script::new([response(201, "{}"), refusal(404)]);
    let _ = script.client().connections(&place()).create(&spec()).await;
    let request = script.sent()[0].clone();
    let echo = format!("{}\n{}", request.header("authorization"), request.body);
    let nested = json!({ "message": echo }).to_string();
    let page = format!("<html><p>{}</p>", echo.replace('"', "&#34;"));
    let form = url::form_urlencoded::byte_serialize(echo.as_bytes()).collect::<String>();
    let bodies = [
        json!({ "errors": [{ "code": echo, "title": echo, "detail": nested }] }).to_string(),
        nested.clone(),
        echo.clone(),
        page,
        json!([nested]).to_string(),
        format!("password=planted+%22quoted%22%0Apassword&{form}"),
        format!("{}planted-us", "x".repeat(100)),
    ];
    for body in bodies {
        let step = response(422, &body).header("x-request-id", "id-planted-user");
        let script = Script::new([step]);
        let connections = script.client().connections(&place());
        let error = connections.create(&spec()).await.unwrap_err();
        let parts = [error.message(), error.request_id()];
        let shown = format!("{error} {error:?} {parts:?}");
        for secret in PLANTED {
            assert!(!shown.contains(secret), "{secret} in {shown}\nfrom {body}");
        }
        assert!(shown.contains("(redacted)"), "{shown}");
    }
}
