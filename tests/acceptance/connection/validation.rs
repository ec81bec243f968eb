//! What `terraform validate` refuses and what it only remarks on, each with the
//! argument that is at fault and without a secret.
//!
//! One run checks a whole table: each case is a block of its own.

use crate::configuration::{Block, connection, openai};
use crate::world::Scenario;

const SECRET: &str = "hunter2";

/// A block with a fault, the argument it is reported at, and what is said.
struct Case {
    block: Block,
    argument: &'static str,
    says: &'static str,
}

fn case(block: Block, argument: &'static str, says: &'static str) -> Case {
    Case { block, argument, says }
}

/// A good block of a type; nothing is wrong with it but what a case adds.
fn of(kind: &str) -> Block {
    let endpoint = match kind {
        "MONGODB" => "mongodb+srv://host.example.com/db",
        "BEDROCK" => "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/invoke",
        "OPENAI" => "https://api.openai.com/v1",
        _ => "https://host.example.com",
    };
    connection("good-name", kind, endpoint)
}

fn key() -> Block {
    of("OPENAI").set("api_key", SECRET)
}

/// Validates all blocks at once, and gives what was said about each.
async fn validated(cases: &[Case]) -> Vec<Vec<crate::diagnostic::Diagnostic>> {
    let label = |number: usize| format!("\"case{number}\"");
    let blocks = cases
        .iter()
        .enumerate()
        .map(|(number, case)| case.block.to_string().replacen("\"good-name\"", &label(number), 1));
    let world = Scenario::new(blocks.collect::<String>()).await;
    let told = world.validate().await.diagnostics();
    let about = |number: usize| {
        let context = format!("resource \"flink_connection\" {}", label(number));
        told.iter().filter(|each| each.context == context).cloned().collect()
    };
    (0..cases.len()).map(about).collect()
}

async fn each_is_told_once(cases: &[Case], is_error: bool) {
    let told = validated(cases).await;
    for (Case { block, argument, says }, told) in cases.iter().zip(told) {
        let [only] = told.as_slice() else {
            panic!("{} things about\n{block}\n{told:#?}", told.len())
        };
        assert_eq!(only.is_error, is_error, "{only:#?}");
        let about = only.argument.as_deref() == Some(argument)
            || only.says(&format!("`{argument}`")) && only.argument.as_deref() == Some("resource");
        assert!(about, "not about {argument}: {only:#?}\n{block}");
        assert!(only.says(says), "does not say {says:?}: {only:#?}");
        assert!(!only.says(SECRET), "{only:#?}");
    }
}

#[tokio::test]
async fn credentials_that_do_not_fit_the_type_are_refused() {
    let pair = |kind: &str, name: &str| of(kind).set(name, SECRET);
    let elastic = || pair("ELASTIC", "username").set("password", SECRET);
    let mcp = || pair("MCP_SERVER", "token");
    let oauth2 = pair("REST", "client_id").set("client_secret", SECRET).set("scope", "all");
    let streaming = mcp().set("transport_type", "streamable_http");
    let raw = r#"{ API_KEY = "hunter2" }"#;
    each_is_told_once(
        &[
            case(pair("MONGODB", "username"), "password", "go together"),
            case(pair("MONGODB", "password_wo"), "username", "go together"),
            case(pair("BEDROCK", "aws_access_key"), "aws_secret_key", "go together"),
            case(oauth2, "token_endpoint", "go together"),
            case(elastic().set("api_key", SECRET), "username", "Two ways"),
            case(mcp().set("api_key_wo", SECRET), "token", "Two ways"),
            case(key().set("password", SECRET), "password", "does not take"),
            case(key().set("service_key_wo", "{}"), "service_key_wo", "does not take"),
            case(key().set("transport_type", "SSE"), "transport_type", "does not take"),
            case(streaming.set("sse_endpoint", "/sse"), "sse_endpoint", "STREAMABLE_HTTP"),
            case(key().set("api_key_wo", SECRET), "api_key_wo", "set one of them"),
            case(key().expression("auth_data", raw), "auth_data", "cannot stand beside"),
        ],
        true,
    )
    .await;
}

