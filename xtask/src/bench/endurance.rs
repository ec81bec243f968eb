//! Many refreshes in one process, as in a session under a debugger: what the
//! process keeps of them.
//!
//! The provider is started once, and the CLI reattaches to it for every plan.

use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Child;

use super::Bench;
use super::command::Command;
use super::report::{Report, Row, thousands};
use super::side::Side;
use super::watch::{mebibytes, status};
use crate::console::heading;
use crate::outcome::{Outcome, fail};
use crate::program::emulator::Emulator;
use crate::program::{Interrupted, Program, terminate};

const OBJECTS: usize = 100;

/// Refreshes after which everything that is kept on purpose is there.
const WARM_UP: usize = 10;

/// By how many KiB memory may be larger at the end than after warming up.
const GROWTH: usize = 1024;

/// How long the provider may take to say where it is.
const PATIENCE: Duration = Duration::from_secs(60);

/// Refreshes for so many minutes.
pub(super) async fn measure(bench: &Bench, minutes: u64, report: &mut Report) -> Outcome {
    heading(&format!("Endurance: {minutes} min"));
    let emulator = Emulator::start(&bench.emulator, &bench.interrupt).await?;
    let mut side = Side::ours(bench, "endurance", &bench.provider, &emulator).await?;
    side.run(Command::Apply, OBJECTS).await?;
    let (mut provider, address) = start(bench, &side).await?;
    side.set("TF_REATTACH_PROVIDERS", address);
    let mut memory = Vec::new();
    let end = Instant::now() + Duration::from_secs(60 * minutes);
    while Instant::now() < end || memory.len() <= WARM_UP {
        side.run(Command::Plan, OBJECTS).await?;
        let resident = provider.id().and_then(|process| status(process, "VmRSS"));
        let Some(resident) = resident else { return fail("the provider's memory is not told") };
        memory.push(resident);
    }
    terminate(&mut provider).await?;
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
async fn start(bench: &Bench, side: &Side) -> Outcome<(Child, String)> {
    let program = Program::new(&bench.provider).args(["--debug"]);
    let environment = side.environment().iter();
    let program = environment.fold(program, |program, (name, value)| program.env(name, value));
    let mut child = program.start()?;
    let Some(output) = child.stdout.take() else { return fail("the provider has no output") };
    let mut lines = BufReader::new(output).lines();
    let address = async {
        while let Ok(Some(line)) = lines.next_line().await {
            if let Some((_, value)) = line.split_once("TF_REATTACH_PROVIDERS='") {
                return Some(value.trim_end_matches('\'').to_owned());
            }
        }
        None
    };
    let address = tokio::select! {
        address = tokio::time::timeout(PATIENCE, address) => address.ok().flatten(),
        () = bench.interrupt.heard() => return Err(Interrupted.into()),
    };
    match address {
        Some(address) => Ok((child, address)),
        None => fail("the provider ended, or did not say how to reattach to it"),
    }
}

fn highest(memory: &[u64]) -> u64 {
    memory.iter().copied().max().unwrap_or_default()
}
