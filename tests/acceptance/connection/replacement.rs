//! Changes that replace the object and changes that do not, as the plan announces them.

use flink_emulator::{Environment, NewConnection};

use crate::configuration::{Block, OPENAI, connection, openai, provider};
use crate::scenario::Scenario;
use crate::world::ORGANIZATION;

const OTHER_ORGANIZATION: &str = "2222bbbb-0000-4000-8000-000000000002";

#[tokio::test]
async fn a_change_of_a_fixed_argument_replaces_and_the_plan_names_it() {
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
    let looks = ["GET openai", "GET renamed", "GET connections"];
    let requests = [&looks[..], &["DELETE openai", "POST connections"]].concat();
    assert_eq!(world.requests(), requests, "it checks that the name is free");
    let all = world.emulator.all_connections();
    let there: Vec<_> = all.iter().map(|each| (&*each.name, &*each.place.region)).collect();
    assert_eq!(there, [("renamed", "us-west-2")]);
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn a_requested_replacement_forgets_earlier_drift() {
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
async fn does_not_send_credentials_under_ignore_changes() {
    let server = |key: &str, transport: &str| {
        let server = connection("openai", "MCP_SERVER", "https://mcp.example.com");
        let ignoring = Block::new("lifecycle").expression("ignore_changes", "[credentials]");
        server.credential("token", key).set("transport_type", transport).nested(&ignoring)
    };
    let world = Scenario::new(server("first", "SSE")).await;
    world.apply().await;
    world.configure(server("ignored", "STREAMABLE_HTTP"));
    world.plan().await.updates_in_place(OPENAI);
    world.apply().await;
    let holds = |key: &str, value: &str| world.connections().holds("openai", key, value);
    assert!(holds("TRANSPORT_TYPE", "STREAMABLE_HTTP") && holds("BEARER_TOKEN", "first"));
    world.plan().await.is_empty();
}

#[tokio::test]
async fn refuses_a_replacement_by_a_taken_name_before_the_delete() {
    let world = Scenario::new(openai()).await;
    world.apply().await;
    let other = NewConnection::new("taken", "OPENAI", "https://api.openai.com/v1");
    world.insert(&world.place(), other.credential("API_KEY", "theirs"));
    world.configure(openai().set("name", "taken"));
    world.requests();
    let diagnostic =
        world.apply_expecting_error("The name is taken").await.fails(&["The name is taken"]);
    assert_eq!(diagnostic.argument.as_deref(), Some("name"));
    assert!(diagnostic.contains("import {"), "{diagnostic:#?}");
    assert_eq!(world.requests(), ["GET openai", "GET taken"]);
    world.holds_api_key("first");
}

#[tokio::test]
async fn refuses_a_replacement_in_an_unknown_place_before_the_delete() {
    let world = Scenario::new(openai()).await;
    world.apply().await;
    let known = Environment {
        id: "env-1".to_owned(),
        organization: ORGANIZATION.to_owned(),
        display_name: "known".to_owned(),
    };
    world.emulator.settings(|settings| settings.environments.push(known));
    for (argument, value, text) in [
        ("environment_id", "env-9", "There is no environment env-9"),
        ("organization_id", "my-org", "organization_id"),
        ("cloud", "amazon", "There is no such cloud region"),
    ] {
        world.configure(openai().set(argument, value));
        world.apply_expecting_error(text).await.fails(&["Cannot plan the replacement", text]);
        world.holds_api_key("first");
    }
}

#[tokio::test]
async fn refuses_null_in_a_required_argument_before_the_delete() {
    let world = Scenario::new(openai()).await;
    world.apply().await;
    for argument in ["name", "type", "endpoint"] {
        world.configure(openai().expression(argument, "null"));
        let diagnostic = world.validate().await.fails(&["Missing", argument]);
        assert_eq!(diagnostic.argument.as_deref(), Some(argument), "{diagnostic:#?}");
        let late = openai().expression(argument, "var.nothing");
        world.configure(Block::new("variable \"nothing\"").expression("default", "null").and(late));
        world.apply_expecting_error(&format!("`{argument}` is required")).await;
        world.holds_api_key("first");
    }
    let late = openai().expression("endpoint", "terraform_data.it.output");
    world.configure(Block::new("resource \"terraform_data\" \"it\"").and(late));
    world.requests();
    world.apply_expecting_error("`endpoint` is required").await;
    assert!(!world.requests().contains(&"POST connections".to_owned()));
}

#[tokio::test]
async fn create_before_destroy_fails_with_an_explanation() {
    let first = Block::new("lifecycle").expression("create_before_destroy", "true");
    let world = Scenario::new(openai().nested(&first)).await;
    world.apply().await;
    let endpoint = "https://api.openai.com/v1/embeddings";
    world.configure(openai().set("endpoint", endpoint).nested(&first));
    let run = world.apply_expecting_error("Cannot create the connection").await;
    let diagnostic = run.fails(&["create_before_destroy"]);
    assert!(diagnostic.contains("names are unique"), "{diagnostic:#?}");
    world.holds_api_key("first");
    world.configure(openai().set("endpoint", endpoint));
    world.apply().await;
    assert_eq!(world.openai().endpoint, endpoint);
    world.plan().await.is_empty();
}

#[tokio::test]
async fn another_spelling_of_key_type_or_cloud_changes_nothing() {
    let server = |ty: &str, key: &str, cloud: &str| {
        let block = connection("openai", ty, "https://mcp.example.com");
        block.credential(key, "first").set("cloud", cloud)
    };
    let world = Scenario::new(server("mcp-server", "token", "AWS")).await;
    world.apply().await;
    assert_eq!(world.openai().connection_type, "MCP_SERVER");
    for (ty, key, cloud) in [("MCP_SERVER", "BEARER_TOKEN", "aws"), ("Mcp-Server", "TOKEN", "Aws")]
    {
        world.configure(server(ty, key, cloud).credential_from("password", "null"));
        world.plan().await.is_empty();
    }
}

#[tokio::test]
async fn a_place_that_changes_in_the_provider_block_or_the_environment_replaces() {
    let mut world = Scenario::new(provider().and(openai())).await;
    world.apply().await;
    let elsewhere = provider().set("region", "us-west-2");
    world.configure(elsewhere.and(openai()));
    world.plan().await.replaces(OPENAI, "region");
    world.configure(elsewhere.and(openai().set("region", "us-east-1")));
    world.plan().await.is_empty();

    world.configure(openai());
    world.set("CONFLUENT_ENVIRONMENT_ID", "env-2");
    world.plan().await.replaces(OPENAI, "environment_id");
    world.configure(openai().set("environment_id", "env-1").set("organization_id", ORGANIZATION));
    world.plan().await.is_empty();
}
