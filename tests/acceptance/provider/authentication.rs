//! The ways to authenticate: a Flink API key, a Cloud API key, a token of an identity
//! provider.

use flink_emulator::{ApiKey, Organization};

use crate::configuration::{Block, OPENAI, ephemeral_variable, openai, provider};
use crate::scenario::Scenario;
use crate::world::{KEY, ORGANIZATION};

/// A world whose environment has no key.
fn without_a_key(configuration: impl std::fmt::Display) -> Scenario {
    Scenario::new(configuration).without("FLINK_API_KEY").without("FLINK_API_SECRET")
}

/// A provider block that gets its tokens from the emulator's identity provider, and the
/// blocks after it.
fn oauth(secret: &str, rest: impl std::fmt::Display) -> String {
    let oauth = Block::new("oauth")
        .set("oauth_identity_pool_id", "pool-1")
        .expression("oauth_external_token_url", "\"${var.emulator}/oauth/token\"")
        .set("oauth_external_client_id", "client")
        .set("oauth_external_client_secret", secret)
        .set("oauth_external_token_scope", "flink");
    format!("variable \"emulator\" {{}}\n{}{rest}", provider().nested(&oauth))
}

/// A world whose environment has a Cloud API key and no Flink API key.
fn with_a_cloud_key() -> Scenario {
    let scenario = without_a_key(openai()).with("CONFLUENT_CLOUD_API_KEY", KEY.0);
    scenario.with("CONFLUENT_CLOUD_API_SECRET", KEY.1)
}

#[tokio::test]
async fn reads_the_halves_of_a_key_from_different_places() {
    let scenario = without_a_key(provider().set("flink_api_key", KEY.0).and(openai()));
    let world = scenario.with("FLINK_API_SECRET", KEY.1).await;
    world.apply().await;
    world.holds_api_key("first");
}

#[tokio::test]
async fn accepts_a_cloud_api_key() {
    let world = with_a_cloud_key().await;
    world.apply().await;
    world.holds_api_key("first");

    let block = provider().set("cloud_api_key", KEY.0).set("cloud_api_secret", KEY.1);
    let world = without_a_key(block.and(openai())).await;
    world.apply().await;
    world.holds_api_key("first");
}

#[tokio::test]
async fn reports_a_refused_key_without_its_secret() {
    let world = Scenario::new(openai()).with("FLINK_API_SECRET", "wrong-secret").await;
    let run = world.apply_expecting_error("Cannot create the connection").await;
    run.fails(&["401"]);
    run.fails(&["belongs to one environment and region", "FLINK_API_SECRET"]);
    assert!(!world.everything_printed().contains("wrong-secret"));
}

#[tokio::test]
async fn fetches_a_token_from_an_identity_provider() {
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
async fn sends_a_given_token_as_it_is() {
    let oauth = Block::new("oauth")
        .set("oauth_identity_pool_id", "pool-1")
        .expression("oauth_external_access_token", "var.token");
    let configuration = ephemeral_variable("token").and(provider().nested(&oauth).and(openai()));
    let scenario = without_a_key(configuration).with("TF_VAR_token", "a-given-token").logged();
    let world = scenario.await;
    world.apply_expecting_error("401").await;
    let entries = world.emulator.journal().entries();
    let auth = entries[0].auth.as_ref().expect("the request has a token");
    assert_eq!((&*auth.scheme, entries[0].identity_pool.as_deref()), ("Bearer", Some("pool-1")));
    assert_eq!(world.requests(), ["POST connections"]);
    assert!(!world.everything_printed().contains("a-given-token"));
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
