//! Values that are unknown to a plan: accepted, and checked again once they are known.

use crate::configuration::{Block, OPENAI, late, openai, provider};
use crate::scenario::Scenario;
use crate::world::KEY;

/// Applies a configuration in which `terraform_data.it.output` is unknown at first.
async fn applies(value: &str, block: impl std::fmt::Display) {
    let world = Scenario::new(late("it", value).and(block)).await;
    world.validate().await.succeeds();
    world.plan().await.creates(OPENAI);
    world.apply_saved_plan().await;
    world.holds_api_key("first");
    world.plan().await.is_empty();
}

#[tokio::test]
async fn any_argument_may_be_unknown_until_the_apply() {
    const IT: &str = "terraform_data.it.output";
    let arguments = ["name", "type", "endpoint", "region", "credential_drift"];
    let values = ["openai", "OPENAI", "https://api.openai.com/v1", "us-east-1", "warn"];
    let list = Block::new("resource \"terraform_data\" \"it\"");
    let value = |(name, value)| format!("{name} = {value:?}");
    let map: Vec<String> = arguments.iter().zip(values).map(value).collect();
    let list = list.expression("input", &format!("{{ {} }}", map.join(", ")));
    let block = arguments
        .iter()
        .fold(openai(), |block, name| block.expression(name, &format!("{IT}.{name}")));
    let world = Scenario::new(list.and(block)).await;
    world.validate().await.succeeds();
    let plan = world.plan().await;
    plan.creates(OPENAI).warns_of_nothing();
    for argument in arguments {
        assert_eq!(plan.change(OPENAI)["after_unknown"][argument], true, "{argument}");
    }
    world.apply_saved_plan().await;
    world.holds_api_key("first");
    world.plan().await.is_empty();
}

#[tokio::test]
async fn credentials_may_be_unknown_until_the_apply_by_key_and_as_a_whole() {
    const MAP: &str =
        "terraform_data.it.output == \"\" ? null : { api_key = terraform_data.it.output }";
    let bare = || openai().without_credentials().set("credentials_wo_version", "1");
    applies("first", bare().credential_from("api_key", "terraform_data.it.output")).await;
    applies("first", bare().write_only_from("api_key", "terraform_data.it.output")).await;
    applies("first", bare().expression("credentials", MAP)).await;
    applies("first", bare().expression("credentials_wo", MAP)).await;
}

#[tokio::test]
async fn a_rotation_to_an_unknown_value_is_an_update_in_place() {
    let configured = |value| {
        late("it", value).and(openai().credential_from("api_key", "terraform_data.it.output"))
    };
    let world = Scenario::new(configured("first")).await;
    world.apply().await;
    world.configure(configured("second"));
    world.plan().await.updates_in_place(OPENAI);
    world.apply().await;
    world.holds_api_key("second");
    world.plan().await.is_empty();
}

#[tokio::test]
async fn an_unknown_place_plans_a_replacement() {
    let configured =
        |value| late("it", value).and(openai().expression("region", "terraform_data.it.output"));
    let world = Scenario::new(configured("us-east-1")).await;
    world.apply().await;
    world.configure(configured("us-west-2"));
    world.plan().await.replaces(OPENAI, "region");
    world.apply().await;
    assert_eq!(world.emulator.all_connections()[0].place.region, "us-west-2");
    world.plan().await.is_empty();
}

#[tokio::test]
async fn the_rules_apply_to_values_that_were_unknown() {
    let block = openai().expression("type", "terraform_data.it.output");
    let world = Scenario::new(late("it", "MONGODB").and(block)).await;
    world.plan().await.creates(OPENAI);
    let run = world.apply_expecting_error("does not take").await;
    assert_eq!(run.fails(&["`api_key`"]).argument.as_deref(), Some("credentials"));
    assert!(world.requests().is_empty(), "an invalid request is not sent");
}

#[tokio::test]
async fn settings_of_the_provider_may_be_unknown_until_the_apply() {
    for (argument, value) in [
        ("organization_id", crate::world::ORGANIZATION),
        ("flink_api_key", KEY.0),
        ("flink_api_secret", KEY.1),
    ] {
        let provider = provider().expression(argument, "terraform_data.it.output");
        applies(value, provider.and(openai())).await;
    }
}

#[tokio::test]
async fn an_object_is_not_refreshed_while_the_credentials_are_unknown() {
    let configured = |input: &str| {
        let data = late("it", input);
        let provider = provider().expression(
            "flink_api_key",
            &format!("terraform_data.it.output == \"\" ? \"\" : \"{}\"", KEY.0),
        );
        data.and(provider.and(openai()))
    };
    let world = Scenario::new(configured("a")).await;
    world.apply().await;
    world.configure(configured("b"));
    world.requests();
    world.plan().await.leaves(OPENAI).warns(&["Not refreshed", "openai"]);
    assert!(world.requests().is_empty());
    world.apply().await;
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn plans_no_change_while_the_default_region_is_unknown() {
    let configured = |value: &str| {
        let provider = provider().expression("region", "terraform_data.it.output");
        late("it", value).and(provider.and(openai()))
    };
    let world = Scenario::new(configured("us-east-1")).await;
    world.apply().await;
    world.configure(configured("us-west-2"));
    world.plan().await.leaves(OPENAI);
    world.configure(configured("us-west-2").replace("first", "second"));
    world.apply().await;
    world.holds_api_key("second");
    world.plan().await.replaces(OPENAI, "region");
}

#[tokio::test]
async fn a_module_may_name_every_key_and_pass_null_for_those_it_does_not_use() {
    let keys = ["api_key", "username", "password", "token", "scope"];
    let block = keys.iter().fold(openai().without_credentials(), |block, key| {
        block.credential_from(key, &format!("var.{key}"))
    });
    let world = Scenario::new(optional_variables(&keys) + &block.to_string())
        .with("TF_VAR_api_key", "first")
        .await;
    world.validate().await.succeeds().warns_of_nothing();
    world.apply().await.warns_of_nothing();
    assert_eq!(world.openai().credential_keys, ["API_KEY", "AUTH_TYPE"]);
    world.plan().await.is_empty();
    let world = Scenario::new(optional_variables(&keys) + &block.to_string()).await;
    world.plan_expecting_error("Missing credentials").await;
}

fn optional_variables(names: &[&str]) -> String {
    let variable = |name| Block::new(format!("variable \"{name}\"")).expression("default", "null");
    names.iter().map(|name| variable(name).to_string()).collect()
}
