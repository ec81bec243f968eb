//! Write-only credentials, and the masking of ordinary ones.

use crate::configuration::{OPENAI, connection, ephemeral_variable, openai};
use crate::scenario::Scenario;

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

#[tokio::test]
async fn masks_credentials_that_the_configuration_does_not_mark_as_sensitive() {
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
async fn a_changed_ordinary_credential_sends_the_write_only_ones_too() {
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
