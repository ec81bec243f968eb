//! Versions that move without a change of credentials, and servers that report none: a
//! repair must not repeat without end.

use flink_emulator::{Bump, Status};

use crate::configuration::{OPENAI, openai};
use crate::interceptor::Trick;
use crate::world::{Scenario, World};

const CHANGED: &str = "Credentials may have changed outside of Terraform";

fn touch(world: &World, bump: Bump) {
    world.connections().touch("openai", bump).expect("the connection is there");
}

#[tokio::test]
async fn a_version_that_moves_with_the_status_is_taken_over_silently() {
    for phase in [None, Some("PENDING")] {
        let world = Scenario::new(openai()).await;
        world.emulator.settings(|settings| settings.new_phase = phase.map(str::to_owned));
        world.apply().await.warns_of_nothing();
        let ready =
            world.connections().set_status("openai", Status::new("READY"), Bump::VersionAndTime);
        ready.expect("the connection is there");
        world.plan().await.is_empty().warns_of_nothing();
        world.apply().await.warns_of_nothing();
        assert_eq!(world.stored(OPENAI)["status"], "READY");

        world.edit();
        world.plan().await.updates_in_place(OPENAI).warns(&[CHANGED]);
    }
}

#[tokio::test]
async fn a_version_that_moves_under_the_same_time_is_taken_over_silently() {
    let world = Scenario::new(openai()).await;
    world.apply().await;
    touch(&world, Bump::Version);
    world.plan().await.is_empty().warns_of_nothing();
    world.apply().await.warns_of_nothing();
    world.edit();
    world.plan().await.updates_in_place(OPENAI);
}

#[tokio::test]
async fn a_version_that_moves_right_after_a_repair_ends_the_repairs() {
    let world = Scenario::new(openai()).await;
    world.apply().await;
    world.edit();
    world.apply().await;
    world.holds_api_key("first");

    touch(&world, Bump::VersionAndTime);
    let told = world.plan().await.is_empty().run.warns(&["moved again after its credentials"]);
    assert!(told.says("until its credentials change"), "{told:#?}");
    world.apply().await;
    world.plan().await.is_empty().warns_of_nothing();

    for _ in 0..2 {
        touch(&world, Bump::VersionAndTime);
        world.plan().await.is_empty().warns(&[CHANGED, "Nothing is planned"]);
        world.apply().await;
    }

    world.configure(openai().credential("api_key", "second"));
    world.apply().await;
    world.edit();
    world.plan().await.updates_in_place(OPENAI).warns(&[CHANGED]);
    world.apply().await;
    world.holds_api_key("second");
}

#[tokio::test]
async fn without_versions_the_time_of_the_change_stands_in() {
    let world = Scenario::new(openai()).await;
    world.emulator.settings(|settings| settings.resource_versions = false);
    world.apply().await;
    world.plan().await.is_empty().warns_of_nothing();
    touch(&world, Bump::Version);
    world.plan().await.is_empty().warns_of_nothing();
    world.edit();
    world.plan().await.updates_in_place(OPENAI).warns(&[CHANGED]);
    world.apply().await;
    world.holds_api_key("first");
    world.plan().await.is_empty().warns_of_nothing();
}

#[tokio::test]
async fn an_answer_that_tells_nothing_of_the_object_is_enough_for_everything_but_detection() {
    let world = Scenario::new(openai()).intercepted().await;
    for line in ["POST connections", "GET openai"] {
        let bare = |object: &mut serde_json::Value| {
            object
                .as_object_mut()
                .expect("an object")
                .retain(|name, _| name == "name" || name == "spec");
        };
        world.network().every(line, Trick::edit(bare));
    }
    world.apply().await.warns_of_nothing();
    world.plan().await.is_empty().warns_of_nothing();
    world.edit();
    world.plan().await.is_empty().warns_of_nothing();
    world.configure(openai().credential("api_key", "second"));
    world.plan().await.updates_in_place(OPENAI);
    world.apply().await.warns_of_nothing();
    world.holds_api_key("second");
    world.plan().await.is_empty().warns_of_nothing();
}
