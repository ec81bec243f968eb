//! Many objects at once: the requests of a refresh, their TCP connections, and the memory
//! that they leave behind.

use flink_emulator::{Answer, Fault, Method, NewConnection};

use crate::configuration::Block;
use crate::scenario::Scenario;
use crate::world::World;

mod endurance;

/// A configuration with so many connections.
fn many(count: usize) -> String {
    let many = Block::new("resource \"flink_connection\" \"many\"")
        .expression("count", &count.to_string())
        .expression("name", "\"many-${count.index}\"")
        .set("type", "REST")
        .expression("endpoint", "\"https://${count.index}.example.com\"")
        .credential("token", "the-token");
    many.to_string()
}

/// A world with an applied configuration, whose requests are counted from here.
async fn applied(scenario: Scenario) -> World {
    let world = scenario.await;
    world.apply().await;
    world.emulator.journal().clear();
    world
}

fn lists(world: &World) -> usize {
    world.requests().iter().filter(|line| *line == "GET connections").count()
}

#[tokio::test]
async fn a_refresh_of_a_hundred_takes_few_requests() {
    let world = applied(Scenario::new(many(100))).await;
    world.plan().await.is_empty().warns_of_nothing();
    let counts = world.emulator.journal().counts();
    assert!(counts.requests["GET"] <= 12, "{counts:?}");
    assert!(counts.tcp_connections <= 11, "{counts:?}");
}

#[tokio::test]
async fn parallelism_makes_no_difference_to_the_plan() {
    let world = applied(Scenario::new(many(40))).await;
    assert!(world.connections().delete("many-7"));
    world
        .connections()
        .set_credentials("many-11", [("BEARER_TOKEN", "theirs")])
        .expect("it is there");
    let recreated = NewConnection::new("many-23", "REST", "https://elsewhere.example.com")
        .credential("BEARER_TOKEN", "x");
    world.connections().recreate(recreated).expect("it is there");
    let mut plans = Vec::new();
    for parallelism in ["-parallelism=1", "-parallelism=10", "-parallelism=50"] {
        let plan = world.plan_with(&[parallelism]).await;
        assert!(lists(&world) > 0, "no list was asked for at {parallelism}");
        let changes = plan.json["resource_changes"].as_array().expect("a plan has changes");
        let changes = changes
            .iter()
            .filter(|change| change["change"]["actions"] != serde_json::json!(["no-op"]));
        let mut lines: Vec<_> = changes
            .map(|change| format!("{} {}", change["address"], change["change"]["actions"]))
            .collect();
        lines.sort();
        plans.push(lines);
    }
    assert_eq!(plans[0].len(), 3, "{:#?}", plans[0]);
    assert!(plans.iter().all(|plan| *plan == plans[0]), "{plans:#?}");
}

#[tokio::test]
async fn fifty_reads_succeed_over_five_connections() {
    let world = applied(Scenario::new(many(60)).with("FLINK_MAX_RETRY_WAIT", "2s")).await;
    world.emulator.settings(|settings| settings.max_tcp_connections = Some(5));
    // Without a list, each object takes a request of its own.
    world.emulator.faults().add(Fault::status(403).on(Method::GET, "*/connections"));
    world.plan_with(&["-parallelism=50"]).await.is_empty().warns_of_nothing();
    let counts = world.emulator.journal().counts();
    assert!(counts.most_tcp_connections <= 5, "{counts:?}");
    assert!(counts.tcp_connections_refused > 0, "the limit was never met: {counts:?}");
}

#[tokio::test]
async fn uses_http_2_if_the_server_offers_it() {
    let world = Scenario::new(many(30)).over_tls().await;
    world.apply().await;
    world.plan().await.is_empty().warns_of_nothing();
    let entries = world.emulator.journal().entries();
    assert!(!entries.is_empty() && entries.iter().all(|entry| entry.http_version == "HTTP/2.0"));
    // Two processes have sent ten requests at a time. Some connections open before the
    // first response shows that the server speaks HTTP/2.
    let counts = world.emulator.journal().counts();
    assert!(counts.tcp_connections <= 10, "{counts:?}");
}

#[tokio::test]
async fn logs_a_long_wait() {
    let scenario = Scenario::new(many(3)).with("TF_LOG_PROVIDER", "warn");
    let world = scenario.with("FLINK_MAX_RETRY_WAIT", "4s").await;
    let busy = Answer::status(429).header("Retry-After", "60");
    world.emulator.faults().add(Fault::answer(busy).times(1));
    world.apply().await;
    let log = world.log();
    let lines: Vec<_> =
        log.lines().filter(|line| line.contains("asks for fewer requests")).collect();
    assert!(lines.len() == 1 && lines[0].contains("the next ones wait 4 s"), "{log}");
}
