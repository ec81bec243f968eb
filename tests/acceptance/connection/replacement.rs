//! Which changes make it another object, which do not, and that the plan says
//! so before anything happens.

use crate::configuration::{Block, OPENAI, openai, provider};
use crate::world::{ORGANIZATION, Scenario};

const OTHER_ORGANIZATION: &str = "2222bbbb-0000-4000-8000-000000000002";

#[tokio::test]
async fn what_cannot_change_is_replaced_and_the_plan_says_why() {
    let world = Scenario::new(openai()).await;
    world.apply().await;
    for (argument, value) in [
        ("name", "renamed"),
        ("type", "ANTHROPIC"),
        ("endpoint", "https://api.openai.com/v1/embeddings"),
        ("organization_id", OTHER_ORGANIZATION),
        ("environment_id", "env-2"),
        ("cloud", "gcp"),
        ("region", "us-west-2"),
    ] {
        world.configure(openai().set(argument, value));
        let plan = world.plan().await;
        plan.replaces(OPENAI, argument);
        assert_eq!(plan.change(OPENAI)["after"][argument], value);
    }
}

#[tokio::test]
async fn a_replacement_leaves_the_new_object_and_nothing_of_the_old() {
    let world = Scenario::new(openai()).await;
    world.apply().await;
    world.configure(openai().set("name", "renamed").set("region", "us-west-2"));
    world.requests();
    world.apply().await;
    assert_eq!(world.requests(), ["GET openai", "DELETE openai", "POST connections"]);
    let all = world.emulator.all_connections();
    let there: Vec<_> = all.iter().map(|each| (&*each.name, &*each.place.region)).collect();
    assert_eq!(there, [("renamed", "us-west-2")]);
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn a_replacement_on_demand_begins_with_a_clean_memory() {
    let world = Scenario::new(openai()).await;
    world.apply().await;
    let before = world.openai();
    world.edit();
    world.apply_with(&["-replace=flink_connection.openai"]).await.succeeds();
    assert_ne!(world.openai().uid, before.uid);
    world.holds_api_key("first");
    world.plan().await.is_empty().warns_of_nothing();
    world.edit();
    world.plan().await.updates_in_place(OPENAI);
}

#[tokio::test]
async fn what_the_configuration_ignores_is_left_alone() {
    let world = Scenario::new(openai()).await;
    world.apply().await;
    let ignoring = Block::new("lifecycle").expression("ignore_changes", "[api_key]");
    world.configure(openai().set("api_key", "second").nested(&ignoring));
    world.plan().await.is_empty();
    world.apply().await;
    world.holds_api_key("first");
}

#[tokio::test]
async fn the_spelling_of_type_and_cloud_means_nothing() {
    let world = Scenario::new(openai().set("type", "OpenAI").set("cloud", "AWS")).await;
    world.apply().await;
    assert_eq!(world.openai().connection_type, "OPENAI");
    world.plan().await.is_empty();
    for (kind, cloud) in [("openai", "aws"), ("OPENAI", "Aws")] {
        world.configure(openai().set("type", kind).set("cloud", cloud));
        world.plan().await.is_empty();
    }
    world.configure(openai().set("type", "openai").set("api_key", "second"));
    world.apply().await;
    world.holds_api_key("second");
    world.plan().await.is_empty();
}

#[tokio::test]
async fn a_region_that_changes_in_the_provider_block_replaces() {
    let world = Scenario::new(provider().and(openai())).await;
    world.apply().await;
    world.configure(provider().set("region", "us-west-2").and(openai()));
    world.plan().await.replaces(OPENAI, "region");
    world.configure(provider().set("region", "us-west-2").and(openai().set("region", "us-east-1")));
    world.plan().await.is_empty();
}

#[tokio::test]
async fn a_place_that_changes_in_the_environment_replaces() {
    let mut world = Scenario::new(openai()).await;
    world.apply().await;
    world.set("CONFLUENT_ENVIRONMENT_ID", "env-2");
    world.plan().await.replaces(OPENAI, "environment_id");
    world.set("CONFLUENT_ENVIRONMENT_ID", "env-1");
    world.set("FLINK_CLOUD", "AWS");
    world.plan().await.is_empty();
}

#[tokio::test]
async fn saying_what_held_anyway_changes_nothing() {
    let world = Scenario::new(openai()).await;
    world.apply().await;
    let place = [
        ("organization_id", ORGANIZATION),
        ("environment_id", "env-1"),
        ("cloud", "aws"),
        ("region", "us-east-1"),
    ];
    world.configure(place.iter().fold(openai(), |block, (name, value)| block.set(name, value)));
    world.plan().await.is_empty();
}

#[tokio::test]
async fn another_way_to_the_same_place_changes_nothing() {
    let mut world = Scenario::new(openai()).await;
    world.apply().await;
    let direct = world.emulator.rest_endpoint("aws", "us-east-1");
    world.set("FLINK_REST_ENDPOINT", &direct);
    world.plan().await.is_empty();
}
