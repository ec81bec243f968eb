//! Values that a plan does not know yet: tolerated, and looked at again when
//! they are known.

use crate::configuration::{Block, OPENAI, late, openai, provider};
use crate::world::{KEY, Scenario};

#[tokio::test]
async fn any_argument_may_be_unknown_until_the_apply() {
    for (argument, value) in [
        ("name", "openai"),
        ("type", "OPENAI"),
        ("endpoint", "https://api.openai.com/v1"),
        ("region", "us-east-1"),
        ("environment_id", "env-1"),
        ("credential_drift", "warn"),
        ("credentials_wo_version", "1"),
    ] {
        let block = openai().expression(argument, "terraform_data.it.output");
        let world = Scenario::new(late("it", value).and(block)).await;
        world.validate().await.succeeds();
        let plan = world.plan().await;
        plan.creates(OPENAI).warns_of_nothing();
        assert_eq!(plan.change(OPENAI)["after_unknown"][argument], true, "{argument}");
        world.apply_saved_plan().await;
        world.holds_api_key("first");
        world.plan().await.is_empty();
    }
}

#[tokio::test]
async fn credentials_may_be_unknown_until_the_apply_by_key_and_as_a_whole() {
    const MAP: &str =
        "terraform_data.it.output == \"\" ? null : { api_key = terraform_data.it.output }";
    let bare = || openai().without_credentials().set("credentials_wo_version", "1");
    for block in [
        bare().credential_from("api_key", "terraform_data.it.output"),
        bare().write_only_from("api_key", "terraform_data.it.output"),
        bare().expression("credentials", MAP),
        bare().expression("credentials_wo", MAP),
    ] {
        let world = Scenario::new(late("it", "first").and(block)).await;
        world.validate().await.succeeds();
        world.plan().await.creates(OPENAI);
        world.apply_saved_plan().await;
        world.holds_api_key("first");
        world.plan().await.is_empty();
    }
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
async fn a_place_that_becomes_unknown_may_be_a_replacement() {
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
async fn the_rules_hold_for_what_was_unknown_before() {
    let block = openai().expression("type", "terraform_data.it.output");
    let world = Scenario::new(late("it", "MONGODB").and(block)).await;
    world.plan().await.creates(OPENAI);
    let run = world.apply_expecting_error("does not take").await;
    assert_eq!(run.fails(&["`api_key`"]).argument.as_deref(), Some("credentials"));
    assert!(world.requests().is_empty(), "nothing is sent that cannot be right");
}

#[tokio::test]
async fn settings_of_the_provider_may_be_unknown_until_the_apply() {
    for (argument, variable, value) in [
        ("organization_id", "CONFLUENT_ORGANIZATION_ID", crate::world::ORGANIZATION),
        ("region", "FLINK_REGION", "us-east-1"),
        ("flink_api_key", "FLINK_API_KEY", KEY.0),
        ("flink_api_secret", "FLINK_API_SECRET", KEY.1),
    ] {
        let provider = provider().expression(argument, "terraform_data.it.output");
        let configuration = late("it", value).and(provider.and(openai()));
        let world = Scenario::new(configuration).without(variable).await;
        world.plan().await.creates(OPENAI);
        world.apply_saved_plan().await;
        world.holds_api_key("first");
        world.plan().await.is_empty();
    }
}

#[tokio::test]
async fn the_endpoint_of_the_api_may_be_unknown_until_the_apply() {
    let provider = provider().expression("rest_endpoint", "terraform_data.it.output");
    let world = Scenario::new("").await;
    let template = world.emulator.rest_endpoint_template();
    world.configure(late("it", &template).and(provider.and(openai())));
    world.plan().await.creates(OPENAI);
    world.apply_saved_plan().await;
    world.holds_api_key("first");
    world.plan().await.is_empty();
}

#[tokio::test]
async fn an_object_is_not_looked_at_while_the_provider_cannot_reach_it() {
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
async fn an_object_stays_where_it_is_while_the_default_region_is_unknown() {
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
