//! Where each setting comes from, and what is said where it does not.

use flink_emulator::Fault;

use crate::configuration::{connection, openai, provider};
use crate::world::{KEY, ORGANIZATION, Scenario};

const OTHER: &str = "2222bbbb-0000-4000-8000-000000000002";
const THIRD: &str = "3333cccc-0000-4000-8000-000000000003";

/// Each part of a place, with a value for the provider block and one for the
/// resource; a third one is in the environment.
const PARTS: [(&str, &str, &str); 4] = [
    ("organization_id", OTHER, THIRD),
    ("environment_id", "env-2", "env-3"),
    ("cloud", "gcp", "azure"),
    ("region", "us-west-2", "eu-west-1"),
];

#[tokio::test]
async fn each_part_of_the_place_stands_on_its_own() {
    let mut configuration = provider().to_string();
    let plain = |name: &str| {
        connection(name, "OPENAI", "https://api.openai.com/v1").credential("api_key", "first")
    };
    configuration.push_str(&plain("from-environment").to_string());
    for (part, in_block, in_resource) in PARTS {
        let label = part.trim_end_matches("_id");
        let alias = provider().set("alias", label).set(part, in_block);
        let here = |name: &str| {
            plain(&format!("{name}-{label}")).expression("provider", &format!("flink.{label}"))
        };
        configuration
            .push_str(&alias.and(here("block").and(here("resource").set(part, in_resource))));
    }
    let world = Scenario::new(configuration).await;
    world.apply().await;

    let places = |name: &str| {
        let all = world.emulator.all_connections();
        let found = all.into_iter().find(|each| each.name == name).expect("it was made");
        let place = found.place;
        [place.organization, place.environment, place.cloud, place.region]
    };
    let environment = [ORGANIZATION, "env-1", "aws", "us-east-1"];
    assert_eq!(places("from-environment"), environment);
    for (at, (part, in_block, in_resource)) in PARTS.into_iter().enumerate() {
        let label = part.trim_end_matches("_id");
        for (name, value) in [("block", in_block), ("resource", in_resource)] {
            let mut expected = environment;
            expected[at] = value;
            assert_eq!(places(&format!("{name}-{label}")), expected);
        }
    }
    world.plan().await.is_empty();
    world.destroy().await;
    assert!(world.emulator.all_connections().is_empty());
}

#[tokio::test]
async fn a_place_that_is_unusual_is_warned_of_with_what_is_usual() {
    for (argument, value, usual) in [
        ("cloud", "amazon", "`aws`, `azure` or `gcp`"),
        ("organization_id", "my-org", "a UUID"),
        ("environment_id", "production", "`env-`"),
    ] {
        for configuration in [
            provider().set(argument, value).and(openai()),
            openai().set(argument, value).to_string(),
        ] {
            let world = Scenario::new(configuration).await;
            let told = world.validate().await.succeeds().warns(&[argument, usual]);
            assert_eq!(told.argument.as_deref(), Some(argument), "{told:#?}");
        }
    }
}

#[tokio::test]
async fn what_is_the_same_for_every_object_of_a_host_is_said_in_full_once() {
    let many = (0..3).map(|number| {
        let block = connection(&format!("n{number}"), "OPENAI", "https://api.openai.com/v1");
        block.credential("api_key", "x").to_string()
    });
    let scenario = Scenario::new(many.collect::<String>());
    let scenario = scenario.with("FLINK_REST_ENDPOINT", "http://127.0.0.1:1");
    let world = scenario.with("FLINK_MAX_RETRIES", "0").await;
    let run = world.apply_expecting_error("cannot be reached").await;
    let errors: Vec<_> = run.diagnostics().into_iter().filter(|each| each.is_error).collect();
    let full = errors.iter().filter(|each| each.says("FLINK_REST_ENDPOINT")).count();
    let short = errors.iter().filter(|each| each.says("Another error of this run")).count();
    assert_eq!((errors.len(), full, short), (3, 1, 2), "{errors:#?}");
}

#[tokio::test]
async fn the_number_of_retries_can_be_set() {
    let world = Scenario::new(provider().expression("max_retries", "0").and(openai())).await;
    world.apply().await;
    world.requests();
    world.fault("GET openai", Fault::status(503));
    world.plan_expecting_error("503").await;
    assert_eq!(world.requests(), ["GET openai"]);
}

#[tokio::test]
async fn requests_say_who_sends_them() {
    let world = Scenario::new(openai()).with("TF_APPEND_USER_AGENT", "a-pipeline/1").await;
    world.apply().await;
    let entries = world.emulator.journal().entries();
    let agent = entries[0].user_agent.as_deref().unwrap_or_default();
    assert!(agent.starts_with("Terraform/") && agent.ends_with(" a-pipeline/1"), "{agent}");
    assert!(agent.contains("terraform-provider-flink/"), "{agent}");
    let auth = entries[0].auth.as_ref().expect("it is authenticated");
    assert_eq!((&*auth.scheme, auth.key.as_deref()), ("Basic", Some(KEY.0)));
}

#[tokio::test]
async fn settings_that_cannot_be_are_refused_at_their_argument() {
    for (argument, expression, says) in [
        ("rest_endpoint", "\"ftp://flink.example.com\"", "https://"),
        ("cloud_endpoint", "\"api.confluent.cloud\"", "https://"),
        ("region", "\"us west\"", "must be"),
        ("rest_endpoint", "\"https://flink.{Region}.example.com\"", "placeholder"),
        ("max_retries", "-1", "whole number"),
        ("max_retries", "1.5", "whole number"),
    ] {
        let world = Scenario::new(provider().expression(argument, expression).and(openai())).await;
        let told = world.validate().await.fails(&[argument, says]);
        assert_eq!(told.argument.as_deref(), Some(argument), "{told:#?}");
    }
    let world =
        Scenario::new(provider().set("ca_bundle", "/nowhere/at/all.pem").and(openai())).await;
    let told = world.plan_expecting_error("CA bundle").await.fails(&["/nowhere/at/all.pem"]);
    assert_eq!(told.argument.as_deref(), Some("ca_bundle"));
    let world = Scenario::new(openai()).with("FLINK_MAX_RETRIES", "many").await;
    world.plan_expecting_error("FLINK_MAX_RETRIES").await;
}

#[tokio::test]
async fn a_proxy_of_the_environment_is_used() {
    let mut world = Scenario::new(openai()).await;
    world.set("FLINK_REST_ENDPOINT", "http://flink.{region}.{cloud}.confluent.invalid");
    world.set("HTTP_PROXY", &world.emulator.url());
    world.apply().await;
    world.holds_api_key("first");
}
