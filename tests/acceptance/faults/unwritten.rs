//! A state that cannot be written: the file that Terraform then leaves has the object,
//! and no write-only secret.
//!
//! A folder in the place of the state file fails the write for any user, as long as
//! Terraform has not opened the file. It has opened it once there is a state or a lock, so
//! this test is about the first object of a new state.

use std::fs;

use super::assert_settled;
use crate::configuration::{OPENAI, ephemeral_variable, openai};
use crate::scenario::Scenario;
use crate::secrets::search::{Secret, search};
use crate::world::KEY;

const POST: &str = "POST connections";
const SECRET: &str = "planted-in-the-vault";

#[tokio::test]
async fn an_unwritten_state_can_be_pushed() {
    let block = openai().without_credentials().write_only_from("api_key", "var.secret");
    let world = Scenario::new(ephemeral_variable("secret").and(block));
    let world = world.with("TF_VAR_secret", SECRET).logged().intercepted().await;
    let [state, errored] = ["terraform.tfstate", "errored.tfstate"].map(|name| world.file(name));

    world.hold(POST);
    let running = world.start(&["apply", "-json", "-auto-approve", "-lock=false"]);
    world.arrivals(POST, 1).await;
    fs::create_dir(&state).expect("nothing is there");
    world.network().clear();
    world.finish(running).await.fails(&["Failed to persist state"]);
    fs::remove_dir(&state).expect("nothing was written");

    assert!(errored.is_file());
    world.run(&["state", "push", "errored.tfstate"]).await.succeeds();
    assert_eq!(world.stored(OPENAI)["uid"], world.openai().uid);
    world.requests();
    assert_settled(&world, &[]).await;
    assert_eq!(world.requests(), ["GET openai"]);
    world.holds_api_key(SECRET);

    let everything = world.everything_printed();
    for place in ["errored.tfstate", "\"lineage\"", "[TRACE]"] {
        assert!(everything.contains(place), "{place} was not searched");
    }
    let secrets = [Secret::found("the credential", SECRET), Secret::found("the API key", KEY.1)];
    assert!(search(&secrets, &everything).is_empty());
}
