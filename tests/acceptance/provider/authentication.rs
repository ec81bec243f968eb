//! The ways to authenticate: a Flink API key, a Cloud API key, a token of an
//! identity provider; and what is said where there is none or half of one.

use std::io::{Read, Write};
use std::net::TcpStream;

use flink_emulator::{ApiKey, Organization};
use serde_json::Value;

use crate::configuration::{Block, OPENAI, connection, ephemeral_variable, openai, provider};
use crate::world::{KEY, ORGANIZATION, Scenario, World};

/// A scenario in whose environment no key is.
fn without_a_key(configuration: impl std::fmt::Display) -> Scenario {
    Scenario::new(configuration).without("FLINK_API_KEY").without("FLINK_API_SECRET")
}

/// A provider block that gets its tokens from the emulator's identity provider,
/// and what comes after it.
fn oauth(secret: &str, rest: impl std::fmt::Display) -> String {
    let oauth = Block::new("oauth")
        .set("oauth_identity_pool_id", "pool-1")
        .expression("oauth_external_token_url", "\"${var.emulator}/oauth/token\"")
        .set("oauth_external_client_id", "client")
        .set("oauth_external_client_secret", secret)
        .set("oauth_external_token_scope", "flink");
    format!("variable \"emulator\" {{}}\n{}{rest}", provider().nested(&oauth))
}

/// A scenario in whose environment a Cloud API key takes the Flink API key's place.
fn with_a_cloud_key() -> Scenario {
    let scenario = without_a_key(openai()).with("CONFLUENT_CLOUD_API_KEY", KEY.0);
    scenario.with("CONFLUENT_CLOUD_API_SECRET", KEY.1)
}

/// A token that the emulator's identity provider issues.
async fn token(world: &World) -> String {
    let address = world.emulator.address();
    let fetched = tokio::task::spawn_blocking(move || {
        let form = "grant_type=client_credentials&client_id=client&client_secret=x";
        let request = format!(
            "POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        );
        let mut stream = TcpStream::connect(address)?;
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).map(|_| answer)
    });
    let answer = fetched.await.expect("no panic").expect("the emulator answers");
    let body = answer.split("\r\n\r\n").nth(1).expect("an answer has a body");
    let grant: Value = serde_json::from_str(body).expect("a grant is JSON");
    grant["access_token"].as_str().expect("a grant has a token").to_owned()
}

#[tokio::test]
async fn without_credentials_it_says_where_they_can_come_from() {
    let world = without_a_key(openai()).await;
    world.validate().await.succeeds();
    let told = world.plan_expecting_error("No credentials").await.fails(&["No credentials"]);
    for name in ["flink_api_key", "FLINK_API_KEY", "CONFLUENT_CLOUD_API_KEY", "oauth"] {
        assert!(told.says(name), "does not name {name}: {told:#?}");
    }
}

#[tokio::test]
async fn half_a_key_names_the_other_half() {
    for (set, missing, attribute) in [
        ("FLINK_API_KEY", "FLINK_API_SECRET", "flink_api_secret"),
        ("FLINK_API_SECRET", "FLINK_API_KEY", "flink_api_key"),
        ("CONFLUENT_CLOUD_API_KEY", "CONFLUENT_CLOUD_API_SECRET", "cloud_api_secret"),
    ] {
        let world = without_a_key(openai()).with(set, "half").await;
        world.plan_expecting_error("Half a").await.fails(&["Half a", missing, attribute]);
    }
}

#[tokio::test]
async fn the_halves_of_a_key_may_come_from_different_places() {
    let scenario = without_a_key(provider().set("flink_api_key", KEY.0).and(openai()));
    let world = scenario.with("FLINK_API_SECRET", KEY.1).await;
    world.apply().await;
    world.holds_api_key("first");
}

#[tokio::test]
async fn a_cloud_api_key_will_do() {
    let world = with_a_cloud_key().await;
    world.apply().await;
    world.holds_api_key("first");

    let block = provider().set("cloud_api_key", KEY.0).set("cloud_api_secret", KEY.1);
    let world = without_a_key(block.and(openai())).await;
    world.apply().await;
    world.holds_api_key("first");
}

#[tokio::test]
async fn a_key_that_is_not_accepted_is_told_without_its_secret() {
    let world = Scenario::new(openai()).with("FLINK_API_SECRET", "wrong-secret").await;
    let run = world.apply_expecting_error("Cannot create the connection").await;
    run.fails(&["401"]);
    run.fails(&["belongs to one environment and region", "FLINK_API_SECRET"]);
    assert!(!world.everything_printed().contains("wrong-secret"));
}

#[tokio::test]
async fn a_token_of_an_identity_provider_will_do() {
    let world = without_a_key(oauth("client-secret", openai())).logged().await;
    world.emulator.oauth_client(ApiKey::new("client", "client-secret"));
    world.apply().await;
    world.holds_api_key("first");
    let entries = world.emulator.journal().entries();
    let post =
        entries.iter().find(|each| each.path.ends_with("/connections")).expect("it was made");
    assert_eq!(post.auth.as_ref().map(|auth| &*auth.scheme), Some("Bearer"));
    assert_eq!(post.identity_pool.as_deref(), Some("pool-1"));
    assert_eq!(world.requests(), ["POST token", "POST connections"]);

    world.plan().await.is_empty();
    world.emulator.revoke_tokens();
    world.plan().await.is_empty();
    assert!(!world.log().contains("client-secret"));
}

