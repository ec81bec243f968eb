//! Changes that someone else made, and what the next plan makes of them.

use flink_emulator::NewConnection;

use crate::configuration::{Block, OPENAI, openai};
use crate::world::{Scenario, World};

const CHANGED: &str = "The credentials were changed outside of Terraform";

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
    let moving = ["resource_version", "status", "status_detail", "updated_at"];
    plan.changes_only(OPENAI, &moving);

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
    let block = openai().without("api_key").set("api_key_wo", "first");
    let world = edited(&block).await;
    world.plan().await.updates_in_place(OPENAI).warns(&[CHANGED]);
    world.apply().await;
    world.holds_api_key("first");
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn a_repair_can_be_refused_and_then_only_the_change_is_told() {
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
    world.configure(openai().without("api_key"));
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
    plan.updates_in_place(OPENAI).warns(&["was deleted and made again", "openai"]);
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
    world.configure(openai().set("api_key", "second"));
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
    world.plan().await.updates_in_place(OPENAI).warns(&["Credentials are sent again", "openai"]);
    world.apply().await;
    world.holds_api_key("first");
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn a_change_is_told_once_where_write_only_credentials_are_gone() {
    let world = edited(&openai().without("api_key").set("api_key_wo", "first")).await;
    world.configure(openai().without("api_key"));
    world.plan().await.is_empty().warns(&[CHANGED, "if there are any"]);
    world.apply().await.warns(&[CHANGED]);
    world.plan().await.is_empty().warns_of_nothing();
    world.holds_api_key("theirs");
}
