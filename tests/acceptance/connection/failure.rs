//! Answers that are lost, refused or somebody else's: no object is forgotten,
//! made twice or left behind.

use flink_emulator::{Bump, Environment, NewConnection, Status};

use crate::configuration::{OPENAI, connection, openai};
use crate::interceptor::{Reply, Trick};
use crate::world::{ORGANIZATION, Scenario, World};

/// A world in which the connection exists and tricks can be played.
async fn applied() -> World {
    let world = Scenario::new(openai()).intercepted().await;
    world.apply().await;
    world.requests();
    world
}

#[tokio::test]
async fn a_refused_refresh_is_an_error_and_never_a_deletion() {
    let world = applied().await;
    for (reply, says) in [
        (Reply::refusal(403, "not allowed"), "EnvironmentAdmin"),
        (Reply::page(403, "Blocked"), "EnvironmentAdmin"),
        (Reply::refusal(401, "no such key"), "API key"),
        (Reply::page(404, "Nothing here"), "this is not how the API says"),
        (Reply::page(502, "Bad Gateway"), "Bad Gateway"),
        (Reply::page(200, "Please log in"), "no connection"),
    ] {
        world.network().every("GET openai", Trick::answer(reply));
        let run = world.plan_expecting_error("Cannot read the connection").await;
        run.fails(&["Cannot read the connection", says, "openai"]);
        world.network().calm();
        assert!(world.is_stored(OPENAI));
    }
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn an_empty_404_counts_only_where_a_list_confirms_it() {
    let world = applied().await;
    world.network().every("GET openai", Trick::answer(Reply::empty(404)));
    let run = world.plan_expecting_error("Cannot read the connection").await;
    run.fails(&["a list of the place has the connection"]);

    world.network().next("GET connections", Trick::answer(Reply::refusal(403, "no")));
    world.plan_expecting_error("a list of the place, which would tell, failed").await;

    world.connections().delete("openai");
    world.plan().await.creates(OPENAI);
}

#[tokio::test]
async fn a_list_is_read_to_its_end_before_anything_counts_as_gone() {
    let world = applied().await;
    for number in 0..150 {
        let name = format!("a{number:03}");
        let new = NewConnection::new(name, "OPENAI", "https://api.openai.com/v1");
        world.insert(&world.place(), new.credential("API_KEY", "theirs"));
    }
    world.network().every("GET openai", Trick::answer(Reply::empty(404)));
    world.plan_expecting_error("a list of the place has the connection").await;
    assert_eq!(world.requests(), ["GET openai", "GET connections", "GET connections"]);
}

#[tokio::test]
async fn the_answer_to_a_create_may_be_lost() {
    for trick in [Trick::LoseTheAnswer, Trick::AnswerAfterwards(Reply::empty(500))] {
        let world = Scenario::new(openai()).intercepted().await;
        world.network().next("POST connections", trick);
        world.apply().await;
        let expected = ["POST connections", "GET openai", "PUT openai", "GET openai"];
        assert_eq!(world.requests(), expected, "it looks, and settles whose credentials hold");
        assert_eq!(world.emulator.all_connections().len(), 1);
        world.holds_api_key("first");
        world.plan().await.is_empty().warns_of_nothing();
    }
}

#[tokio::test]
async fn a_create_that_never_arrived_is_sent_again() {
    let world = Scenario::new(openai()).intercepted().await;
    world.network().next("POST connections", Trick::answer(Reply::page(502, "Bad Gateway")));
    world.apply().await;
    assert_eq!(world.requests(), ["POST connections", "GET openai", "POST connections"]);
    world.holds_api_key("first");
    world.plan().await.is_empty();
}

#[tokio::test]
async fn a_create_that_somebody_else_answered_has_not_happened() {
    let world = Scenario::new(openai()).intercepted().await;
    for status in [200, 201] {
        let page = Reply::page(status, "Please log in");
        world.network().next("POST connections", Trick::answer(page));
        world.apply_expecting_error("there is no connection of this name afterwards").await;
        assert!(world.is_tainted(OPENAI), "a request may still be on its way");
    }
    world.apply().await;
    world.plan().await.is_empty();
}

/// A world in which a create ended without anyone knowing what came of it.
async fn in_doubt(post: Trick) -> World {
    let world = Scenario::new(openai()).intercepted().await;
    let blind = Trick::answer(Reply::empty(500));
    world.network().every("POST connections", post).every("GET openai", blind);
    world.apply_expecting_error("may have been created nevertheless").await;
    assert!(world.is_tainted(OPENAI));
    world.network().calm();
    world
}

#[tokio::test]
async fn what_a_create_in_doubt_has_made_is_made_again_by_the_next_apply() {
    for post in [Trick::LoseTheAnswer, Trick::answer(Reply::empty(500))] {
        let world = in_doubt(post).await;
        world.apply().await;
        assert_eq!(world.emulator.all_connections().len(), 1);
        world.holds_api_key("first");
        world.plan().await.is_empty().warns_of_nothing();
    }
}

#[tokio::test]
async fn what_a_create_in_doubt_has_made_can_be_destroyed() {
    for options in [&[][..], &["-refresh=false"]] {
        let world = in_doubt(Trick::LoseTheAnswer).await;
        assert_eq!(world.emulator.all_connections().len(), 1);
        let run = world.run(&[&["destroy", "-json", "-auto-approve"], options].concat()).await;
        run.succeeds();
        assert!(world.emulator.all_connections().is_empty(), "{options:?}");
    }
}

#[tokio::test]
async fn nobody_elses_object_is_taken_for_what_a_create_in_doubt_has_made() {
    let insert = |world: &World| {
        let other = NewConnection::new("openai", "OPENAI", "https://theirs.example.com");
        world.insert(&world.place(), other.credential("API_KEY", "theirs"));
    };
    let world = in_doubt(Trick::answer(Reply::empty(500))).await;
    insert(&world);
    world.apply_expecting_error("import {").await;
    world.holds_api_key("theirs");

    let world = in_doubt(Trick::answer(Reply::empty(500))).await;
    insert(&world);
    world.run(&["destroy", "-json", "-auto-approve", "-refresh=false"]).await.succeeds();
    world.holds_api_key("theirs");
}

#[tokio::test]
async fn what_the_service_refuses_is_told_in_its_own_words() {
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
async fn an_object_that_a_lost_create_did_not_make_is_not_taken_over() {
    let world = Scenario::new(openai()).intercepted().await;
    let other = NewConnection::new("openai", "OPENAI", "https://theirs.example.com");
    world.insert(&world.place(), other.credential("API_KEY", "theirs"));
    world.network().next("POST connections", Trick::answer(Reply::empty(500)));
    world.apply_expecting_error("another endpoint").await;
    world.holds_api_key("theirs");
    assert!(!world.is_stored(OPENAI));
}

#[tokio::test]
async fn an_object_that_was_left_half_made_is_recorded_and_made_anew() {
    let world = Scenario::new(openai()).intercepted().await;
    world.network().next("POST connections", Trick::LoseTheAnswer);
    world.network().every("PUT openai", Trick::answer(Reply::refusal(403, "no")));
    world.apply_expecting_error("Cannot create the connection").await;
    assert_eq!(world.stored(OPENAI)["uid"], world.openai().uid);
    world.network().calm();
    world.apply().await;
    assert_eq!(world.emulator.all_connections().len(), 1);
    world.holds_api_key("first");
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn the_answer_to_an_update_may_be_lost() {
    let world = applied().await;
    world.configure(openai().credential("api_key", "second"));
    world.network().next("PUT openai", Trick::LoseTheAnswer);
    world.apply().await;
    let looks = ["GET openai", "PUT openai", "GET openai", "PUT openai", "GET openai"];
    assert_eq!(world.requests(), looks);
    world.holds_api_key("second");
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn the_answer_to_a_delete_may_be_lost() {
    let world = applied().await;
    world.network().next("DELETE openai", Trick::LoseTheAnswer);
    world.destroy().await;
    assert!(world.emulator.all_connections().is_empty());
}

#[tokio::test]
async fn a_delete_that_somebody_else_answered_has_not_happened() {
    let world = applied().await;
    for reply in [
        Reply::page(404, "Nothing here"),
        Reply::page(200, "Please log in"),
        Reply::refusal(403, "not allowed"),
    ] {
        world.network().every("DELETE openai", Trick::answer(reply));
        let run = world.run(&["destroy", "-json", "-auto-approve"]).await;
        run.fails(&["Cannot delete the connection", "openai"]);
        world.network().calm();
        assert!(world.is_stored(OPENAI));
    }
    world.destroy().await;
}

#[tokio::test]
async fn an_update_that_failed_is_planned_again() {
    for reply in [Reply::refusal(422, "no"), Reply::refusal(403, "no"), Reply::empty(500)] {
        let world = applied().await;
        world.configure(openai().credential("api_key", "second"));
        world.network().every("PUT openai", Trick::answer(reply));
        world.apply_expecting_error("Cannot update the connection").await;
        assert_eq!(world.stored(OPENAI)["credentials"]["api_key"], "first");
        world.holds_api_key("first");

        world.network().calm();
        world.plan().await.updates_in_place(OPENAI);
        world.apply().await;
        world.holds_api_key("second");
        world.plan().await.is_empty().warns_of_nothing();
    }
}

#[tokio::test]
async fn an_update_that_may_have_happened_blames_nobody() {
    let world = applied().await;
    world.configure(openai().credential("api_key", "second"));
    world.network().every("PUT openai", Trick::LoseTheAnswer);
    world.apply_expecting_error("Cannot update the connection").await;
    assert_eq!(world.stored(OPENAI)["credentials"]["api_key"], "first");
    world.holds_api_key("second");

    world.network().calm();
    world
        .plan()
        .await
        .updates_in_place(OPENAI)
        .warns(&["The outcome of the last update is unknown"]);
    world.apply().await;
    world.holds_api_key("second");
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn an_update_that_somebody_else_answered_has_not_happened() {
    let world = applied().await;
    world.configure(openai().credential("api_key", "second"));
    world.network().next("PUT openai", Trick::answer(Reply::page(200, "Please log in")));
    world.apply_expecting_error("Cannot update the connection").await;
    assert_eq!(world.stored(OPENAI)["credentials"]["api_key"], "first");
    world.holds_api_key("first");
    world.apply().await;
    world.holds_api_key("second");
}

#[tokio::test]
async fn write_only_credentials_whose_update_failed_are_sent_again() {
    let versioned = |version: &str, key: &str| {
        let block = openai().without_credentials().write_only("api_key", key);
        block.set("credentials_wo_version", version)
    };
    let world = Scenario::new(versioned("1", "first")).intercepted().await;
    world.apply().await;
    world.configure(versioned("2", "second"));
    world.network().every("PUT openai", Trick::answer(Reply::refusal(422, "no")));
    world.apply_expecting_error("Cannot update the connection").await;
    world.network().calm();
    world.plan().await.updates_in_place(OPENAI);
    world.apply().await;
    world.holds_api_key("second");
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn a_version_that_moved_since_the_plan_is_looked_up() {
    let world = applied().await;
    world.configure(openai().credential("api_key", "second"));
    world.plan().await.updates_in_place(OPENAI);
    world.edit();
    world.requests();
    world.apply_saved_plan().await;
    assert_eq!(world.requests(), ["PUT openai", "GET openai", "PUT openai", "GET openai"]);
    world.holds_api_key("second");
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn a_version_that_never_stops_moving_ends_in_an_error() {
    let world = applied().await;
    world.configure(openai().credential("api_key", "second"));
    let stale = Reply::refusal(409, "another resource_version by now");
    world.network().every("PUT openai", Trick::answer(stale));
    world.apply_expecting_error("another resource_version by now").await;
    assert_eq!(world.stored(OPENAI)["credentials"]["api_key"], "first");
}

#[tokio::test]
async fn an_object_that_is_gone_when_it_is_to_be_updated_is_told_as_gone() {
    let world = applied().await;
    world.configure(openai().credential("api_key", "second"));
    world.plan().await.updates_in_place(OPENAI);
    world.connections().delete("openai");
    let run = world.run(&["apply", "-json", "saved.tfplan"]).await;
    run.fails(&["Cannot update the connection", "does not exist"]);
    world.plan().await.creates(OPENAI);
}

#[tokio::test]
async fn failures_that_pass_are_not_noticed() {
    let world = applied().await;
    for reply in [Reply::empty(429), Reply::page(503, "Sorry"), Reply::refusal(500, "oops")] {
        world.network().next("GET openai", Trick::answer(reply));
        world.plan().await.is_empty().warns_of_nothing();
        assert_eq!(world.requests(), ["GET openai", "GET openai"]);
    }
    world.network().next("DELETE openai", Trick::answer(Reply::refusal(500, "oops")));
    world.destroy().await;
    assert!(world.emulator.all_connections().is_empty());
}

#[tokio::test]
async fn an_answer_about_another_object_is_not_believed() {
    let world = applied().await;
    let other = Trick::edit(|object| object["name"] = "another".into());
    world.network().every("GET openai", other);
    world.plan_expecting_error("another connection than `openai`").await;
    world.network().calm();
    world.network().every("GET openai", Trick::leave_out(&["/spec/endpoint"]));
    world.plan_expecting_error("no connection").await;
    world.network().calm();
    world.plan().await.is_empty();
}

#[tokio::test]
async fn a_type_in_another_spelling_is_the_same_type() {
    let world = applied().await;
    let respell = Trick::edit(|object| object["spec"]["connection_type"] = "OpenAI".into());
    world.network().every("GET openai", respell);
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn credentials_in_an_answer_are_neither_compared_nor_stored() {
    let world = Scenario::new(openai()).intercepted().await;
    let leak =
        || Trick::edit(|object| object["spec"]["auth_data"]["data"] = "leaked-by-server".into());
    world.network().every("POST connections", leak()).every("GET openai", leak());
    world.apply().await;
    world.plan().await.is_empty().warns_of_nothing();
    assert!(!world.everything_printed().contains("leaked-by-server"));
}

#[tokio::test]
async fn a_status_that_tells_of_trouble_is_a_warning() {
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
async fn one_object_that_fails_does_not_hold_up_the_others() {
    let second =
        connection("second", "OPENAI", "https://api.openai.com/v1").credential("api_key", "first");
    let world = Scenario::new(openai().and(second)).intercepted().await;
    world.network().next("POST connections", Trick::answer(Reply::refusal(403, "no")));
    world.apply_expecting_error("Cannot create the connection").await;
    assert_eq!(world.emulator.all_connections().len(), 1);
    world.apply().await;
    assert_eq!(world.emulator.all_connections().len(), 2);
    world.plan().await.is_empty();
}
