//! What a client meets under each fault, and whether the work was done.

use std::time::{Duration, Instant};

use flink_emulator::{Emulator, Fault, Method};
use serde_json::json;

use crate::client::{COLLECTION, Connection, Request, creation, object, place, with_openai};

/// Whether the server holds the connection that a test asked for.
fn holds(emulator: &Emulator, name: &str) -> bool {
    emulator.connections(&place()).get(name).is_some()
}

fn post() -> Request {
    Request::post(COLLECTION, &creation("new"))
}

#[tokio::test]
async fn a_connection_is_dropped_before_the_work_or_after_it() {
    for (fault, is_done) in [(Fault::drop_before(), false), (Fault::drop_after(), true)] {
        let emulator = with_openai().await;
        emulator.faults().add(fault.on(Method::POST, "*/connections").times(1));
        assert_eq!(post().bytes_of_answer(&emulator).await, b"");
        assert_eq!(holds(&emulator, "new"), is_done);
        assert_eq!(emulator.journal().entries()[0].status, None);
        assert_eq!(Request::get(&object("openai")).send(&emulator).await.status, 200);
    }
}

#[tokio::test]
async fn a_wrong_status_is_given_before_the_work_or_after_it() {
    for (fault, is_done) in [(Fault::status(503), false), (Fault::status_after(503), true)] {
        let emulator = with_openai().await;
        emulator.faults().add(fault);
        let mut line = Connection::open(&emulator).await;
        let error = line.send(&post()).await.failure(503);
        assert_eq!(error["title"], "Service Unavailable");
        assert_eq!(holds(&emulator, "new"), is_done);
        // The connection stays.
        line.send(&Request::get(COLLECTION)).await.failure(503);
    }
}

#[tokio::test]
async fn delays_add_up_and_do_not_hide_other_faults() {
    let emulator = with_openai().await;
    let faults = emulator.faults();
    faults.add(Fault::delay(Duration::from_millis(30)));
    faults.add(Fault::delay_before(Duration::from_millis(40)));
    faults.add(Fault::status(503));
    let begin = Instant::now();
    Request::get(&object("openai")).send(&emulator).await.failure(503);
    assert!(begin.elapsed() >= Duration::from_millis(70));
    let entry = &emulator.journal().entries()[0];
    assert_eq!(entry.faults.iter().map(|played| played.rule).collect::<Vec<_>>(), [1, 2, 3]);
}

#[tokio::test]
async fn rules_go_in_and_out_through_the_control_api() {
    let emulator = with_openai().await;
    let rule = json!({
        "method": "GET",
        "path": "*/connections/openai",
        "times": 1,
        "fault": { "answer": { "status": 500, "when": "after" } },
    });
    let control = "/control/faults";
    let added = Request::post(control, &rule).send(&emulator).await;
    assert_eq!(added.status, 201);
    let expected = json!([{ "id": 1, "matched": 0, "fired": 0, "rule": rule }]);
    assert_eq!(added.json()["data"], expected);
    let get = Request::get(&object("openai"));
    get.send(&emulator).await.failure(500);
    assert_eq!(get.send(&emulator).await.status, 200);
    let listed = Request::get(control).send(&emulator).await.json();
    assert_eq!(
        (&listed["data"][0]["matched"], &listed["data"][0]["fired"]),
        (&2.into(), &1.into())
    );

    let two = json!([rule, { "fault": { "drop": "before" } }]);
    assert_eq!(Request::post(control, &two).send(&emulator).await.json()["data"][1]["id"], 3);
    let first = format!("{control}/1");
    assert_eq!(Request::delete(&first).send(&emulator).await.status, 204);
    Request::delete(&first).send(&emulator).await.failure(404);
    assert_eq!(Request::delete(control).send(&emulator).await.status, 204);
    assert_eq!(Request::get(control).send(&emulator).await.json(), json!({ "data": [] }));
}
