//! What Ctrl-C does to an operation that is under way.

use crate::configuration::{OPENAI, openai};
use crate::interceptor::{Reply, Trick};
use crate::world::Scenario;

/// Lets a server ask for waits that no test would sit through.
const LONGEST: (&str, &str) = ("FLINK_MAX_RETRY_WAIT", "5m");

#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_lets_a_request_end_and_records_what_came_of_it() {
    let world = Scenario::new(openai()).intercepted().await;
    let interrupted = async |line: &str| {
        let gate = world.network().hold(line);
        let running = world.start(&["apply", "-json", "-auto-approve"]);
        world.network().arrival(line).await;
        running.interrupt();
        running.said("Interrupt received").await;
        gate.open();
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
    let world = Scenario::new(openai()).intercepted().with(LONGEST.0, LONGEST.1).await;
    let apply = ["apply", "-json", "-auto-approve"];
    let interrupted = async |verb: &str, command: &[&str], requests: &[&str]| {
        let line = requests[requests.len() - 1];
        let busy = Reply::empty(429).header("Retry-After", "100");
        world.network().every(line, Trick::answer(busy));
        let running = world.start(command);
        world.network().arrival(line).await;
        running.interrupt();
        let run = world.finish(running).await;
        run.fails(&[&format!("Cannot {verb} the connection"), "cancelled"]);
        assert_eq!(world.requests(), requests, "nothing is sent again");
        world.network().calm();
    };
    interrupted("create", &apply, &["POST connections"]).await;
    world.apply().await;
    world.plan().await.is_empty();
    world.requests();

    // An apply hears of Ctrl-C only when its plan is made.
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
