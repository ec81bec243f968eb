//! Ctrl-C during an operation.

use flink_emulator::{Answer, Fault};

use crate::configuration::{OPENAI, openai};
use crate::scenario::Scenario;

/// Allows the server to ask for waits that are longer than any test.
const LONGEST: (&str, &str) = ("FLINK_MAX_RETRY_WAIT", "5m");

#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_lets_a_request_end_and_stores_the_outcome() {
    let world = Scenario::new(openai()).intercepted().await;
    let interrupted = async |line: &str| {
        world.hold(line);
        let running = world.start(&["apply", "-json", "-auto-approve"]);
        world.arrivals(line, 1).await;
        running.interrupt();
        running.prints("Interrupt received").await;
        world.network().clear();
        world.finish(running).await;
    };
    interrupted("POST connections").await;
    assert_eq!(world.stored(OPENAI)["uid"], world.openai().uid);
    world.plan().await.is_empty().warns_of_nothing();

    world.configure(openai().credential("api_key", "second"));
    interrupted("PUT openai").await;
    world.holds_api_key("second");
    world.plan().await.is_empty().warns_of_nothing();

    world.configure("");
    interrupted("DELETE openai").await;
    assert!(!world.is_stored(OPENAI));
    assert!(world.emulator.all_connections().is_empty());
}

#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_ends_a_wait_at_once() {
    let world = Scenario::new(openai()).with(LONGEST.0, LONGEST.1).await;
    let apply = ["apply", "-json", "-auto-approve"];
    let interrupted = async |verb: &str, command: &[&str], requests: &[&str]| {
        let line = requests[requests.len() - 1];
        let busy = Answer::status(429).header("Retry-After", "100");
        world.fault(line, Fault::answer(busy));
        let running = world.start(command);
        world.arrivals(line, 1).await;
        running.interrupt();
        let run = world.finish(running).await;
        run.fails(&[&format!("Cannot {verb} the connection"), "cancelled"]);
        assert_eq!(world.requests(), requests, "nothing is sent again");
        world.emulator.faults().clear();
    };
    interrupted("create", &apply, &["POST connections"]).await;
    world.apply().await;
    world.plan().await.is_empty();
    world.requests();

    // An apply reacts to Ctrl-C only after its plan.
    interrupted("read", &["plan", "-json"], &["GET openai"]).await;
    world.configure(openai().credential("api_key", "second"));
    interrupted("update", &apply, &["GET openai", "PUT openai"]).await;
    world.holds_api_key("first");
    world.apply().await;
    world.holds_api_key("second");
    world.plan().await.is_empty().warns_of_nothing();
    world.requests();

    world.configure("");
    interrupted("delete", &apply, &["GET openai", "DELETE openai"]).await;
    assert!(world.is_stored(OPENAI));
    world.apply().await;
    assert!(world.emulator.all_connections().is_empty());
}
