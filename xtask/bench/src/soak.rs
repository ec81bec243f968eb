//! Many refreshes in one process, as in a session under a debugger: what the
//! process keeps of them.
//!
//! The provider is started once, and the CLI reattaches to it for every plan.

use std::time::{Duration, Instant};

use xtask_emulator::Emulator;
use xtask_process::{Program, Running};
use xtask_step::console::heading;
use xtask_step::outcome::{Outcome, fail};

use super::Bench;
use super::command::Command;
use super::report::{Report, Row, thousands};
use super::side::Side;
use super::watch::{mebibytes, status};

const OBJECTS: usize = 100;

/// Refreshes after which everything that is kept on purpose is there.
const WARM_UP: usize = 10;

/// By how many KiB memory may be larger at the end than after warming up.
const GROWTH: usize = 1024;

/// How long the provider may take to say where it is.
const PATIENCE: Duration = Duration::from_secs(60);

/// Refreshes for so many minutes.
pub(super) async fn measure(bench: &Bench, minutes: u64, report: &mut Report) -> Outcome {
    heading(&format!("Soak: {minutes} min"));
    let emulator = Emulator::start(&bench.emulator, &bench.interrupt).await?;
    let mut side = Side::ours(bench, "soak", &bench.provider, &emulator).await?;
    side.run(Command::Apply, OBJECTS).await?;
    let (provider, address) = start(bench, &side).await?;
    side.set("TF_REATTACH_PROVIDERS", address);
    let mut memory = Vec::new();
    let end = Instant::now() + Duration::from_secs(60 * minutes);
    while Instant::now() < end || memory.len() <= WARM_UP {
        side.run(Command::Plan, OBJECTS).await?;
        let resident = provider.id().and_then(|process| status(process, "VmRSS"));
        let Some(resident) = resident else { return fail("the provider's memory is not told") };
        memory.push(resident);
    }
    provider.terminate().await?;
    let warm = highest(&memory[..WARM_UP]);
    let last = highest(&memory[memory.len() - WARM_UP..]);
    let growth = usize::try_from(last.saturating_sub(warm))?;
    report.limit("KiB that refreshes leave behind", growth, GROWTH);
    report.row(Row {
        what: format!(
            "memory after {WARM_UP} / {} refreshes of {OBJECTS} in one process",
            thousands(memory.len())
        ),
        ours: format!("{} / {}", mebibytes(warm), mebibytes(last)),
        target: "no growth".to_owned(),
        ..Row::default()
    });
    Ok(())
}

/// The provider as a developer starts it, and what leads the CLI to it.
async fn start(bench: &Bench, side: &Side) -> Outcome<(Running, String)> {
    let program = Program::new(&bench.provider).args(["--debug"]);
    let environment = side.environment().iter();
    let program = environment.fold(program, |program, (name, value)| program.env(name, value));
    let mut running = program.start()?;
    while let Some(line) = running.next_line(PATIENCE, &bench.interrupt).await? {
        if let Some((_, value)) = line.split_once("TF_REATTACH_PROVIDERS='") {
            return Ok((running, value.trim_end_matches('\'').to_owned()));
        }
    }
    fail("the provider ended, or did not say how to reattach to it")
}

fn highest(memory: &[u64]) -> u64 {
    memory.iter().copied().max().unwrap_or_default()
}
