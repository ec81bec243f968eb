//! The requests that a rule picks, and the JSON of rules.

use flink_emulator::{Emulator, Fault, Method};
use serde_json::json;

use super::{get, post};
use crate::client::{Request, with_openai};

const CONTROL: &str = "/control/faults";

/// The outcomes of so many requests, as one letter each: `.` for a success.
async fn played(emulator: &Emulator, requests: usize) -> String {
    let mut letters = String::new();
    for _ in 0..requests {
        letters.push(if get().send(emulator).await.status == 200 { '.' } else { 'x' });
    }
    letters
}

#[tokio::test]
async fn picks_requests_by_their_number_method_and_path() {
    for (fault, expected) in [
        (Fault::status(500), "xxxxxxxx"),
        (Fault::status(500).skip(3), "...xxxxx"),
        (Fault::status(500).times(2), "xx......"),
        (Fault::status(500).skip(1).times(2), ".xx....."),
        (Fault::status(500).probability(0.0), "........"),
        (Fault::status(500).probability(1.0).skip(6), "......xx"),
        (Fault::status(500).method(Method::PUT), "........"),
        (Fault::status(500).on(Method::GET, "*/sql/v1/*"), "xxxxxxxx"),
    ] {
        let emulator = with_openai().await;
        emulator.faults().add(fault.clone());
        assert_eq!(played(&emulator, 8).await, expected, "{fault:?}");
    }
}

#[tokio::test]
async fn draws_the_same_in_each_run() {
    let emulator = with_openai().await;
    let mut runs = Vec::new();
    for seed in [0, 0, 1] {
        emulator.faults().clear();
        emulator.faults().add(Fault::status(500).probability(0.5).seed(seed));
        runs.push(played(&emulator, 40).await);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
    let hits = runs[0].matches('x').count();
    assert!((10..=30).contains(&hits), "{}", runs[0]);

    emulator.faults().clear();
    emulator.faults().add(Fault::status(500).probability(0.5).times(3));
    assert_eq!(played(&emulator, 40).await.matches('x').count(), 3);
}

#[tokio::test]
async fn applies_the_first_rule_that_picks_a_request() {
    let emulator = with_openai().await;
    emulator.faults().add(Fault::status(500).times(1));
    emulator.faults().add(Fault::status(502).on(Method::POST, "*"));
    emulator.faults().add(Fault::status(503));
    get().send(&emulator).await.failure(500);
    get().send(&emulator).await.failure(503);
    post().send(&emulator).await.failure(502);
    let counts: Vec<_> =
        emulator.faults().list().iter().map(|rule| (rule.matched, rule.fired)).collect();
    assert_eq!(counts, [(3, 1), (1, 1), (1, 1)]);
}

#[tokio::test]
async fn spares_the_control_api() {
    let emulator = with_openai().await;
    emulator.faults().add(Fault::drop_before().path("*"));
    assert_eq!(Request::get("/control/counts").send(&emulator).await.status, 200);
    assert_eq!(emulator.faults().list()[0].matched, 0);
}

#[tokio::test]
async fn adds_and_removes_rules_by_the_control_api() {
    let emulator = with_openai().await;
    let rule = json!({
        "method": "GET",
        "path": "*/connections/openai",
        "times": 1,
        "fault": { "answer": { "status": 500, "when": "after" } },
    });
    let added = Request::post(CONTROL, &rule).send(&emulator).await;
    assert_eq!(added.status, 201);
    let expected = json!([{ "id": 1, "matched": 0, "fired": 0, "rule": rule }]);
    assert_eq!(added.json()["data"], expected);
    get().send(&emulator).await.failure(500);
    assert_eq!(get().send(&emulator).await.status, 200);
    let listed = Request::get(CONTROL).send(&emulator).await.json();
    let counts = (&listed["data"][0]["matched"], &listed["data"][0]["fired"]);
    assert_eq!(counts, (&2.into(), &1.into()));

    let wrong = json!({ "fault": "stale", "times": 0 });
    Request::post(CONTROL, &wrong).send(&emulator).await.points_at(422, "/times");
    assert_eq!(emulator.faults().list().len(), 1);
    assert_eq!(Request::delete(CONTROL).send(&emulator).await.status, 204);
    assert_eq!(Request::get(CONTROL).send(&emulator).await.json(), json!({ "data": [] }));
}

#[test]
#[should_panic(expected = "/probability: a probability lies from 0 to 1")]
fn panics_with_the_reason_in_the_library() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let emulator = runtime.block_on(Emulator::start());
    emulator.faults().add(Fault::gzip().probability(f64::NAN));
}
