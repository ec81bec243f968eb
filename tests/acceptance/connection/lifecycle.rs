//! The ordinary life of a connection, and its requests.

use crate::configuration::{OPENAI, connection, openai};
use crate::scenario::Scenario;
use crate::world::ORGANIZATION;

const NOTHING: [&str; 0] = [];

#[tokio::test]
async fn create_rotation_and_destroy_take_one_request_each() {
    let world = Scenario::new(openai()).await;
    world.emulator.settings(|settings| settings.update_answers_with_body = true);
    let plan = world.plan().await;
    let id = format!("{ORGANIZATION}/env-1/aws/us-east-1/openai");
    assert_eq!(plan.creates(OPENAI).warns_of_nothing().change(OPENAI)["after"]["id"], id);
    assert_eq!(world.requests(), NOTHING, "a plan of a create sends nothing");

    world.apply().await.warns_of_nothing();
    assert_eq!(world.requests(), ["POST connections"]);
    world.holds_api_key("first");
    let created = world.openai();

    world.plan().await.is_empty().warns_of_nothing();
    assert_eq!(world.requests(), ["GET openai"]);

    world.configure(openai().credential("api_key", "second"));
    let rotation = world.plan().await;
    let moving = ["credentials", "status", "status_detail"];
    rotation.updates_in_place(OPENAI).changes_only(OPENAI, &moving);
    world.requests();
    world.apply().await.warns_of_nothing();
    let journal = world.emulator.journal().entries();
    let put = journal.iter().find(|each| each.method == "PUT").expect("an update is a PUT");
    assert_eq!(put.resource_version.as_deref(), Some(&*created.resource_version));
    let agent = put.user_agent.as_deref().unwrap_or_default();
    assert!(agent.starts_with("Terraform/") && agent.contains(" terraform-provider-flink/"));
    assert_eq!(world.requests(), ["GET openai", "PUT openai"]);
    world.holds_api_key("second");
    assert_eq!(world.openai().uid, created.uid);

    world.plan().await.is_empty();
    world.requests();
    world.destroy().await;
    assert_eq!(world.requests(), ["GET openai", "DELETE openai"]);
    assert!(world.emulator.all_connections().is_empty());
}

#[tokio::test]
async fn stores_the_attributes_of_the_server() {
    let world = Scenario::new(openai()).await;
    world.apply().await;
    let stored = world.stored(OPENAI);
    let there = world.openai();
    for (attribute, expected) in [
        ("id", format!("{ORGANIZATION}/env-1/aws/us-east-1/openai")),
        ("uid", there.uid),
        ("created_at", there.created_at.to_string()),
        ("status", "READY".to_owned()),
        ("organization_id", there.place.organization),
        ("environment_id", "env-1".to_owned()),
        ("cloud", "aws".to_owned()),
        ("region", "us-east-1".to_owned()),
        ("credential_drift", "repair".to_owned()),
    ] {
        assert_eq!(stored[attribute], expected, "{attribute}");
    }
}

#[tokio::test]
async fn stores_null_for_an_absent_status_and_does_not_wait() {
    let world = Scenario::new(openai()).await;
    world.emulator.settings(|settings| settings.new_phase = None);
    world.apply().await.warns_of_nothing();
    assert_eq!(world.requests(), ["POST connections"]);
    assert!(world.stored(OPENAI)["status"].is_null());
    world.plan().await.is_empty();
}

#[tokio::test]
async fn survives_deletion_outside_terraform() {
    let world = Scenario::new(openai()).await;
    world.apply().await;
    world.connections().delete("openai");
    world.plan().await.creates(OPENAI);
    world.apply().await;
    world.holds_api_key("first");
    world.plan().await.is_empty();
}

#[tokio::test]
async fn a_change_of_credential_drift_sends_no_update() {
    let world = Scenario::new(openai()).await;
    world.apply().await;
    world.configure(openai().set("credential_drift", "warn"));
    world.plan().await.updates_in_place(OPENAI).changes_only(OPENAI, &["credential_drift"]);
    world.requests();
    world.apply().await.warns_of_nothing();
    assert_eq!(world.requests(), ["GET openai"], "a refresh and no update");
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn works_without_refreshing() {
    let world = Scenario::new(openai()).await;
    world.apply().await;
    world.requests();
    world.plan_with(&["-refresh=false"]).await.is_empty();
    assert_eq!(world.requests(), NOTHING);

    world.configure(openai().credential("api_key", "second"));
    world.emulator.settings(|settings| settings.update_answers_with_body = true);
    world.apply_with(&["-refresh=false"]).await.succeeds();
    assert_eq!(world.requests(), ["PUT openai"]);
    world.holds_api_key("second");
}

#[tokio::test]
async fn names_may_hold_any_character_but_a_slash() {
    let names = [
        "with space",
        "ümläut",
        "50%",
        "%2F",
        "q?x=1#y",
        "a+b&c",
        "\"quoted\"",
        "${x}%{y}",
        "a\\b",
        "...",
    ];
    let blocks = names.iter().zip(0..).map(|(name, number)| {
        let block = connection(&format!("n{number}"), "OPENAI", "https://api.openai.com/v1");
        block.credential("api_key", "first").set("name", name).to_string()
    });
    let configuration: String = blocks.collect();
    let world = Scenario::new(&configuration).await;
    world.apply().await;
    let mut there: Vec<String> =
        world.connections().list().into_iter().map(|each| each.name).collect();
    let mut expected = names.map(str::to_owned);
    there.sort();
    expected.sort();
    assert_eq!(there, expected);

    world.plan().await.is_empty();
    world.configure(configuration.replace("first", "second"));
    world.apply().await;
    assert!(names.iter().all(|name| world.connections().holds(name, "API_KEY", "second")));
    world.destroy().await;
    assert!(world.emulator.all_connections().is_empty());
}
