//! The sources of each setting, and the errors about settings. Unit tests of `settings.rs`
//! have the rules in full.

use flink_emulator::Fault;

use crate::configuration::{connection, openai, provider};
use crate::scenario::Scenario;
use crate::world::ORGANIZATION;

const OTHER: &str = "2222bbbb-0000-4000-8000-000000000002";
const THIRD: &str = "3333cccc-0000-4000-8000-000000000003";

/// The parts of a place, with a value for the provider block and one for the resource. A
/// third value is in the environment.
const PARTS: [(&str, &str, &str); 4] = [
    ("organization_id", OTHER, THIRD),
    ("environment_id", "env-2", "env-3"),
    ("cloud", "gcp", "azure"),
    ("region", "us-west-2", "eu-west-1"),
];

#[tokio::test]
async fn each_part_of_the_place_has_its_own_source() {
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
async fn warns_of_an_unusual_place_and_names_the_usual_form() {
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
            let diagnostic = world.validate().await.succeeds().warns(&[argument, usual]);
            assert_eq!(diagnostic.argument.as_deref(), Some(argument), "{diagnostic:#?}");
        }
    }
}

#[tokio::test]
async fn reports_an_unreachable_host_in_full_only_once() {
    let many = (0..3).map(|number| {
        let block = connection(&format!("n{number}"), "OPENAI", "https://api.openai.com/v1");
        block.credential("api_key", "x").to_string()
    });
    let scenario = Scenario::new(many.collect::<String>());
    let scenario = scenario.with("FLINK_REST_ENDPOINT", "http://127.0.0.1:1");
    let world = scenario.with("FLINK_MAX_RETRIES", "0").await;
    let run = world.apply_expecting_error("cannot be reached").await;
    let errors: Vec<_> = run.diagnostics().into_iter().filter(|each| each.is_error).collect();
    let full = errors.iter().filter(|each| each.contains("FLINK_REST_ENDPOINT")).count();
    let short = errors.iter().filter(|each| each.contains("Another error of this run")).count();
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
async fn refuses_invalid_settings_at_their_argument() {
    for (argument, expression, text) in [
        ("rest_endpoint", "\"ftp://flink.example.com\"", "https://"),
        ("cloud_endpoint", "\"api.confluent.cloud\"", "https://"),
        ("region", "\"us west\"", "must be"),
        ("rest_endpoint", "\"https://flink.{Region}.example.com\"", "placeholder"),
        ("max_retries", "-1", "whole number"),
        ("max_retries", "1.5", "whole number"),
    ] {
        let world = Scenario::new(provider().expression(argument, expression).and(openai())).await;
        let diagnostic = world.validate().await.fails(&[argument, text]);
        assert_eq!(diagnostic.argument.as_deref(), Some(argument), "{diagnostic:#?}");
    }
    let world =
        Scenario::new(provider().set("ca_bundle", "/nowhere/at/all.pem").and(openai())).await;
    let diagnostic = world.plan_expecting_error("CA bundle").await.fails(&["/nowhere/at/all.pem"]);
    assert_eq!(diagnostic.argument.as_deref(), Some("ca_bundle"));
    let world = Scenario::new(openai()).with("FLINK_MAX_RETRIES", "many").await;
    world.plan_expecting_error("FLINK_MAX_RETRIES").await;
}

#[tokio::test]
async fn uses_the_proxy_of_the_environment() {
    let mut world = Scenario::new(openai()).await;
    world.set("FLINK_REST_ENDPOINT", "http://flink.{region}.{cloud}.confluent.invalid");
    world.set("HTTP_PROXY", &world.emulator.url());
    world.apply().await;
    world.holds_api_key("first");
}
