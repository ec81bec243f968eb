//! The same configuration, applied twice at the same time.

use super::{assert_settled, import_blocks};
use crate::configuration::openai;
use crate::scenario::Scenario;

const POST: &str = "POST connections";

#[tokio::test]
async fn of_two_applies_without_a_lock_one_makes_the_object_and_the_other_names_the_import() {
    let world = Scenario::new(openai()).intercepted().await;
    world.hold(POST);
    let apply = |state| world.start(&["apply", "-json", "-auto-approve", state]);
    let states = ["-state=one.tfstate", "-state=two.tfstate"];
    let both = states.map(apply);
    world.arrivals(POST, both.len()).await;
    world.network().clear();
    let mut runs = Vec::new();
    for running in both {
        runs.push(world.finish(running).await);
    }
    let object = world.openai();
    let won = runs.iter().position(|run| run.status.success()).expect("one of them succeeds");
    let (winner, loser) = (states[won], states[1 - won]);
    let blocks = import_blocks(&runs[1 - won]);
    assert_eq!(blocks.len(), 1, "{}", runs[1 - won].shown());

    world.run(&["destroy", "-json", "-auto-approve", loser]).await.succeeds();
    assert_eq!(world.openai(), object, "a state deletes only its own object");
    assert_settled(&world, &[winner]).await;

    world.configure(openai().and(blocks[0].replace("<label>", "openai")));
    world.run(&["apply", "-json", "-auto-approve", loser]).await.succeeds();
    assert_settled(&world, &[loser]).await;
    assert_eq!(world.openai().uid, object.uid);
    world.holds_api_key("first");
}
