//! `data "flink_connections"`: those of a place, filtered and sorted.

use flink_emulator::NewConnection;
use serde_json::Value;

use super::{data, read};
use crate::configuration::Block;
use crate::scenario::Scenario;
use crate::world::{ORGANIZATION, World};

async fn world(configuration: impl std::fmt::Display) -> World {
    let world = Scenario::new(configuration).await;
    world.insert(&world.place(), openai("openai"));
    for name in ["orders-b", "orders-a", "users"] {
        let new = NewConnection::new(name, "MONGODB", "mongodb+srv://db.example.net");
        let new = new.credential("USERNAME", "planted").credential("PASSWORD", "planted");
        world.insert(&world.place(), new);
    }
    world
}

fn openai(name: &str) -> NewConnection {
    NewConnection::new(name, "OPENAI", "https://api.openai.com/v1/chat/completions")
        .credential("API_KEY", "planted")
}

fn names(found: &Value) -> Vec<&str> {
    let all = found["connections"].as_array().expect("a list");
    all.iter().map(|each| each["name"].as_str().expect("a name")).collect()
}

#[tokio::test]
async fn lists_a_place_sorted_by_name_with_all_fields() {
    let world = world(data("flink_connections")).await;
    let found = read(&world, "flink_connections").await;
    assert_eq!(names(&found), ["openai", "orders-a", "orders-b", "users"]);
    let first = &found["connections"][0];
    let stored = world.openai();
    assert_eq!(first["id"], format!("{ORGANIZATION}/env-1/aws/us-east-1/openai"));
    assert_eq!(first["uid"], stored.uid);
    assert_eq!(first["type"], "OPENAI");
    assert!(first["resource_version"].is_string() && first["updated_at"].is_string(), "{first}");
    assert!(!world.everything_printed().contains("planted"));
    world.plan().await.is_empty();
}

#[tokio::test]
async fn filters_by_type_and_name_and_reads_every_page() {
    let by_type = data("flink_connections").set("type", "mongodb");
    let world = world(by_type.clone()).await;
    assert_eq!(names(&read(&world, "flink_connections").await), ["orders-a", "orders-b", "users"]);
    world.configure(by_type.set("name_prefix", "orders-"));
    assert_eq!(names(&read(&world, "flink_connections").await), ["orders-a", "orders-b"]);
    for number in 0..250 {
        let name = format!("orders-{number:03}");
        world.insert(&world.place(), openai(&name));
    }
    world.configure(data("flink_connections").set("name_prefix", "orders-"));
    assert_eq!(names(&read(&world, "flink_connections").await).len(), 252);
}

#[tokio::test]
async fn an_empty_place_is_an_empty_list() {
    let elsewhere = data("flink_connections").set("region", "eu-west-1");
    let world = Scenario::new(elsewhere).await;
    assert_eq!(read(&world, "flink_connections").await["connections"], Value::Array(Vec::new()));
}

#[tokio::test]
async fn its_elements_can_be_imported_one_by_one() {
    let import = Block::new("import")
        .expression(
            "for_each",
            "{ for each in data.flink_connections.this.connections : each.name => each }",
        )
        .expression("to", "flink_connection.all[each.key]")
        .expression("id", "each.value.id");
    let resource = Block::new("resource \"flink_connection\" \"all\"")
        .expression(
            "for_each",
            "{ for each in data.flink_connections.this.connections : each.name => each }",
        )
        .expression("name", "each.key")
        .expression("type", "each.value.type")
        .expression("endpoint", "each.value.endpoint");
    let list = data("flink_connections").set("name_prefix", "orders-");
    let world = world(format!("{}{resource}", list.and(import))).await;
    let run = world.apply().await;
    assert!(run.shown().contains("2 imported, 0 added, 0 changed, 0 destroyed"), "{}", run.shown());
    world.plan().await.is_empty();
}

#[tokio::test]
async fn refuses_a_misspelled_type_instead_of_listing_nothing() {
    let run = Scenario::new(data("flink_connections").set("type", "mongo")).await.validate().await;
    assert!(!run.status.success() && run.shown().contains("MONGODB"), "{}", run.shown());
}

#[tokio::test]
async fn a_read_only_attribute_cannot_be_set() {
    let configuration = data("flink_connection").set("name", "openai").set("type", "OPENAI");
    let run = Scenario::new(configuration).await.validate().await;
    assert!(run.shown().contains("Read-only type"), "{}", run.shown());
}
