//! Secrets in places where none belong: in URLs, in files, in the wrong argument.
//!
//! The provider refuses what it can and repeats none of it.

use std::fs;

use crate::configuration::{Block, connection, openai, provider, sensitive_variable};
use crate::interceptor::{Reply, Trick};
use crate::secrets::outputs::{Given, Output, Planted};
use crate::secrets::search::search;
use crate::world::{Scenario, World};

/// URLs with a secret in them, `{}`, that are refused as settings.
const URLS: [&str; 6] = [
    "https://user:{}@host.example.com",
    "https://{}@host.example.com",
    "ftp://user:{}@host.example.com",
    "https://host.example.com/?key={}",
    "https://host.example.com/#{}",
    "https://user:{}@{zone}.example.com",
];

/// Runs a plan that fails and shows nothing.
async fn refuses(world: &World, planted: &Planted, says: &str) {
    let run = world.run(&["plan", "-no-color"]).await;
    assert!(!run.status.success() && run.prose().contains(says), "{says}: {}", run.shown());
    planted.watch(Output::Printed, run);
}

#[tokio::test]
async fn a_secret_in_a_url_of_the_settings_is_not_repeated() {
    let mut planted = Planted::default();
    let secret = planted.plant(Given::Ordinary, "a URL");
    let arguments = format!(
        "variable \"which\" {{}}\n{}",
        sensitive_variable("url").and(
            provider()
                .expression("rest_endpoint", "var.which == \"rest\" ? var.url : null")
                .expression("cloud_endpoint", "var.which == \"cloud\" ? var.url : null")
                .and(openai())
        )
    );
    let mut world = Scenario::new(arguments).logged().await;
    for url in URLS {
        for (which, argument) in [("rest", "rest_endpoint"), ("cloud", "cloud_endpoint")] {
            world.set("TF_VAR_which", which);
            world.set("TF_VAR_url", &url.replace("{}", secret.simple()));
            refuses(&world, &planted, argument).await;
        }
    }
    planted.watch_world(&world);

    let mut planted = Planted::default();
    let secret = planted.plant(Given::Environment, "a URL");
    let mut world = Scenario::new(openai()).logged().await;
    for variable in ["FLINK_REST_ENDPOINT", "CONFLUENT_CLOUD_ENDPOINT"] {
        world.set(variable, &URLS[0].replace("{}", secret.simple()));
        refuses(&world, &planted, variable).await;
        world.set(variable, "");
    }
    planted.watch_world(&world);
}

#[tokio::test]
async fn a_secret_in_the_url_of_an_identity_provider_is_not_repeated() {
    let mut planted = Planted::default();
    let secret = planted.plant(Given::Ordinary, "oauth_external_token_url");
    let oauth = Block::new("oauth")
        .set("oauth_identity_pool_id", "pool-1")
        .expression("oauth_external_token_url", "var.url")
        .set("oauth_external_client_id", "client")
        .set("oauth_external_client_secret", "x");
    let block = sensitive_variable("url").and(provider().nested(&oauth).and(openai()));
    let mut world = Scenario::new(block).logged().await;
    for (url, says) in URLS.iter().zip(["OAuth token URL", "OAuth token URL", "oauth"]) {
        world.set("TF_VAR_url", &url.replace("{}", secret.simple()));
        refuses(&world, &planted, says).await;
    }
    planted.watch_world(&world);
}

#[tokio::test]
async fn a_private_key_in_a_ca_bundle_is_not_repeated() {
    let mut planted = Planted::default();
    let secret = planted.plant(Given::Environment, "ca_bundle");
    let world = Scenario::new(provider().set("ca_bundle", "ca.tf").and(openai()));
    let world = world.logged().await;
    let [begin, end] = ["BEGIN", "END"].map(|word| format!("-----{word} PRIVATE KEY-----"));
    for text in [
        format!("{begin}\n{0}{0}\n{end}\n", secret.simple()),
        format!("-----BEGIN CERTIFICATE-----\n{}\n", secret.simple()),
        secret.difficult(),
    ] {
        // What ends in `.tf` is known to hold it.
        fs::write(world.path("ca.tf"), text).expect("the folder is the scenario's own");
        let path = world.path("ca.tf").display().to_string();
        world.configure(provider().set("ca_bundle", &path).and(openai()));
        refuses(&world, &planted, "ca_bundle").await;
    }
    planted.watch_world(&world);
}

