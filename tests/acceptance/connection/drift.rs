//! Changes by a third party, and the next plan.

use flink_emulator::NewConnection;

use crate::configuration::{Block, OPENAI, openai};
use crate::scenario::Scenario;
use crate::world::World;

const CHANGED: &str = "Credentials may have changed outside of Terraform";
const SENT: &str = "this plan sends the configured credentials again";

/// A world in which `block` was applied and a third party then changed the credentials.
async fn edited(block: &Block) -> World {
    let world = Scenario::new(block).await;
    world.apply().await;
    world.edit();
    world
}

/// Puts another object in the place of the connection.
fn recreate(world: &World, kind: &str, endpoint: &str) {
    let new = NewConnection::new("openai", kind, endpoint).credential("API_KEY", "theirs");
    world.connections().recreate(new).expect("the connection is there");
}

#[tokio::test]
async fn repairs_edited_credentials() {
    let world = edited(&openai()).await;
    let theirs = world.openai();
    let plan = world.plan().await;
    plan.updates_in_place(OPENAI).warns(&[CHANGED, "openai", &theirs.updated_at.to_string()]);
    plan.warns(&["Credentials are sent again", "openai", SENT]);
    plan.changes_only(OPENAI, &["status", "status_detail"]);

    world.requests();
    world.apply_saved_plan().await;
    let journal = world.emulator.journal().entries();
    assert_eq!(journal[0].resource_version.as_deref(), Some(&*theirs.resource_version));
    assert_eq!(world.requests(), ["PUT openai", "GET openai"]);
    world.holds_api_key("first");
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn repairs_edited_write_only_credentials() {
    let block = openai().without_credentials().write_only("api_key", "first");
    let world = edited(&block.set("credentials_wo_version", "1")).await;
    world.plan().await.updates_in_place(OPENAI).warns(&[CHANGED]);
    world.apply().await;
    world.holds_api_key("first");
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn under_warn_reports_drift_and_repairs_nothing() {
    let world = edited(&openai().set("credential_drift", "warn")).await;
    let theirs = world.openai().updated_at.to_string();
    world.plan().await.is_empty().warns(&[CHANGED, &theirs, "Nothing is planned"]);
    world.apply().await;
    world.holds_api_key("theirs");
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn under_ignore_reports_nothing() {
    let world = edited(&openai().set("credential_drift", "ignore")).await;
    world.plan().await.is_empty().warns_of_nothing();
    world.apply().await.warns_of_nothing();
    world.holds_api_key("theirs");
}

#[tokio::test]
async fn without_configured_credentials_only_warns() {
    let world = Scenario::new(openai()).await;
    world.apply().await;
    world.configure(openai().without_credentials());
    world.plan().await.updates_in_place(OPENAI);
    world.requests();
    world.apply().await.warns(&["The service keeps its credentials", "openai"]);
    assert_eq!(world.requests(), ["GET openai"]);
    world.holds_api_key("first");
    world.plan().await.is_empty().warns_of_nothing();

    world.edit();
    world.plan().await.is_empty().warns(&[CHANGED, "Nothing is planned"]);
}

#[tokio::test]
async fn sends_the_configured_credentials_to_a_recreated_object() {
    let world = Scenario::new(openai()).await;
    world.apply().await;
    let ours = world.openai();
    recreate(&world, "OPENAI", &ours.endpoint);
    let plan = world.plan().await;
    plan.updates_in_place(OPENAI).warns(&["replaced outside of Terraform", "openai"]);
    world.apply().await;
    world.holds_api_key("first");
    let stored = world.stored(OPENAI);
    assert_eq!(stored["uid"], world.openai().uid);
    assert_ne!(stored["uid"], ours.uid);
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn replaces_a_recreated_object_of_another_type_or_endpoint() {
    let world = Scenario::new(openai()).await;
    world.apply().await;
    let endpoint = world.openai().endpoint;
    recreate(&world, "ANTHROPIC", &endpoint);
    world.plan().await.replaces(OPENAI, "type");
    recreate(&world, "OPENAI", "https://elsewhere.example.com");
    world.plan().await.replaces(OPENAI, "endpoint");
    world.apply().await;
    assert_eq!(world.openai().endpoint, endpoint);
    world.holds_api_key("first");
    world.plan().await.is_empty();
}

#[tokio::test]
async fn a_configured_change_and_drift_take_one_update() {
    let world = edited(&openai()).await;
    world.configure(openai().credential("api_key", "second"));
    world.requests();
    world.apply().await;
    assert_eq!(world.requests(), ["GET openai", "PUT openai", "GET openai"]);
    world.holds_api_key("second");
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn a_stricter_policy_applies_to_the_next_drift() {
    let world = edited(&openai().set("credential_drift", "ignore")).await;
    world.apply().await;
    world.configure(openai());
    world.apply().await;
    world.edit();
    world.plan().await.updates_in_place(OPENAI).warns(&[CHANGED]);
    world.apply().await;
    world.holds_api_key("first");
}

#[tokio::test]
async fn a_relaxed_policy_applies_at_once() {
    for policy in ["warn", "ignore"] {
        let world = edited(&openai()).await;
        world.configure(openai().set("credential_drift", policy));
        world.plan().await.updates_in_place(OPENAI).changes_only(OPENAI, &["credential_drift"]);
        world.requests();
        world.apply().await;
        assert_eq!(world.requests(), ["GET openai"], "nothing is sent");
        world.holds_api_key("theirs");
        world.plan().await.is_empty();
    }
}

#[tokio::test]
async fn repairs_drift_that_an_earlier_refresh_reported() {
    let world = edited(&openai()).await;
    world.apply_with(&["-refresh-only"]).await.succeeds().warns(&[CHANGED]);
    world.holds_api_key("theirs");
    world.plan().await.updates_in_place(OPENAI).warns(&["Credentials are sent again", SENT]);
    world.apply().await;
    world.holds_api_key("first");
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn reports_drift_once_where_write_only_credentials_were_removed() {
    let world = edited(&openai().without_credentials().write_only("api_key", "first")).await;
    world.configure(openai().without_credentials());
    let plan = world.plan().await;
    let warnings = plan.is_empty().run.warnings();
    assert_eq!(warnings.len(), 1, "nothing is sent: {warnings:#?}");
    plan.warns(&[CHANGED]);
    world.apply().await.warns(&[CHANGED]);
    world.plan().await.is_empty().warns_of_nothing();
    world.holds_api_key("theirs");
}

#[tokio::test]
async fn an_apply_that_repairs_drift_does_not_announce_a_later_repair() {
    let world = edited(&openai()).await;
    let run = world.apply().await;
    run.warns(&[CHANGED]);
    run.warns(&[SENT]);
    assert!(!run.stdout.contains("next apply"), "{}", run.stdout);
    world.holds_api_key("first");
}

#[tokio::test]
async fn a_repair_sends_the_stored_credentials_under_ignore_changes() {
    let ignoring = Block::new("lifecycle").expression("ignore_changes", "[credentials]");
    let world = Scenario::new(openai()).await;
    world.apply().await;
    world.configure(openai().credential("api_key", "ignored").nested(&ignoring));
    world.edit();
    world.plan().await.updates_in_place(OPENAI);
    world.apply().await;
    world.holds_api_key("first");
}

#[tokio::test]
async fn the_plan_of_a_replacement_announces_no_repair() {
    let world = edited(&openai()).await;
    world.configure(openai().set("name", "renamed"));
    let plan = world.plan().await;
    let warnings = plan.replaces(OPENAI, "name").run.warnings();
    assert_eq!(warnings.len(), 1, "{warnings:#?}");
    plan.warns(&[CHANGED]);
}