#[tokio::test]
async fn a_token_that_ends_on_the_way_is_renewed() {
    let earlier =
        connection("earlier", "OPENAI", "https://api.openai.com/v1").credential("api_key", "x");
    let later = openai().expression("depends_on", "[flink_connection.earlier]");
    let world = without_a_key(oauth("client-secret", earlier.and(later))).intercepted().await;
    world.apply().await;
    world.requests();
    let gate = world.network().hold("GET openai");
    let running = world.start(&["plan", "-json"]);
    world.network().arrival("GET openai").await;
    world.emulator.revoke_tokens();
    gate.open();
    world.finish(running).await.succeeds();
    let renewed = ["POST token", "GET earlier", "GET openai", "POST token", "GET openai"];
    assert_eq!(world.requests(), renewed);
}

#[tokio::test]
async fn an_identity_provider_that_refuses_is_told_as_such() {
    let world = without_a_key(oauth("wrong-secret", openai())).await;
    world.emulator.oauth_client(ApiKey::new("client", "client-secret"));
    let run = world.apply_expecting_error("Cannot create the connection").await;
    let told = run.fails(&["/oauth/token"]);
    assert!(told.says("invalid_client") && !told.says("wrong-secret"), "{told:#?}");
}

#[tokio::test]
async fn two_ways_to_authenticate_are_refused() {
    let configuration = oauth("client-secret", openai())
        .replace("provider \"flink\" {", "provider \"flink\" {\n  flink_api_key = \"K\"");
    let world = without_a_key(configuration).await;
    let run = world.validate().await;
    run.fails(&["Two ways to authenticate", "oauth", "flink_api_key"]);
}

#[tokio::test]
async fn an_incomplete_oauth_block_is_refused_at_validate() {
    let block = |arguments: &[(&str, &str)]| {
        let pool = Block::new("oauth").set("oauth_identity_pool_id", "pool-1");
        provider()
            .nested(&arguments.iter().fold(pool, |block, (name, value)| block.set(name, value)))
    };
    const URL: (&str, &str) = ("oauth_external_token_url", "https://idp.example.com/token");
    const TOKEN: (&str, &str) = ("oauth_external_access_token", "t");
    for (arguments, says) in [
        (&[][..], "exactly one of"),
        (&[URL, TOKEN], "exactly one of"),
        (&[URL], "oauth_external_client_id"),
        (&[URL, ("oauth_external_client_id", "id")], "oauth_external_client_secret"),
        (&[TOKEN, ("oauth_identity_pool_id", "")], "oauth_identity_pool_id"),
    ] {
        let world = without_a_key(block(arguments).and(openai())).await;
        world.validate().await.fails(&[says]);
    }
}

#[tokio::test]
async fn the_block_comes_before_a_key_in_the_environment() {
    let world =
        Scenario::new(oauth("client-secret", openai())).with("FLINK_API_KEY", "wrong").await;
    world.apply().await;
    let entries = world.emulator.journal().entries();
    let schemes: Vec<_> =
        entries.iter().filter_map(|each| Some(&*each.auth.as_ref()?.scheme)).collect();
    assert!(schemes.contains(&"Bearer"), "{schemes:?}");
}

#[tokio::test]
async fn a_token_that_was_fetched_before_will_do_until_it_is_refused() {
    let oauth = Block::new("oauth")
        .set("oauth_identity_pool_id", "pool-1")
        .expression("oauth_external_access_token", "var.token");
    let configuration = ephemeral_variable("token").and(provider().nested(&oauth).and(openai()));
    let mut world = without_a_key(configuration).logged().await;
    let token = token(&world).await;
    world.set("TF_VAR_token", &token);
    world.requests();
    world.apply().await;
    assert_eq!(world.requests(), ["POST connections"]);

    world.emulator.revoke_tokens();
    world.plan_expecting_error("401").await;
    assert!(world.is_stored(OPENAI));
    assert!(!world.everything_printed().contains(&token));
}

#[tokio::test]
async fn the_only_organization_need_not_be_named() {
    let world = with_a_cloud_key().without("CONFLUENT_ORGANIZATION_ID").await;
    let organization =
        |id: &str| Organization { id: id.to_owned(), display_name: "An organization".to_owned() };
    world.emulator.settings(|settings| settings.organizations.push(organization(ORGANIZATION)));
    let plan = world.plan().await;
    assert_eq!(plan.creates(OPENAI).change(OPENAI)["after"]["organization_id"], ORGANIZATION);
    world.apply_saved_plan().await;
    assert_eq!(world.openai().place.organization, ORGANIZATION);

    let other = "2222bbbb-0000-4000-8000-000000000002";
    world.emulator.settings(|settings| settings.organizations.push(organization(other)));
    world.plan().await.is_empty();
    world.destroy().await;
    world.plan_expecting_error("CONFLUENT_ORGANIZATION_ID").await;
}
