//! The errors and warnings of `terraform validate`: each names the argument at fault and
//! shows no secret. Unit tests of `connection/check.rs` have the rules in full.
//!
//! One run checks a whole table: each case is a block of its own.

use std::collections::BTreeSet;

use crate::configuration::{Block, OPENAI, connection, openai};
use crate::diagnostic::Diagnostic;
use crate::scenario::Scenario;

const SECRET: &str = "hunter2";

/// An invalid block, the argument at fault, and a text of the diagnostic.
struct Case {
    block: Block,
    argument: &'static str,
    text: &'static str,
}

fn case(block: Block, argument: &'static str, text: &'static str) -> Case {
    Case { block, argument, text }
}

/// A valid block of a type, to which a case adds a mistake.
fn of(ty: &str) -> Block {
    let endpoint = match ty {
        "MONGODB" => "mongodb+srv://host.example.com/db",
        "BEDROCK" => "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/invoke",
        "OPENAI" => "https://api.openai.com/v1",
        _ => "https://host.example.com",
    };
    connection("good-name", ty, endpoint).set("credentials_wo_version", "1")
}

fn key() -> Block {
    of("OPENAI").credential("api_key", SECRET)
}

fn mcp() -> Block {
    of("MCP_SERVER").credential("token", SECRET)
}

/// Validates all blocks at once, and returns the diagnostics of each.
async fn validated(cases: &[Case]) -> Vec<Vec<Diagnostic>> {
    let label = |number: usize| format!("\"case{number}\"");
    let blocks = cases
        .iter()
        .enumerate()
        .map(|(number, case)| case.block.to_string().replacen("\"good-name\"", &label(number), 1));
    let world = Scenario::new(blocks.collect::<String>()).await;
    let found = world.validate().await.diagnostics();
    let about = |number: usize| {
        let context = format!("resource \"flink_connection\" {}", label(number));
        found.iter().filter(|each| each.context == context).cloned().collect()
    };
    (0..cases.len()).map(about).collect()
}

/// Asserts that each case has exactly one diagnostic, and returns them.
async fn each_is_reported_once(cases: &[Case], is_error: bool) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    for (Case { block, argument, text }, found) in cases.iter().zip(validated(cases).await) {
        let [only] = found.as_slice() else {
            panic!("{} diagnostics for\n{block}\n{found:#?}", found.len())
        };
        assert_eq!(only.is_error, is_error, "{only:#?}");
        let is_at_fault = only.argument.as_deref() == Some(argument)
            || only.contains(&format!("`{argument}`"))
                && only.argument.as_deref() == Some("resource");
        assert!(is_at_fault, "not at {argument}: {only:#?}\n{block}");
        assert!(only.contains(text), "does not contain {text:?}: {only:#?}");
        assert!(!only.contains(SECRET), "{only:#?}");
        all.push(only.clone());
    }
    all
}

#[tokio::test]
async fn refuses_credentials_that_do_not_fit_the_type() {
    let pair = |ty: &str, name: &str| of(ty).credential(name, SECRET);
    let elastic = || pair("ELASTIC", "username").credential("password", SECRET);
    let oauth2 = pair("REST", "client_id").credential("client_secret", SECRET);
    let streaming = mcp().set("transport_type", "streamable_http");
    let basic = of("MCP_SERVER").credential("auth_type", "BASIC");
    let typo = key().set("type", "OPENIA").credential("password", SECRET);
    each_is_reported_once(
        &[
            case(of("MONGODB").write_only("password", SECRET), "credentials_wo", "`username` is"),
            case(oauth2.credential("scope", "all"), "credentials", "`token_endpoint` is missing"),
            case(elastic().credential("api_key", SECRET), "credentials", "different ways"),
            case(key().write_only("service_key", "{}"), "credentials_wo", "the key `service_key`"),
            case(key().credential("apikey", SECRET), "credentials", "Did you mean `api_key`?"),
            case(key().set("transport_type", "SSE"), "transport_type", "does not take"),
            case(streaming.set("sse_endpoint", "/sse"), "sse_endpoint", "STREAMABLE_HTTP"),
            case(key().write_only("API-KEY", SECRET), "credentials_wo", "give it once"),
            case(basic, "credentials", "takes only \"NO_AUTH\""),
            case(mcp().credential("transport_type", "SSE"), "credentials", "argument of its own"),
            case(typo, "type", "OPENAI"),
        ],
        true,
    )
    .await;
}