#[tokio::test]
async fn a_named_credential_of_an_unknown_type_is_refused_with_its_payload_key() {
    let world = Scenario::new(openai().set("type", "NEWCOMER").set("api_key", SECRET)).await;
    let run = world.validate().await;
    run.warns(&["Unknown connection type", "NEWCOMER"]);
    let told = run.fails(&["`auth_data = { API_KEY"]);
    assert_eq!(told.argument.as_deref(), Some("api_key"));
    assert!(!told.says(SECRET), "{told:#?}");
}

#[tokio::test]
async fn values_that_cannot_be_are_refused() {
    let timeouts = |time: &str| Block::new("timeouts").set("create", time);
    let mcp = || of("MCP_SERVER").set("token", SECRET);
    let rest = of("REST").set("client_id", SECRET).set("client_secret", SECRET).set("scope", "all");
    let too_long = format!("{SECRET}{}", "é".repeat(1997));
    each_is_told_once(
        &[
            case(key().set("name", ""), "name", "1 to 100"),
            case(key().set("name", &"n".repeat(101)), "name", "1 to 100"),
            case(key().set("name", "a/b"), "name", "\"/\""),
            case(key().set("name", ".."), "name", "\"..\""),
            case(key().set("endpoint", "mongodb://host"), "endpoint", "https://"),
            case(
                of("MONGODB")
                    .set("username", SECRET)
                    .set("password", SECRET)
                    .set("endpoint", "https://host"),
                "endpoint",
                "mongodb+srv://",
            ),
            case(
                key().set("endpoint", &format!("https://api.openai.com/{}", "e".repeat(16_400))),
                "endpoint",
                "16384",
            ),
            case(key().set("api_key", ""), "api_key", "empty"),
            case(key().set("api_key", &too_long), "api_key", "4000 bytes"),
            case(key().set("region", "us west"), "region", "must be"),
            case(key().set("environment_id", "a/b"), "environment_id", "must be"),
            case(key().set("credential_drift", "fix"), "credential_drift", "repair"),
            case(key().nested(&timeouts("soon")), "create", "length of time"),
            case(key().nested(&timeouts("-5m")), "create", "length of time"),
            case(mcp().set("transport_type", "GRPC"), "transport_type", "STREAMABLE_HTTP"),
            case(mcp().set("sse_endpoint", "events"), "sse_endpoint", "path"),
            case(rest.set("token_endpoint", "idp"), "token_endpoint", "https://"),
        ],
        true,
    )
    .await;
}

#[tokio::test]
async fn what_is_unusual_is_only_remarked_on() {
    let service = connection(
        "good-name",
        "VERTEXAI",
        "https://us-central1-aiplatform.googleapis.com/v1/projects/p",
    );
    each_is_told_once(
        &[
            case(key().set("name", "openai_conn"), "name", "lower-case"),
            case(key().set("endpoint", "https://llm.example.com/v1"), "endpoint", "api.openai.com"),
            case(key().set("endpoint", "http://api.openai.com/v1"), "endpoint", "https://"),
            case(
                of("NEWCOMER").expression("auth_data", r#"{ K = "hunter2" }"#),
                "type",
                "auth_data",
            ),
            case(service.set("service_key", SECRET), "service_key", "JSON"),
        ],
        false,
    )
    .await;
}

#[tokio::test]
async fn what_the_api_takes_is_not_complained_of() {
    let long = "é".repeat(2000);
    let blocks = [
        key().set("api_key", &long),
        key().set("name", &"n".repeat(100)),
        key().set("type", "openAI").set("cloud", "AWS"),
        key().set("endpoint", "HTTPS://api.openai.com/v1"),
        of("OPENAI"),
        of("ELASTIC").set("username", "u").set("password_wo", SECRET),
        key().nested(&Block::new("timeouts").set("read", "1h30m").set("update", "250ms")),
    ];
    let cases: Vec<Case> = blocks.into_iter().map(|block| case(block, "", "")).collect();
    for (case, told) in cases.iter().zip(validated(&cases).await) {
        assert!(told.is_empty(), "{told:#?}\n{}", case.block);
    }
}

#[tokio::test]
async fn nothing_can_be_created_without_credentials() {
    let world = Scenario::new(openai().without("api_key")).await;
    world.validate().await.succeeds();
    let run = world.plan_expecting_error("Missing credentials").await;
    assert!(run.fails(&["api_key"]).says("api_key"));
    world.apply_expecting_error("Missing credentials").await;
    assert!(world.requests().is_empty());
}
