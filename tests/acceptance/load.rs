//! Many connections at once: what a refresh asks, over how many connections,
//! and what a process keeps of it.

use flink_emulator::{Answer, Fault, Method, NewConnection};

use crate::configuration::Block;
use crate::world::{Scenario, World};

mod endurance;

/// A block with so many connections.
fn estate(count: usize) -> String {
    let estate = Block::new("resource \"flink_connection\" \"many\"")
        .expression("count", &count.to_string())
        .expression("name", "\"many-${count.index}\"")
        .set("type", "REST")
        .expression("endpoint", "\"https://${count.index}.example.com\"")
        .credential("token", "the-token");
    estate.to_string()
}

/// An estate that has been applied, and whose requests are counted from now on.
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
async fn a_refresh_of_a_hundred_takes_a_handful_of_requests() {
    let world = applied(Scenario::new(estate(100))).await;
    world.plan().await.is_empty().warns_of_nothing();
    let counts = world.emulator.journal().counts();
    assert!(counts.requests["GET"] <= 12, "{counts:?}");
    assert!(counts.tcp_connections <= 11, "{counts:?}");
}

#[tokio::test]
async fn a_change_costs_one_request_for_each_object() {
    let world = Scenario::new(estate(30)).await;
    world.apply().await;
    let counts = world.emulator.journal().counts();
    assert_eq!((counts.requests.get("POST"), counts.requests.get("GET")), (Some(&30), None));
    assert!(counts.tcp_connections <= 10, "{counts:?}");

    world.emulator.settings(|settings| settings.update_answers_with_body = true);
    world.configure(estate(30).replace("the-token", "another-token"));
    world.apply().await;
    let counts = world.emulator.journal().counts();
    assert_eq!(counts.requests.get("PUT"), Some(&30));

    world.configure("");
    world.apply().await;
    let counts = world.emulator.journal().counts();
    assert_eq!(counts.requests.get("DELETE"), Some(&30));
    assert_eq!((counts.requests["POST"], counts.requests["PUT"]), (30, 30));
}

#[tokio::test]
async fn parallelism_makes_no_difference_to_the_plan() {
    let world = applied(Scenario::new(estate(40))).await;
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
async fn a_refresh_ends_well_without_a_list() {
    for fault in [
        Fault::status(403),
        Fault::status(500),
        Fault::page(200),
        Fault::cut(),
        Fault::drop_before(),
    ] {
        let world = applied(Scenario::new(estate(30))).await;
        world.emulator.faults().add(fault.on(Method::GET, "*/connections"));
        world.plan().await.is_empty().warns_of_nothing();
        let requests = world.requests();
        assert!(requests.len() <= 45, "{requests:?}");
    }
}

#[tokio::test]
async fn fifty_reads_at_once_end_well_where_only_five_connections_are_allowed() {
    let world = applied(Scenario::new(estate(60)).with("FLINK_MAX_RETRY_WAIT", "2s")).await;
    world.emulator.settings(|settings| settings.max_tcp_connections = Some(5));
    // Without a list, every object is asked for by itself.
    world.emulator.faults().add(Fault::status(403).on(Method::GET, "*/connections"));
    world.plan_with(&["-parallelism=50"]).await.is_empty().warns_of_nothing();
    let counts = world.emulator.journal().counts();
    assert!(counts.most_tcp_connections <= 5, "{counts:?}");
    assert!(counts.tcp_connections_refused > 0, "the limit was never met: {counts:?}");
}

#[tokio::test]
async fn fifty_creations_at_once_end_well_where_only_five_connections_are_allowed() {
    let world = Scenario::new(estate(50)).with("FLINK_MAX_RETRY_WAIT", "2s").await;
    world.emulator.settings(|settings| settings.max_tcp_connections = Some(5));
    world.apply_with(&["-parallelism=50"]).await.succeeds();
    assert_eq!(world.connections().list().len(), 50);
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn http_2_is_spoken_where_it_is_offered() {
    let world = Scenario::new(estate(30)).over_tls().await;
    world.apply().await;
    world.plan().await.is_empty().warns_of_nothing();
    let entries = world.emulator.journal().entries();
    assert!(!entries.is_empty() && entries.iter().all(|entry| entry.http_version == "HTTP/2.0"));
    // Two processes have asked ten questions at a time. Some connections are opened before
    // it is known that one will do.
    let counts = world.emulator.journal().counts();
    assert!(counts.tcp_connections <= 10, "{counts:?}");
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused_and_nothing_is_sent() {
    let world = Scenario::new(estate(1)).over_tls().without("FLINK_CA_BUNDLE").await;
    world.apply_expecting_error("could not be sent safely").await;
    assert!(world.emulator.journal().entries().is_empty());
}

#[tokio::test]
async fn a_wait_that_a_person_would_notice_is_logged() {
    let scenario = Scenario::new(estate(3)).with("TF_LOG_PROVIDER", "warn");
    let world = scenario.with("FLINK_MAX_RETRY_WAIT", "4s").await;
    let busy = Answer::status(429).header("Retry-After", "60");
    world.emulator.faults().add(Fault::answer(busy).times(1));
    world.apply().await;
    let log = world.log();
    let lines: Vec<_> =
        log.lines().filter(|line| line.contains("asks for fewer requests")).collect();
    assert!(lines.len() == 1 && lines[0].contains("the next ones wait 4 s"), "{log}");
}
