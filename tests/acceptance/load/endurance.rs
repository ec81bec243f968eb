//! Many refreshes in one process, to which Terraform reattaches.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::{applied, many};
use crate::scenario::Scenario;
use crate::world::World;

/// The time that the provider may take to print its address.
const LIMIT: Duration = Duration::from_secs(30);

/// The allowed growth of memory over all rounds, in bytes: far less than one round reads.
const GROWTH: u64 = 2 << 20;

/// Starts the provider for debugging. Returns it with the value by which Terraform
/// reattaches.
async fn reattachable(world: &World) -> (Child, String) {
    let mut provider = Command::new(env!("CARGO_BIN_EXE_terraform-provider-flink"))
        .arg("-debug")
        .env_clear()
        .env("TMPDIR", world.path("tmp"))
        .envs(
            world
                .variables()
                .iter()
                .filter(|(name, _)| name.starts_with("F") || name.starts_with("C")),
        )
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("the provider can be started");
    let stdout = provider.stdout.take().expect("the output is piped");
    let mut lines = BufReader::new(stdout).lines();
    let address = async {
        while let Ok(Some(line)) = lines.next_line().await {
            if let Some((_, value)) = line.split_once("TF_REATTACH_PROVIDERS='") {
                return value.trim_end_matches('\'').to_owned();
            }
        }
        panic!("the provider prints no address");
    };
    let address = timeout(LIMIT, address).await.expect("the provider prints its address");
    (provider, address)
}

/// The resident memory of a process, in bytes.
fn resident(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("the process runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    number.expect("the kernel shows the resident memory") * 1024
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn refreshes_in_one_process_leave_nothing_behind() {
    let mut world = applied(Scenario::new(many(40))).await;
    let (provider, address) = reattachable(&world).await;
    world.set("TF_REATTACH_PROVIDERS", &address);
    let process = provider.id().expect("nobody has waited for it yet");
    let descriptors = || fs::read_dir(format!("/proc/{process}/fd")).expect("it runs").count();
    let refresh = async || {
        world.plan().await.is_empty().warns_of_nothing();
    };
    for _ in 0..5 {
        refresh().await;
    }
    let (memory, open) = (resident(process), descriptors());
    for _ in 0..20 {
        refresh().await;
    }
    let growth = resident(process).saturating_sub(memory);
    assert!(growth <= GROWTH, "{growth} bytes more than after the first rounds");
    assert!(descriptors() <= open + 20, "{} descriptors, and {open} before", descriptors());
}
