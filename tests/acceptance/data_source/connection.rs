//! `data "flink_connection"`: by name, in a place.

use flink_emulator::{Fault, NewConnection, Place};

use super::{data, read};
use crate::configuration::{connection, late, openai};
use crate::scenario::Scenario;
use crate::world::ORGANIZATION;

const OPENAI_URL: &str = "https://api.openai.com/v1/chat/completions";

fn new(name: &str) -> NewConnection {
    NewConnection::new(name, "OPENAI", OPENAI_URL).credential("API_KEY", "planted")
}

#[tokio::test]
async fn gives_all_that_the_api_reports_and_no_credential() {
    let world = Scenario::new(data("flink_connection").set("name", "openai")).await;
    world.insert(&world.place(), new("openai"));
    let found = read(&world, "flink_connection").await;
    let stored = world.openai();
    assert_eq!(found["id"], format!("{ORGANIZATION}/env-1/aws/us-east-1/openai"));
    assert_eq!((&found["type"], &found["endpoint"]), (&"OPENAI".into(), &OPENAI_URL.into()));
    assert_eq!(found["uid"], stored.uid);
    assert_eq!(found["resource_version"], stored.resource_version);
    assert!(found["created_at"].is_string() && found["updated_at"].is_string(), "{found}");
    assert!(!world.everything_printed().contains("planted"));
    world.plan().await.is_empty();
}

#[tokio::test]
async fn reads_another_place_than_the_provider_names_and_keeps_its_spelling() {
    let elsewhere = data("flink_connection").set("name", "openai").set("cloud", "AWS");
    let world = Scenario::new(elsewhere.set("region", "eu-west-1")).await;
    world.insert(&Place::new(ORGANIZATION, "env-1", "aws", "eu-west-1"), new("openai"));
    let found = read(&world, "flink_connection").await;
    assert_eq!((&found["cloud"], &found["region"]), (&"AWS".into(), &"eu-west-1".into()));
    assert_eq!(found["id"], format!("{ORGANIZATION}/env-1/aws/eu-west-1/openai"));
}

#[tokio::test]
async fn names_the_nearest_names_where_there_is_no_such_connection() {
    let world = Scenario::new(data("flink_connection").set("name", "openia")).await;
    for name in ["mongodb", "openai", "openai-eu", "zilliz"] {
        world.insert(&world.place(), new(name));
    }
    let run = world.plan_expecting_error("No such connection").await;
    assert!(run.shown().contains("`openai`, `openai-eu` and"), "{}", run.shown());
}

#[tokio::test]
async fn is_read_in_the_apply_where_its_name_is_not_known_before() {
    let late_name = data("flink_connection").expression("name", "terraform_data.name.output");
    let world = Scenario::new(late("name", "openai").and(late_name)).await;
    world.insert(&world.place(), new("openai"));
    let found = read(&world, "flink_connection").await;
    assert_eq!(found["endpoint"], OPENAI_URL);
    world.plan().await.is_empty();
}

#[tokio::test]
async fn reads_a_connection_that_the_same_configuration_makes() {
    let made = data("flink_connection").expression("name", "flink_connection.openai.name");
    let copy = connection("copy", "OPENAI", OPENAI_URL)
        .expression("endpoint", "data.flink_connection.this.endpoint")
        .credential("api_key", "second");
    let world = Scenario::new(format!("{}{}", openai().and(made), copy)).await;
    world.apply().await;
    assert_eq!(world.connections().get("copy").unwrap().endpoint, OPENAI_URL);
    world.plan().await.is_empty();
}

#[tokio::test]
async fn names_no_others_where_they_cannot_be_listed() {
    let world = Scenario::new(data("flink_connection").set("name", "openia")).await;
    world.insert(&world.place(), new("openai"));
    world.emulator.faults().add(Fault::status(403).path("*/connections"));
    let run = world.plan_expecting_error("No such connection").await;
    assert!(!run.shown().contains("There are none"), "{}", run.shown());
}
