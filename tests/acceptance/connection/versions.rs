//! Versions that move without a change of credentials, and servers that report none: a
//! repair must not repeat without end.

use flink_emulator::{Bump, Status};

use crate::configuration::{OPENAI, openai};
use crate::interceptor::Trick;
use crate::scenario::Scenario;
use crate::world::World;

const CHANGED: &str = "Credentials may have changed outside of Terraform";

fn touch(world: &World, bump: Bump) {
    world.connections().touch("openai", bump).expect("the connection is there");
}

#[tokio::test]
async fn accepts_a_version_that_moved_with_the_status() {
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
async fn ends_repairs_after_a_version_that_moved_right_after_one() {
    let world = Scenario::new(openai()).await;
    world.apply().await;
    world.edit();
    world.apply().await;
    world.holds_api_key("first");

    touch(&world, Bump::VersionAndTime);
    let diagnostic =
        world.plan().await.is_empty().run.warns(&["moved again after its credentials"]);
    assert!(diagnostic.contains("until its credentials change"), "{diagnostic:#?}");
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
async fn compares_updated_at_where_there_are_no_versions() {
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
async fn works_without_metadata_and_status_but_detects_no_drift() {
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
