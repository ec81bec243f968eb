//! Secrets that are sent and nowhere kept, and secrets that are kept and
//! nowhere shown.

use crate::configuration::{
    OPENAI, connection, ephemeral_variable, openai, provider, sensitive_variable,
};
use crate::world::{KEY, Scenario};

const SECRET: &str = "s3cr3t-of-the-vault";

/// A connection whose API key is a write-only value of the variable `secret`.
fn write_only() -> String {
    let block = openai().without_credentials().write_only_from("api_key", "var.secret");
    let block = block.set("credentials_wo_version", "1");
    ephemeral_variable("secret").and(block)
}

fn versioned(version: &str) -> String {
    write_only().replace("version = \"1\"", &format!("version = {version:?}"))
}

/// The same in base64, without the padding.
const SECRET_IN_BASE64: &str = "czNjcjN0LW9mLXRoZS12YXVsdA";

#[tokio::test]
async fn a_write_only_value_is_found_nowhere() {
    let scenario = Scenario::new(write_only()).with("TF_VAR_secret", SECRET).logged();
    let world = scenario.await;
    world.plan().await.creates(OPENAI);
    world.apply_saved_plan().await;
    world.holds_api_key(SECRET);
    world.plan().await.is_empty();
    world.run(&["plan", "-no-color"]).await.succeeds();
    world.run(&["show", "-no-color"]).await.succeeds();
    world.edit();
    world.plan().await.updates_in_place(OPENAI);
    world.apply_saved_plan().await;
    world.holds_api_key(SECRET);

    let everything = world.everything_printed();
    for place in ["resource_changes", "tfplan", "\"lineage\"", "[TRACE]", "API request"] {
        assert!(everything.contains(place), "{place} was not searched");
    }
    for secret in [SECRET, SECRET_IN_BASE64, KEY.1] {
        assert!(!everything.contains(secret), "{secret} was written somewhere");
    }
    assert!(!world.log().contains("failed to exit gracefully"));
}

#[tokio::test]
async fn an_ordinary_secret_is_kept_in_state_and_never_shown() {
    let block = openai().credential_from("api_key", "var.secret");
    let scenario = Scenario::new(sensitive_variable("secret").and(block));
    let world = scenario.with("TF_VAR_secret", SECRET).logged().await;
    let shown = world.run(&["plan", "-no-color"]).await.succeeds();
    assert!(shown.prose().contains("+ credentials = (sensitive value)"), "{}", shown.stdout);
    world.apply().await;
    world.run(&["show", "-no-color"]).await.succeeds();
    world.run(&["state", "show", "-no-color", OPENAI]).await.succeeds();
    assert_eq!(world.stored(OPENAI)["credentials"]["api_key"], SECRET);
    assert!(world.everything_printed().contains(SECRET), "the search finds what is there");
    assert!(!world.log().contains(SECRET), "it was logged");
}

#[tokio::test]
async fn every_secret_is_masked_even_where_the_configuration_does_not_ask_for_it() {
    let world = Scenario::new(openai().credential("api_key", SECRET)).await;
    let planned = world.run(&["plan", "-no-color"]).await.succeeds();
    world.apply().await;
    world.configure(openai().credential("api_key", "another-secret"));
    let changed = world.run(&["plan", "-no-color"]).await.succeeds();
    let shown = world.run(&["show", "-no-color"]).await.succeeds();
    for run in [planned, changed, shown] {
        assert!(run.prose().contains("(sensitive value)"), "{}", run.stdout);
        assert!(!run.stdout.contains(SECRET) && !run.stdout.contains("another-secret"));
    }
}

#[tokio::test]
async fn a_new_version_sends_the_write_only_value_again() {
    let mut world = Scenario::new(versioned("1")).with("TF_VAR_secret", "first").await;
    world.apply().await;
    world.set("TF_VAR_secret", "second");
    world.plan().await.is_empty();
    world.configure(versioned("2"));
    world.plan().await.updates_in_place(OPENAI);
    world.requests();
    world.apply().await;
    assert_eq!(world.requests(), ["GET openai", "PUT openai", "GET openai"]);
    world.holds_api_key("second");
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn an_ordinary_credential_that_changes_takes_the_write_only_ones_along() {
    let oauth2 = |scope: &str| {
        connection("openai", "REST", "https://api.example.com")
            .credential("token_endpoint", "https://idp.example.com/token")
            .write_only("client_id", "id")
            .write_only("client_secret", "first")
            .credential("scope", scope)
            .set("credentials_wo_version", "1")
    };
    let world = Scenario::new(oauth2("read")).await;
    world.apply().await;
    world.configure(oauth2("write"));
    world.plan().await.updates_in_place(OPENAI);
    world.apply().await;
    let holds = |key: &str, value: &str| world.connections().holds("openai", key, value);
    assert!(holds("OAUTH2_SCOPE", "write") && holds("OAUTH2_CLIENT_SECRET", "first"));
    world.plan().await.is_empty();
}

#[tokio::test]
async fn a_secret_can_leave_the_state_and_come_back() {
    let world = Scenario::new(openai()).with("TF_VAR_secret", "second").await;
    world.apply().await;
    world.configure(write_only());
    world.plan().await.updates_in_place(OPENAI);
    world.apply().await;
    world.holds_api_key("second");
    assert!(world.stored(OPENAI)["credentials"].is_null());
    world.plan().await.is_empty();

    world.configure(openai().credential("api_key", "third"));
    world.plan().await.updates_in_place(OPENAI);
    world.apply().await;
    world.holds_api_key("third");
    world.plan().await.is_empty();
}

#[tokio::test]
async fn no_message_shows_a_secret_that_the_service_repeats() {
    use crate::interceptor::{Reply, Trick};

    let world =
        Scenario::new(write_only()).with("TF_VAR_secret", SECRET).logged().intercepted().await;
    let echo = format!("cannot parse {{\"API_KEY\":\"{SECRET}\"}} sent by {}:{}", KEY.0, KEY.1);
    world.network().every("POST connections", Trick::answer(Reply::refusal(422, &echo)));
    world.apply_expecting_error("cannot parse").await;
    let everything = world.everything_printed();
    assert!(!everything.contains(SECRET) && !everything.contains(KEY.1), "{everything}");
}

#[tokio::test]
async fn credentials_of_the_provider_are_never_shown() {
    let block = provider().set("flink_api_key", KEY.0).set("flink_api_secret", KEY.1);
    let world = Scenario::new(block.and(openai())).logged().await;
    world.apply().await;
    world.run(&["plan", "-no-color"]).await.succeeds();
    assert!(!world.everything_printed().contains(KEY.1));
}
