//! The ordinary life of a connection, and how few requests it takes.

use crate::configuration::{OPENAI, connection, openai};
use crate::interceptor::Trick;
use crate::world::{ORGANIZATION, Scenario};

const NOTHING: [&str; 0] = [];

#[tokio::test]
async fn lives_from_create_over_rotation_to_destroy_with_one_request_a_step() {
    let world = Scenario::new(openai()).await;
    world.emulator.settings(|settings| settings.update_answers_with_body = true);
    world.plan().await.creates(OPENAI).warns_of_nothing();
    assert_eq!(world.requests(), NOTHING, "nothing is asked about what does not exist");

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
async fn looks_once_after_an_update_that_was_answered_without_a_body() {
    let world = Scenario::new(openai()).await;
    world.apply().await;
    world.configure(openai().credential("api_key", "second"));
    world.requests();
    world.apply().await;
    assert_eq!(world.requests(), ["GET openai", "PUT openai", "GET openai"]);
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn looks_after_a_create_only_where_the_answer_lacks_something() {
    let scenario = Scenario::new(openai()).intercepted();
    let world = scenario.await;
    world.network().next("POST connections", Trick::leave_out(&["/status"]));
    world.apply().await;
    assert_eq!(world.requests(), ["POST connections"], "a status may be absent");
    world.destroy().await;

    world.requests();
    world.network().next("POST connections", Trick::leave_out(&["/metadata"]));
    world.apply().await;
    assert_eq!(world.requests(), ["POST connections", "GET openai"]);
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn stores_what_the_service_says_of_the_object() {
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
async fn a_plan_knows_the_id_before_the_object_is_there() {
    let world = Scenario::new(openai()).await;
    let plan = world.plan().await;
    let id = format!("{ORGANIZATION}/env-1/aws/us-east-1/openai");
    assert_eq!(plan.creates(OPENAI).change(OPENAI)["after"]["id"], id);
}

#[tokio::test]
async fn a_status_that_is_absent_is_null_and_no_reason_to_wait() {
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
async fn deleting_what_is_gone_already_is_a_success() {
    let world = Scenario::new(openai()).await;
    world.apply().await;
    world.connections().delete("openai");
    world.requests();
    world.configure("");
    world.apply_with(&["-refresh=false"]).await.succeeds();
    assert_eq!(world.requests(), ["DELETE openai"]);
    assert!(!world.is_stored(OPENAI));
}

#[tokio::test]
async fn removing_the_block_deletes_the_object_and_any_success_will_do() {
    let world = Scenario::new(openai()).await;
    world.emulator.settings(|settings| settings.delete_status = 204);
    world.apply().await;
    world.configure("");
    world.apply().await;
    assert!(world.emulator.all_connections().is_empty());
}

#[tokio::test]
async fn changes_of_what_only_the_provider_reads_send_no_request() {
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
async fn a_saved_plan_does_what_it_says() {
    let world = Scenario::new(openai()).await;
    world.plan().await.creates(OPENAI);
    world.apply_saved_plan().await;
    world.configure(openai().credential("api_key", "second"));
    world.plan().await.updates_in_place(OPENAI);
    world.requests();
    world.apply_saved_plan().await;
    assert_eq!(world.requests(), ["PUT openai", "GET openai"]);
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

#[tokio::test]
async fn many_connections_are_planned_alike_one_by_one_and_ten_at_a_time() {
    let names: Vec<String> = (0..12).map(|number| format!("c{number}")).collect();
    let block = |name: &String| {
        let block =
            connection(name, "OPENAI", "https://api.openai.com/v1").credential("api_key", "first");
        block.to_string()
    };
    let world = Scenario::new(names.iter().map(block).collect::<String>()).await;
    world.apply_with(&["-parallelism=10"]).await.succeeds();
    world.connections().delete("c3");
    world.connections().set_credentials("c5", [("API_KEY", "theirs")]).expect("c5 is there");

    let one_by_one = world.plan_with(&["-parallelism=1"]).await;
    let together = world.plan_with(&["-parallelism=10"]).await;
    let changes = |json: &serde_json::Value| json["resource_changes"].clone();
    assert_eq!(changes(&one_by_one.json), changes(&together.json));
    together.creates("flink_connection.c3").updates_in_place("flink_connection.c5");

    world.apply_with(&["-parallelism=1"]).await.succeeds();
    world.plan().await.is_empty();
    world.destroy().await;
    assert!(world.emulator.all_connections().is_empty());
}