#[tokio::test]
async fn refuses_invalid_values() {
    let rest = of("REST")
        .credential("client_id", SECRET)
        .credential("client_secret", SECRET)
        .credential("scope", "all");
    let too_long = format!("{SECRET}{}", "é".repeat(1997));
    let endpoint = |endpoint: &str| key().set("endpoint", endpoint);
    let credential = |value: &str| key().credential("api_key", value);
    each_is_reported_once(
        &[
            case(key().set("name", ""), "name", "1 to 100"),
            case(key().set("name", &"n".repeat(101)), "name", "1 to 100"),
            case(key().set("name", "a/b"), "name", "\"/\""),
            case(key().set("name", ".."), "name", "\"..\""),
            case(key().expression("endpoint", "null"), "endpoint", "is required"),
            case(endpoint("mongodb://host"), "endpoint", "https://"),
            case(endpoint("https://"), "endpoint", "must name a host"),
            case(endpoint("https://api.openai.com/v1\n"), "endpoint", "line break"),
            case(endpoint(" https://api.openai.com/v1"), "endpoint", "a space"),
            case(endpoint("  "), "endpoint", "a space"),
            case(endpoint("https://api.openai.com/a b"), "endpoint", "a space"),
            case(endpoint("https://api.openai.com/\u{200b}v1"), "endpoint", "U+200B"),
            case(
                of("MONGODB")
                    .credential("username", SECRET)
                    .credential("password", SECRET)
                    .set("endpoint", "https://host"),
                "endpoint",
                "mongodb+srv://",
            ),
            case(
                endpoint(&format!("https://api.openai.com/{}", "e".repeat(16_400))),
                "endpoint",
                "16384",
            ),
            case(credential(""), "credentials", "`api_key` must not be empty"),
            case(credential(" \n"), "credentials", "`api_key` must not be empty or blank"),
            case(credential(&too_long), "credentials", "4000 bytes"),
            case(
                of("OPENAI").write_only("api_key", ""),
                "credentials_wo",
                "`api_key` must not be empty",
            ),
            case(key().set("region", "us west"), "region", "must be"),
            case(key().set("environment_id", "a/b"), "environment_id", "must be"),
            case(key().set("credential_drift", "fix"), "credential_drift", "repair"),
            case(mcp().set("transport_type", "GRPC"), "transport_type", "STREAMABLE_HTTP"),
            case(mcp().set("sse_endpoint", "events"), "sse_endpoint", "path"),
            case(rest.credential("token_endpoint", "idp"), "credentials", "https://"),
        ],
        true,
    )
    .await;
}

#[tokio::test]
async fn warns_of_unusual_values_under_different_titles() {
    let service = connection(
        "good-name",
        "VERTEXAI",
        "https://us-central1-aiplatform.googleapis.com/v1/projects/p",
    );
    let password = of("MONGODB")
        .credential("username", "u")
        .credential("password", "p")
        .set("endpoint", "mongodb://u:p@host.example.com");
    let basic = of("REST").credential("username", "u ").credential("password", "p");
    let found = each_is_reported_once(
        &[
            case(key().set("endpoint", "https://llm.example.com/v1"), "endpoint", "api.openai.com"),
            case(password, "endpoint", "no password"),
            case(of("NEWCOMER").credential("K", SECRET), "type", "does not know"),
            case(service.credential("service_key", SECRET), "credentials", "JSON"),
            case(key().credential("api_key", &format!("{SECRET}\n")), "credentials", "trimspace()"),
            case(basic, "credentials", "`username` should"),
            case(key().credential("NEW_KEY", SECRET), "credentials", "NEW_KEY"),
            case(key().set("cloud", "amazon"), "cloud", "`aws`, `azure` or `gcp`"),
            case(key().set("organization_id", "my-org"), "organization_id", "a UUID"),
            case(key().set("environment_id", "prod"), "environment_id", "`env-`"),
            case(
                of("OPENAI").write_only("api_key", SECRET).without("credentials_wo_version"),
                "credentials_wo",
                "credentials_wo_version",
            ),
            case(
                mcp().set("sse_endpoint", "https://u:p@mcp.example.com/sse"),
                "sse_endpoint",
                "no password",
            ),
        ],
        false,
    )
    .await;
    let titles: BTreeSet<&str> = found.iter().map(|each| &*each.summary).collect();
    assert_eq!(titles.len(), found.len(), "Terraform shows one of each title: {titles:#?}");
}

#[tokio::test]
async fn accepts_values_that_the_api_accepts() {
    let long = "é".repeat(2000);
    let blocks = [
        key().credential("api_key", &long),
        key().set("name", &"n".repeat(100)),
        key().set("name", "My_Conn"),
        key().set("type", "openAI").set("cloud", "AWS"),
        key().set("endpoint", "HTTPS://api.openai.com/v1"),
        key().credential_from("password", "null"),
        mcp().set("type", "mcp-server"),
        of("OPENAI"),
        of("OPENAI").expression("credentials", "null"),
        of("ELASTIC").credential("username", "u").write_only("password", SECRET),
        of("ELASTIC").credential("user-name", "u").without_credentials(),
        connection(
            "good-name",
            "VERTEXAI",
            "https://us-central1-aiplatform.googleapis.com/v1/projects/p",
        )
        .credential("service_key", "{}\n"),
    ];
    let cases: Vec<Case> = blocks.into_iter().map(|block| case(block, "", "")).collect();
    for (case, found) in cases.iter().zip(validated(&cases).await) {
        assert!(found.is_empty(), "{found:#?}\n{}", case.block);
    }
}

#[tokio::test]
async fn warns_of_an_unusual_name_only_when_it_is_created() {
    let world = Scenario::new(openai().set("name", "My_Conn")).await;
    world.validate().await.warns_of_nothing();
    world.plan().await.creates(OPENAI).warns(&["Unusual name", "lower-case"]);
    world.apply().await;
    world.plan().await.is_empty().warns_of_nothing();
    world.configure(openai().set("name", "My_Conn").credential("api_key", "second"));
    world.plan().await.updates_in_place(OPENAI).warns_of_nothing();
    world.configure(openai().set("name", "Other_Conn"));
    world.plan().await.replaces(OPENAI, "name").warns(&["Unusual name"]);
}

#[tokio::test]
async fn nothing_can_be_created_without_credentials() {
    let world = Scenario::new(openai().without_credentials()).await;
    world.validate().await.succeeds();
    let run = world.plan_expecting_error("Missing credentials").await;
    assert!(run.fails(&["api_key"]).contains("credentials_wo"));
    world.apply_expecting_error("Missing credentials").await;
    assert!(world.requests().is_empty());
}
