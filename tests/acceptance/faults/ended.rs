//! Terraform or the provider ends between a request and its answer.
//!
//! The service has done what it was asked for, and nobody heard of it. No process
//! may be left, and the next apply ends right, or names the import block of an
//! object that no state could know of.
#![cfg(target_os = "linux")]

use std::fs;
use std::time::Duration;

use flink_emulator::{Fault, Method};

use super::{import_blocks, nothing_is_left};
use crate::cli::{Run, Running};
use crate::configuration::{OPENAI, openai};
use crate::world::{Scenario, World};

const APPLY: [&str; 3] = ["apply", "-json", "-auto-approve"];

/// What ends early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Terraform, by Ctrl-C twice.
    Interrupts,
    /// Terraform, killed.
    Terraform,
    /// The provider, killed.
    Provider,
}

impl End {
    async fn comes(self, world: &World, running: Running) -> Run {
        match self {
            Self::Interrupts => {
                running.interrupt();
                running.said("Interrupt received").await;
                running.interrupt();
            }
            Self::Terraform => running.kill(),
            Self::Provider => running.kill_provider(),
        }
        let run = world.finish_broken(running).await;
        assert!(!run.status.success(), "{self:?}: {}", run.shown());
        run
    }
}

#[tokio::test]
async fn terraform_may_be_interrupted_twice() {
    ends_right_after(End::Interrupts).await;
}

#[tokio::test]
async fn terraform_may_be_killed() {
    ends_right_after(End::Terraform).await;
}

#[tokio::test]
async fn the_provider_may_be_killed() {
    ends_right_after(End::Provider).await;
}

async fn ends_right_after(end: End) {
    let world = Scenario::new(openai()).logged().await;
    unheard(&world, Method::POST, end, || world.connections().get("openai").is_some()).await;
    assert!(!world.is_stored(OPENAI), "{end:?}");
    let uid = world.openai().uid;
    let blocks = import_blocks(&world.apply_with(&[]).await);
    assert_eq!(blocks.len(), 1, "{end:?}: {blocks:?}");
    world.configure(openai().and(blocks[0].replace("<label>", "openai")));
    world.apply().await;
    nothing_is_left(&world, &[]).await;

    let changed = openai().credential("api_key", "second");
    world.configure(&changed);
    let is_updated = || world.connections().holds("openai", "API_KEY", "second");
    unheard(&world, Method::PUT, end, is_updated).await;
    assert_eq!(world.stored(OPENAI)["credentials"]["api_key"], "first", "{end:?}");
    world.plan().await.updates_in_place(OPENAI);
    world.apply().await;
    nothing_is_left(&world, &[]).await;
    world.holds_api_key("second");
    assert_eq!(world.openai().uid, uid, "{end:?}: it is still the same object");

    world.configure("");
    unheard(&world, Method::DELETE, end, || world.connections().get("openai").is_none()).await;
    assert!(world.is_stored(OPENAI), "{end:?}");
    world.apply().await;
    assert!(!world.is_stored(OPENAI), "{end:?}");
    assert!(world.emulator.all_connections().is_empty(), "{end:?}");
}

/// Applies, and lets the end come when the service has done its work and not
/// answered yet.
async fn unheard(world: &World, method: Method, end: End, is_done: impl Fn() -> bool) {
    let faults = world.emulator.faults();
    faults.add(Fault::delay(Duration::from_secs(600)).method(method));
    let running = world.start(&APPLY);
    running.until("the service has done its work", is_done).await;
    end.comes(world, running).await;
    faults.clear();
    restore(world);
}

/// Terraform that exits at once may have emptied the state and not written it yet.
/// Then a person takes the backup that it made just before.
fn restore(world: &World) {
    let [state, backup] =
        ["terraform.tfstate", "terraform.tfstate.backup"].map(|name| world.file(name));
    let is_empty = fs::metadata(&state).is_ok_and(|state| state.len() == 0);
    if is_empty && backup.exists() {
        fs::copy(backup, state).expect("the folder is the scenario's own");
    }
}
