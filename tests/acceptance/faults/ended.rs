//! Terraform or the provider ends while a request is under way.
//!
//! The service has processed the request, and its response was not received. No process
//! may be left. The next apply succeeds, or names the import block of an object that no
//! state has.
#![cfg(target_os = "linux")]

use std::fs;
use std::time::Duration;

use flink_emulator::{Fault, Method};

use super::{assert_settled, import_blocks};
use crate::cli::{Run, Running};
use crate::configuration::{OPENAI, openai};
use crate::scenario::Scenario;
use crate::world::World;

const APPLY: [&str; 3] = ["apply", "-json", "-auto-approve"];

/// The process that ends early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Terraform, by two Ctrl-C.
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
                running.prints("Interrupt received").await;
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
async fn recovers_after_two_interrupts() {
    recovers_after(End::Interrupts).await;
}

#[tokio::test]
async fn recovers_after_terraform_was_killed() {
    recovers_after(End::Terraform).await;
}

#[tokio::test]
async fn recovers_after_the_provider_was_killed() {
    recovers_after(End::Provider).await;
}

async fn recovers_after(end: End) {
    let world = Scenario::new(openai()).logged().await;
    end_before_response(&world, Method::POST, end, || world.connections().get("openai").is_some())
        .await;
    assert!(!world.is_stored(OPENAI), "{end:?}");
    let uid = world.openai().uid;
    let blocks = import_blocks(&world.apply_with(&[]).await);
    assert_eq!(blocks.len(), 1, "{end:?}: {blocks:?}");
    world.configure(openai().and(blocks[0].replace("<label>", "openai")));
    world.apply().await;
    assert_settled(&world, &[]).await;

    let changed = openai().credential("api_key", "second");
    world.configure(&changed);
    let is_updated = || world.connections().holds("openai", "API_KEY", "second");
    end_before_response(&world, Method::PUT, end, is_updated).await;
    assert_eq!(world.stored(OPENAI)["credentials"]["api_key"], "first", "{end:?}");
    world.plan().await.updates_in_place(OPENAI);
    world.apply().await;
    assert_settled(&world, &[]).await;
    world.holds_api_key("second");
    assert_eq!(world.openai().uid, uid, "{end:?}: it is still the same object");

    world.configure("");
    end_before_response(&world, Method::DELETE, end, || {
        world.connections().get("openai").is_none()
    })
    .await;
    assert!(world.is_stored(OPENAI), "{end:?}");
    world.apply().await;
    assert!(!world.is_stored(OPENAI), "{end:?}");
    assert!(world.emulator.all_connections().is_empty(), "{end:?}");
}

/// Applies, and ends a process after the service has processed the request and before it
/// responds.
async fn end_before_response(world: &World, method: Method, end: End, is_done: impl Fn() -> bool) {
    let faults = world.emulator.faults();
    faults.add(Fault::delay(Duration::from_secs(600)).method(method));
    let running = world.start(&APPLY);
    running.until("the service has processed the request", is_done).await;
    end.comes(world, running).await;
    faults.clear();
    restore(world);
}

/// Restores the backup of the state if Terraform has emptied the state and not written it,
/// as a user would.
fn restore(world: &World) {
    let [state, backup] =
        ["terraform.tfstate", "terraform.tfstate.backup"].map(|name| world.file(name));
    let is_empty = fs::metadata(&state).is_ok_and(|state| state.len() == 0);
    if is_empty && backup.exists() {
        fs::copy(backup, state).expect("the folder is the scenario's own");
    }
}
