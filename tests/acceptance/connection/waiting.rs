//! How long operations may take, and what Ctrl-C does to one that is under way.

use crate::configuration::{Block, OPENAI, openai};
use crate::interceptor::{Reply, Trick};
use crate::world::Scenario;

/// Lets a server ask for waits that no test would sit through.
const LONGEST: (&str, &str) = ("FLINK_MAX_RETRY_WAIT", "5m");

/// A connection one of whose operations may take a second.
fn hurried(operation: &str) -> Block {
    openai().nested(&Block::new("timeouts").set(operation, "1s"))
}

#[tokio::test]
async fn an_operation_that_takes_too_long_is_given_up_by_its_timeout() {
    for (operation, line) in [
        ("create", "POST connections"),
        ("read", "GET openai"),
        ("update", "PUT openai"),
        ("delete", "DELETE openai"),
    ] {
        let world = Scenario::new(hurried(operation)).intercepted().await;
        if operation != "create" {
            world.apply().await;
        }
        let gate = world.network().hold(line);
        if operation == "delete" {
            world.configure("");
        } else {
            world.configure(hurried(operation).set("api_key", "second"));
        }
        let run = world.apply_expecting_error(&format!("Cannot {operation} the connection")).await;
        let told = run.fails(&["Cannot"]);
        let names_it = told.says("`timeouts`") && told.says(&format!("`{operation}`"));
        assert!(names_it, "{told:#?}");
        gate.open();
    }
}

#[tokio::test]
async fn a_create_without_an_answer_in_time_may_have_worked_and_says_so() {
    let world = Scenario::new(hurried("create")).intercepted().await;
    let gate = world.network().hold("POST connections");
    let told = world.apply_expecting_error("Cannot create").await.fails(&["Cannot create"]);
    assert!(told.says("may exist") || told.says("may have been created"), "{told:#?}");
    gate.open();
}

#[tokio::test]
async fn a_wait_that_would_outlast_the_timeout_is_not_begun() {
    let world = Scenario::new(hurried("create")).intercepted().with(LONGEST.0, LONGEST.1).await;
    let busy = Reply::empty(429).header("Retry-After", "100");
    world.network().every("POST connections", Trick::answer(busy));
    world.apply_expecting_error("429").await;
    assert_eq!(world.requests(), ["POST connections"]);
}

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

    world.configure(openai().set("api_key", "second"));
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
    world.configure(openai().set("api_key", "second"));
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
