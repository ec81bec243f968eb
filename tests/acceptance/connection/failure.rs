//! The messages and warnings of failures. The table in `faults` shows what is stored and
//! sent under each fault.

use flink_emulator::{Answer, Bump, Environment, Fault, Status};

use crate::configuration::{OPENAI, connection, openai};
use crate::interceptor::Trick;
use crate::scenario::Scenario;
use crate::world::{ORGANIZATION, World};

/// A world in which the connection exists and requests are retried once.
async fn applied() -> World {
    let world = Scenario::new(openai()).retrying_once().await;
    world.apply().await;
    world.requests();
    world
}

#[tokio::test]
async fn a_refused_refresh_is_an_error_and_never_a_deletion() {
    let world = applied().await;
    for (fault, text) in [
        (Fault::status(403), "EnvironmentAdmin"),
        (Fault::page(403), "EnvironmentAdmin"),
        (Fault::status(401), "API key"),
        (Fault::page(404), "this is not how the API says"),
        (Fault::page(502), "502"),
        (Fault::page(200), "no connection"),
    ] {
        world.fault("GET openai", fault);
        let run = world.plan_expecting_error("Cannot read the connection").await;
        run.fails(&["Cannot read the connection", text, "openai"]);
        world.emulator.faults().clear();
        assert!(world.is_stored(OPENAI));
    }
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn an_empty_404_counts_only_if_a_list_confirms_it() {
    let world = applied().await;
    world.fault("GET openai", Fault::answer(Answer::status(404).body("")));
    let run = world.plan_expecting_error("Cannot read the connection").await;
    run.fails(&["a list of the place has the connection"]);

    world.fault("GET connections", Fault::status(403).times(1));
    world.plan_expecting_error("a list of the place, which would tell, failed").await;

    world.connections().delete("openai");
    world.plan().await.creates(OPENAI);
}

#[tokio::test]
async fn a_create_with_unknown_outcome_names_it_and_taints_the_object() {
    for (post, text) in [
        (Fault::drop_after(), "may have been created nevertheless"),
        (Fault::page(201), "there is no connection of this name afterwards"),
    ] {
        let world = Scenario::new(openai()).retrying_once().await;
        world.fault("POST connections", post);
        if text.starts_with("may") {
            world.fault("GET openai", Fault::status(500));
        }
        world.apply_expecting_error(text).await;
        assert!(world.is_tainted(OPENAI), "{text}");
    }
}

#[tokio::test]
async fn a_refusal_is_reported_in_the_words_of_the_service() {
    let world = Scenario::new(openai()).await;
    let elsewhere = Environment {
        id: "env-9".to_owned(),
        organization: ORGANIZATION.to_owned(),
        display_name: "elsewhere".to_owned(),
    };
    world.emulator.settings(|settings| settings.environments.push(elsewhere));
    let run = world.apply_expecting_error("Cannot create the connection").await;
    run.fails(&["There is no environment env-1", "request id"]);

    let newcomer = connection("openai", "NEWCOMER", "https://host.example.com");
    let newcomer = newcomer.set("environment_id", "env-9");
    world.configure(newcomer.credential("K", "v"));
    let run = world.apply_expecting_error("Cannot create the connection").await;
    run.fails(&["There is no connection type", "/spec/connection_type"]);
    assert!(!world.is_stored(OPENAI));
}

#[tokio::test]
async fn an_update_with_unknown_outcome_warns_and_blames_no_third_party() {
    let world = applied().await;
    world.configure(openai().credential("api_key", "second"));
    world.fault("PUT openai", Fault::drop_after());
    world.apply_expecting_error("Cannot update the connection").await;
    assert_eq!(world.stored(OPENAI)["credentials"]["api_key"], "first");
    world.holds_api_key("second");

    world.emulator.faults().clear();
    let plan = world.plan().await;
    plan.updates_in_place(OPENAI).warns(&["The outcome of the last update is unknown"]);
    world.apply().await;
    world.holds_api_key("second");
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn an_update_of_a_deleted_object_reports_the_absence() {
    let world = applied().await;
    world.configure(openai().credential("api_key", "second"));
    world.plan().await.updates_in_place(OPENAI);
    world.connections().delete("openai");
    let run = world.run(&["apply", "-json", "saved.tfplan"]).await;
    run.fails(&["Cannot update the connection", "does not exist"]);
    world.plan().await.creates(OPENAI);
}

#[tokio::test]
async fn ignores_the_spelling_of_a_type_and_the_credentials_in_a_response() {
    let world = Scenario::new(openai()).intercepted().await;
    for line in ["POST connections", "GET openai"] {
        let edit = |object: &mut serde_json::Value| {
            object["spec"]["connection_type"] = "OpenAI".into();
            object["spec"]["auth_data"]["data"] = "leaked-by-server".into();
        };
        world.network().every(line, Trick::edit(edit));
    }
    world.apply().await;
    world.plan().await.is_empty().warns_of_nothing();
    assert!(!world.everything_printed().contains("leaked-by-server"));
}

#[tokio::test]
async fn warns_of_a_status_that_reports_a_problem() {
    let world = Scenario::new(openai()).await;
    world.emulator.settings(|settings| settings.new_phase = Some("INVALID_AUTH".to_owned()));
    let refused = ["Credentials are refused", "openai", "INVALID_AUTH"];
    world.apply().await.warns(&refused);
    world.plan().await.is_empty().warns(&refused);

    let unreachable = Status::new("UNREACHABLE").detail("no route to host");
    let set = world.connections().set_status("openai", unreachable, Bump::Nothing);
    set.expect("the connection is there");
    world.plan().await.is_empty().warns(&["UNREACHABLE", "no route to host"]);
    world.configure(openai().credential("api_key", "second"));
    world.apply().await.warns(&["UNREACHABLE"]);
}

#[tokio::test]
async fn one_failed_object_does_not_stop_the_others() {
    let second =
        connection("second", "OPENAI", "https://api.openai.com/v1").credential("api_key", "first");
    let world = Scenario::new(openai().and(second)).await;
    world.fault("POST connections", Fault::status(403).times(1));
    world.apply_expecting_error("Cannot create the connection").await;
    assert_eq!(world.emulator.all_connections().len(), 1);
    world.apply().await;
    assert_eq!(world.emulator.all_connections().len(), 2);
    world.plan().await.is_empty();
}
