//! Secrets in the wrong place: in URLs, in files, in another argument. The provider refuses
//! most of them and repeats none.

use std::fs;

use flink_emulator::Fault;

use crate::configuration::{Block, connection, openai, provider, quoted, sensitive_variable};
use crate::scenario::Scenario;
use crate::secrets::outputs::{Given, Output, Planted};
use crate::secrets::search::search;
use crate::world::World;

/// URLs with a secret in them, `{}`, that are refused as settings.
const URLS: [&str; 6] = [
    "https://user:{}@host.example.com",
    "https://{}@host.example.com",
    "ftp://user:{}@host.example.com",
    "https://host.example.com/?key={}",
    "https://host.example.com/#{}",
    "https://user:{}@{zone}.example.com",
];

/// Asserts that a plan fails with a text and shows no secret.
async fn refuses(world: &World, planted: &Planted, text: &str) {
    let run = world.run(&["plan", "-no-color"]).await;
    assert!(!run.status.success() && run.prose().contains(text), "{text}: {}", run.shown());
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
    for url in URLS {
        world.set("TF_VAR_url", &url.replace("{}", secret.simple()));
        refuses(&world, &planted, "oauth_external_token_url").await;
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
        // The search leaves out files that end in `.tf`.
        fs::write(world.path("ca.tf"), text).expect("the folder is the scenario's own");
        let path = world.path("ca.tf").display().to_string();
        world.configure(provider().set("ca_bundle", &path).and(openai()));
        refuses(&world, &planted, "ca_bundle").await;
    }
    planted.watch_world(&world);
}

/// Connections with the secret in the wrong place, by name.
fn misplaced(source: &str) -> Vec<(&'static str, Block)> {
    let at_key = |name, kind: &str, key: &str| {
        let block = connection(name, kind, "https://api.openai.com/v1");
        (name, block.credential_from(key, source))
    };
    let at_argument = |name, kind: &str, argument: &str| {
        (name, connection(name, kind, "https://api.openai.com/v1").expression(argument, source))
    };
    let beside = |(name, block): (&'static str, Block), key: &str| {
        (name, block.credential_from(key, source))
    };
    let (both, in_one_map) = at_key("both", "OPENAI", "api_key");
    let (long, block) = at_key("long", "OPENAI", "api_key");
    let repeated = format!("join(\"\", [for i in range(99) : {source}])");
    vec![
        // Under a key of another type, under a key that does not exist, under two keys.
        at_key("other", "OPENAI", "token"),
        at_key("slip", "OPENAI", "api_kye"),
        beside(at_key("newer", "OPENAI", "api_key"), "NEW_KEY"),
        beside(at_key("twice", "OPENAI", "api_key"), "API-KEY"),
        (both, in_one_map.write_only_from("API_KEY", source)),
        // Of the wrong form.
        at_key("vertex", "VERTEXAI", "service_key"),
        at_key("unknown", "NEWCOMER", "password"),
        (long, block.credential_from("api_key", &repeated)),
        at_key("url", "A2A", "token_endpoint"),
        at_key("word", "MCP_SERVER", "auth_type"),
        // In another argument.
        at_argument("text", "OPENAI", "credentials"),
        at_argument("transport", "MCP_SERVER", "transport_type"),
        at_argument("drift", "OPENAI", "credential_drift"),
        at_argument("endpoint", "OPENAI", "endpoint"),
    ]
}

#[tokio::test]
async fn a_wrong_credential_is_refused_without_being_repeated() {
    let mut planted = Planted::default();
    let secret = planted.plant(Given::Ordinary, "a variable").difficult();
    let hcl = |blocks: &[(&str, Block)]| -> String {
        blocks.iter().map(|(_, block)| block.to_string()).collect()
    };
    // Known when the configuration is validated.
    let known = format!("sensitive({})", quoted(&secret));
    let local = Block::new("locals").expression("secret", &known);
    let blocks = misplaced("local.secret");
    let mut world = Scenario::new(local.and(hcl(&blocks))).logged().await;
    let run = world.run(&["validate", "-json"]).await;
    for (name, _) in &blocks {
        let header = format!(r#"resource \"flink_connection\" \"{name}\""#);
        assert!(run.stdout.contains(&header), "nothing is said of {name}: {}", run.shown());
    }
    planted.watch(Output::Printed, run);

    // Known only when the configuration is planned.
    world.set("TF_VAR_secret", &secret);
    for (name, block) in misplaced("var.secret") {
        world.configure(sensitive_variable("secret").and(block));
        let run = world.run(&["plan", "-no-color"]).await;
        let is_refused = !matches!(name, "newer" | "vertex" | "unknown");
        assert_eq!(!run.status.success(), is_refused, "{name}: {}", run.shown());
        planted.watch(Output::Printed, run);
    }
    planted.watch_world(&world);
}

#[tokio::test]
async fn a_password_in_an_endpoint_is_warned_of_and_not_repeated() {
    let mut planted = Planted::default();
    let secret = planted.plant(Given::Ordinary, "an endpoint");
    let block = |name: &str, kind: &str| {
        connection(name, kind, "").expression("endpoint", "var.url").credential("username", "u")
    };
    let blocks = block("mongo", "MONGODB").credential("password", "p").to_string();
    let world = Scenario::new(sensitive_variable("url").and(blocks)).logged().retrying_once();
    let url = format!("mongodb+srv://user:{}@cluster0.abc.mongodb.net", secret.simple());
    let world = world.with("TF_VAR_url", &url).await;
    world.fault("POST connections", Fault::drop_after().times(1));
    let run = world.run(&["apply", "-no-color", "-auto-approve"]).await.succeeds();
    assert!(run.prose().contains("should have no password"), "{}", run.shown());
    planted.watch(Output::Printed, run);
    planted.watch(Output::Printed, world.plan().await.run);
    world.fault("GET mongo", Fault::status(500));
    let run = world.run(&["plan", "-no-color"]).await;
    planted.watch(Output::Printed, run);
    // The journal of the API may have the endpoint, which is no secret there.
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
