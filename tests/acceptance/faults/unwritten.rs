//! State that cannot be written: the file that Terraform then leaves tells the
//! truth, and without secrets that are to be stored nowhere.
//!
//! A disk that is full in time would need a file system of its own, which takes
//! more rights than tests should have, and a limit on the size of files ends
//! Terraform itself. A folder that appears in the state's place fails a write for
//! any user, as long as Terraform has not opened the file, which it has once there
//! is any state or a lock. So this is about the first object of a new state.

use std::fs;

use super::{nothing_is_left, secret_search};
use crate::configuration::{OPENAI, ephemeral_variable, openai};
use crate::world::{KEY, Scenario};

const POST: &str = "POST connections";
const SECRET: &str = "planted-in-the-vault";

#[tokio::test]
async fn state_that_could_not_be_written_can_be_pushed() {
    let block = openai().without_credentials().write_only_from("api_key", "var.secret");
    let world = Scenario::new(ephemeral_variable("secret").and(block));
    let world = world.with("TF_VAR_secret", SECRET).logged().intercepted().await;
    let [state, errored] = ["terraform.tfstate", "errored.tfstate"].map(|name| world.file(name));

    let gate = world.network().hold(POST);
    let running = world.start(&["apply", "-json", "-auto-approve", "-lock=false"]);
    world.network().arrival(POST).await;
    fs::create_dir(&state).expect("nothing is there");
    gate.open();
    world.finish(running).await.fails(&["Failed to persist state"]);
    fs::remove_dir(&state).expect("nothing was written");

    assert!(errored.is_file());
    world.run(&["state", "push", "errored.tfstate"]).await.succeeds();
    assert_eq!(world.stored(OPENAI)["uid"], world.openai().uid);
    world.requests();
    nothing_is_left(&world, &[]).await;
    assert_eq!(world.requests(), ["GET openai"]);
    world.holds_api_key(SECRET);

    let everything = world.everything_printed();
    for place in ["errored.tfstate", "\"lineage\"", "[TRACE]"] {
        assert!(everything.contains(place), "{place} was not searched");
    }
    assert_eq!(secret_search::found(&everything, &[SECRET, KEY.1]), [] as [&str; 0]);
}
