//! Imports: by command, by block, and by the block in the error of a create whose name is
//! taken.

use flink_emulator::{NewConnection, Place};

use crate::configuration::{Block, OPENAI, import, openai};
use crate::scenario::Scenario;
use crate::world::{ORGANIZATION, World};

const ENDPOINT: &str = "https://api.openai.com/v1/chat/completions";
const FULL_ID: &str = "1111aaaa-0000-4000-8000-000000000001/env-1/aws/us-east-1/openai";

/// A world in which a third party has made the connection `openai`.
async fn with_foreign_object(configuration: impl std::fmt::Display) -> World {
    let world = Scenario::new(configuration).await;
    insert(&world, &world.place(), "openai");
    world
}

fn insert(world: &World, place: &Place, name: &str) {
    let new = NewConnection::new(name, "OPENAI", ENDPOINT).credential("API_KEY", "theirs");
    world.insert(place, new);
}

fn without_credentials() -> Block {
    openai().without_credentials()
}

fn write_only() -> Block {
    without_credentials().write_only("api_key", "first").set("credentials_wo_version", "1")
}

#[tokio::test]
async fn without_credentials_an_import_changes_nothing() {
    let world = with_foreign_object(import(FULL_ID).and(without_credentials())).await;
    world.plan().await.is_empty().imports(OPENAI).warns_of_nothing();
    world.requests();
    world.apply().await;
    assert_eq!(world.requests(), ["GET openai"]);
    world.holds_api_key("theirs");
    world.configure(without_credentials());
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn with_credentials_an_import_is_followed_by_one_update() {
    for block in [openai(), write_only()] {
        let world = with_foreign_object(import(FULL_ID).and(&block)).await;
        world.plan().await.updates_in_place(OPENAI).imports(OPENAI);
        world.requests();
        world.apply().await;
        assert_eq!(world.requests(), ["GET openai", "PUT openai", "GET openai"]);
        world.holds_api_key("first");
        world.plan().await.is_empty().warns_of_nothing();
    }
}

#[tokio::test]
async fn the_import_command_behaves_like_the_import_block() {
    for (block, updates) in [(without_credentials(), false), (openai(), true), (write_only(), true)]
    {
        let world = with_foreign_object(&block).await;
        let run = world.import(OPENAI, FULL_ID).await;
        assert!(run.status.success(), "{}", run.shown());
        assert_eq!(world.stored(OPENAI)["uid"], world.openai().uid);
        let plan = world.plan().await;
        if updates {
            plan.updates_in_place(OPENAI);
            world.apply().await;
            world.holds_api_key("first");
        }
        world.plan().await.is_empty().warns_of_nothing();
    }
}

#[tokio::test]
async fn the_spelling_of_an_id_and_of_the_configuration_may_differ() {
    let id = format!("{ORGANIZATION}/env-1/AWS/us-east-1/openai");
    for block in [without_credentials(), without_credentials().set("cloud", "Aws")] {
        let world = with_foreign_object(import(&id).and(block.set("type", "openai"))).await;
        world.plan().await.imports(OPENAI).is_empty();
        world.apply().await;
        world.plan().await.is_empty();
    }
}

#[tokio::test]
async fn one_import_block_imports_many_objects() {
    let each = "toset([\"a\", \"b\", \"c\"])";
    let block = |header: &str| Block::new(header).expression("for_each", each);
    let import = block("import").expression("to", "flink_connection.it[each.key]");
    let resource = block("resource \"flink_connection\" \"it\"")
        .expression("name", "each.key")
        .set("type", "OPENAI")
        .set("endpoint", ENDPOINT);
    let world = Scenario::new(import.expression("id", "each.key").and(resource)).await;
    for name in ["a", "b", "c"] {
        insert(&world, &world.place(), name);
    }
    let plan = world.plan().await;
    plan.is_empty().imports("flink_connection.it[\"a\"]").imports("flink_connection.it[\"c\"]");
}

#[tokio::test]
async fn the_configuration_of_an_existing_object_can_be_generated() {
    let world = with_foreign_object(import(FULL_ID)).await;
    let plan = world.plan_with(&["-generate-config-out=generated.tf"]).await;
    plan.imports(OPENAI).is_empty();
    assert!(!world.everything_printed().contains("theirs"));
    world.apply().await;
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn an_import_of_an_absent_object_fails() {
    let world = Scenario::new(without_credentials()).await;
    let run = world.import(OPENAI, FULL_ID).await;
    assert!(!run.status.success());
    assert!(run.prose().contains("Cannot import non-existent remote object"), "{}", run.shown());
    world.configure(import(FULL_ID).and(without_credentials()));
    world.plan_expecting_error("Cannot import non-existent remote object").await;
}

#[tokio::test]
async fn a_create_with_a_taken_name_prints_the_import_block() {
    let world = with_foreign_object(openai()).await;
    let run = world.apply_expecting_error("Cannot create the connection").await;
    assert!(!world.is_stored(OPENAI));
    world.holds_api_key("theirs");

    let detail = run.fails(&["import {"]).detail;
    let start = detail.find("import {").expect("the message has a block");
    let end = detail[start..].find('}').expect("the block ends") + start + 1;
    let block = detail[start..end].replace("<label>", "openai");
    world.configure(openai().and(block));
    world.plan().await.imports(OPENAI).updates_in_place(OPENAI);
    world.apply().await;
    world.holds_api_key("first");
    world.plan().await.is_empty().warns_of_nothing();
}
