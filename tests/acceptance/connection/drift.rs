//! Changes that someone else made, and what the next plan makes of them.

use flink_emulator::NewConnection;

use crate::configuration::{Block, OPENAI, openai};
use crate::world::{Scenario, World};

const CHANGED: &str = "Credentials may have changed outside of Terraform";
const SENT: &str = "this plan sends the configured credentials again";

/// A world in which `block` was applied and someone else then changed the
/// credentials.
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
async fn credentials_that_were_edited_are_repaired() {
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
async fn write_only_credentials_that_were_edited_are_repaired() {
    let block = openai().without_credentials().write_only("api_key", "first");
    let world = edited(&block.set("credentials_wo_version", "1")).await;
    world.plan().await.updates_in_place(OPENAI).warns(&[CHANGED]);
    world.apply().await;
    world.holds_api_key("first");
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn under_warn_a_change_is_reported_and_not_repaired() {
    let world = edited(&openai().set("credential_drift", "warn")).await;
    let theirs = world.openai().updated_at.to_string();
    world.plan().await.is_empty().warns(&[CHANGED, &theirs, "Nothing is planned"]);
    world.apply().await;
    world.holds_api_key("theirs");
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn changes_can_be_ignored() {
    let world = edited(&openai().set("credential_drift", "ignore")).await;
    world.plan().await.is_empty().warns_of_nothing();
    world.apply().await.warns_of_nothing();
    world.holds_api_key("theirs");
}

#[tokio::test]
async fn without_configured_credentials_there_is_nothing_to_repair_with() {
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
async fn an_object_that_was_replaced_gets_the_configured_credentials() {
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
async fn an_object_of_another_type_or_endpoint_is_replaced() {
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
async fn a_change_in_the_configuration_and_one_outside_need_one_update() {
    let world = edited(&openai()).await;
    world.configure(openai().credential("api_key", "second"));
    world.requests();
    world.apply().await;
    assert_eq!(world.requests(), ["GET openai", "PUT openai", "GET openai"]);
    world.holds_api_key("second");
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn a_policy_that_changes_holds_from_the_next_change_on() {
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
async fn a_policy_that_is_relaxed_holds_at_once() {
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
async fn a_change_that_only_a_refresh_saw_is_still_repaired() {
    let world = edited(&openai()).await;
    world.apply_with(&["-refresh-only"]).await.succeeds().warns(&[CHANGED]);
    world.holds_api_key("theirs");
    world.plan().await.updates_in_place(OPENAI).warns(&["Credentials are sent again", SENT]);
    world.apply().await;
    world.holds_api_key("first");
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn reports_a_change_once_where_write_only_credentials_are_gone() {
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
async fn an_apply_that_finds_and_repairs_drift_promises_nothing_of_the_next() {
    let world = edited(&openai()).await;
    let run = world.apply().await;
    run.warns(&[CHANGED]);
    run.warns(&[SENT]);
    assert!(!run.stdout.contains("next apply"), "{}", run.stdout);
    world.holds_api_key("first");
}

#[tokio::test]
async fn a_repair_sends_what_is_stored_where_the_configuration_is_ignored() {
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
async fn the_plan_of_a_replacement_speaks_of_no_repair() {
    let world = edited(&openai()).await;
    world.configure(openai().set("name", "renamed"));
    let plan = world.plan().await;
    let warnings = plan.replaces(OPENAI, "name").run.warnings();
    assert_eq!(warnings.len(), 1, "{warnings:#?}");
    plan.warns(&[CHANGED]);
}