#[tokio::test]
async fn a_wrong_credential_is_refused_without_being_repeated() {
    let mut planted = Planted::default();
    let secret = planted.plant(Given::Ordinary, "a variable");
    let from_variable = |name: &str, kind: &str, argument: &str, value: &str| {
        connection(name, kind, "https://api.openai.com/v1").expression(argument, value).to_string()
    };
    let blocks = [
        // Of another type, beside another one, as the wrong kind of thing.
        from_variable("other", "OPENAI", "token", "var.secret"),
        openai()
            .expression("api_key", "var.secret")
            .expression("auth_data", "{ API_KEY = var.secret }")
            .to_string(),
        from_variable("vertex", "VERTEXAI", "service_key", "var.secret"),
        from_variable("unknown", "NEWCOMER", "password", "var.secret"),
        from_variable("long", "OPENAI", "api_key", "join(\"\", [for i in range(99) : var.secret])"),
        from_variable("url", "A2A", "token_endpoint", "var.secret"),
        from_variable("transport", "MCP_SERVER", "transport_type", "var.secret"),
        from_variable("drift", "OPENAI", "credential_drift", "var.secret"),
        connection("endpoint", "OPENAI", "x").expression("endpoint", "var.secret").to_string(),
    ];
    let configuration = sensitive_variable("secret").and(blocks.concat());
    let world = Scenario::new(configuration).with("TF_VAR_secret", &secret.difficult());
    let world = world.logged().await;
    let run = world.run(&["plan", "-json"]).await;
    for name in ["other", "openai", "vertex", "unknown", "long", "url", "transport", "drift"] {
        let address = format!("flink_connection.{name}");
        assert!(run.stdout.contains(&address), "nothing is said of {address}: {}", run.shown());
    }
    planted.watch(Output::Printed, run);
    refuses(&world, &planted, "Invalid endpoint").await;
    planted.watch_world(&world);
}

#[tokio::test]
async fn a_password_in_an_endpoint_is_warned_of_and_not_repeated() {
    let mut planted = Planted::default();
    let secret = planted.plant(Given::Ordinary, "an endpoint");
    let block = |name: &str, kind: &str| {
        connection(name, kind, "").expression("endpoint", "var.url").set("username", "u")
    };
    let blocks = block("mongo", "MONGODB").set("password", "p").to_string();
    let world = Scenario::new(sensitive_variable("url").and(blocks)).logged().intercepted();
    let url = format!("mongodb+srv://user:{}@cluster0.abc.mongodb.net", secret.simple());
    let world = world.with("TF_VAR_url", &url).await;
    world.network().next("POST connections", Trick::LoseTheAnswer);
    let run = world.run(&["apply", "-no-color", "-auto-approve"]).await.succeeds();
    assert!(run.prose().contains("should have no password"), "{}", run.shown());
    planted.watch(Output::Printed, run);
    planted.watch(Output::Printed, world.plan().await.run);
    world.network().every("GET mongo", Trick::answer(Reply::refusal(500, "oops")));
    let run = world.run(&["plan", "-no-color"]).await;
    planted.watch(Output::Printed, run);
    // The API may remember an endpoint: to it that is no secret.
    world.emulator.journal().clear();
    planted.watch_world(&world);
}

#[tokio::test]
async fn terraform_itself_quotes_the_line_at_fault() {
    let mut planted = Planted::default();
    let secret = planted.plant(Given::Literal, "a URL");
    let url = URLS[0].replace("{}", secret.simple());
    let world = Scenario::new(provider().set("rest_endpoint", &url).and(openai())).await;
    let run = world.run(&["plan", "-no-color"]).await;
    let quoted = [secret];
    for line in run.stderr.lines().filter(|line| !search(&quoted, line).is_empty()) {
        let is_the_quote = line.contains("rest_endpoint = ");
        assert!(is_the_quote, "{line}");
    }
    assert!(!search(&quoted, &run.stderr).is_empty(), "it does not: SECURITY.md is wrong");
}
