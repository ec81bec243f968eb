//! Many refreshes in one process, and the memory that they leave behind.
//!
//! The provider is started once, as for a debugger, and the CLI reattaches to it for each
//! plan.

use std::time::{Duration, Instant};

use flink_emulator::Emulator;
use xtask_step::console::heading;
use xtask_step::outcome::{Outcome, fail};
use xtask_step::{Program, Running};

use super::bench::Bench;
use super::process::{mebibytes, status};
use super::report::{Report, thousands};
use super::side::{Command, Side};

const OBJECTS: usize = 100;

/// The refreshes after which everything that is cached on purpose is cached.
const WARM_UP: usize = 10;

/// The allowed growth of memory after that, in KiB.
const MAX_GROWTH: usize = 1024;

/// The time that the provider may take to print its address.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// Refreshes for so many minutes.
pub(super) async fn measure(bench: &Bench, minutes: u64, report: &mut Report) -> Outcome {
    heading(&format!("Soak: {minutes} min"));
    let emulator = Emulator::start().await;
    let mut side = Side::ours(bench, "soak", &bench.provider, &emulator).await?;
    side.run(Command::Apply, OBJECTS).await?;
    let (provider, address) = start(bench, &side).await?;
    side.environment.push(("TF_REATTACH_PROVIDERS", address));
    let mut memory = Vec::new();
    let end = Instant::now() + Duration::from_secs(60 * minutes);
    while Instant::now() < end || memory.len() <= WARM_UP {
        side.run(Command::Plan, OBJECTS).await?;
        match provider.id().and_then(|process| status(process, "VmRSS")) {
            Some(resident) => memory.push(resident),
            None => return fail("the system does not show the provider's memory"),
        }
    }
    provider.terminate().await?;
    let highest = |memory: &[u64]| memory.iter().copied().max().unwrap_or_default();
    let (warm, last) = (highest(&memory[..WARM_UP]), highest(&memory[memory.len() - WARM_UP..]));
    let growth = usize::try_from(last.saturating_sub(warm))?;
    report.limit("KiB that refreshes leave behind", growth, MAX_GROWTH);
    let refreshes = thousands(memory.len());
    let what =
        format!("memory after {WARM_UP} / {refreshes} refreshes of {OBJECTS} in one process");
    report.ours(what, format!("{} / {}", mebibytes(warm), mebibytes(last)), "no growth");
    Ok(())
}

/// Starts the provider for debugging. Returns it with the value by which the CLI reattaches.
async fn start(bench: &Bench, side: &Side<'_>) -> Outcome<(Running, String)> {
    let program = Program::new(&bench.provider).args(["--debug"]);
    let environment = side.environment.iter();
    let program = environment.fold(program, |program, (name, value)| program.env(name, value));
    let mut running = program.start()?;
    while let Some(line) = running.next_line(START_TIMEOUT, &bench.interrupt).await? {
        if let Some((_, value)) = line.split_once("TF_REATTACH_PROVIDERS='") {
            return Ok((running, value.trim_end_matches('\'').to_owned()));
        }
    }
    fail("the provider ended, or did not print how to reattach to it")
}
