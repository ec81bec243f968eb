//! `cargo xtask bench`: the cost of Terraform's commands with the provider.
//!
//! Each figure stands beside two others: the floor, which is the same command on as many
//! `terraform_data`, and the smallest provider of the framework with the same attributes,
//! which sends no request. The three take turns, so that a slow machine slows all.
//!
//! A count (requests, connections, processes, bytes of the program) above its target
//! fails the run, because counts do not depend on the machine. A time never does.

mod bench;
mod options;
mod plan;
mod process;
mod report;
mod samples;
mod side;
mod soak;
mod state;

use std::process::ExitCode;

use xtask_step::cargo::{PROVIDER, cargo};
use xtask_step::console::{heading, line};
use xtask_step::outcome::{Outcome, fail};
use xtask_step::{Arguments, Program};

use self::bench::Bench;
use self::options::{Options, Part};
use self::report::{Report, counted};
use self::samples::Samples;
use self::side::{Command, Sides};

/// The most objects to create. The time that Terraform itself takes grows with the square
/// of their number.
const MAX_CREATED: usize = 1000;

fn main() -> ExitCode {
    xtask_step::block_on(run())
}

/// Measures, prints the table, and fails if a count is above its target.
async fn run() -> Outcome {
    let bench = Bench::prepare(Options::read(Arguments::from_env())?).await?;
    let mut report = Report::default();
    let outcome = measure(&bench, &mut report).await;
    // The results so far are printed even if a later measurement fails.
    heading("Result");
    line(&report.table(&bench.conditions().await?));
    outcome?;
    if bench.options.no_verdict { Ok(()) } else { report.verdict() }
}

/// Runs the measurements that the options select.
async fn measure(bench: &Bench, report: &mut Report) -> Outcome {
    if bench.options.includes(Part::Start) {
        process::measure_start(bench, report).await?;
        process::count_starts(bench, report).await?;
    }
    if bench.options.includes(Part::Instructions) {
        count_instructions(bench, report).await?;
    }
    if bench.options.includes(Part::Plan) {
        plan::measure(bench, report).await?;
    }
    if bench.options.includes(Part::Changes) {
        measure_changes(bench, report).await?;
    }
    match bench.options.soak {
        Some(minutes) => soak::measure(bench, minutes, report).await,
        None => Ok(()),
    }
}

/// Measures creating and destroying the largest number of objects that is not too many.
async fn measure_changes(bench: &Bench, report: &mut Report) -> Outcome {
    let sizes = bench.options.objects.iter().filter(|objects| **objects <= MAX_CREATED);
    let Some(objects) = sizes.max().copied() else {
        report.note("`apply` and `destroy` are not measured above 1,000 objects.");
        return Ok(());
    };
    heading(&format!("Apply and destroy of {}", counted(objects, "object")));
    let sides = Sides::prepare(bench, "changes").await?;
    let commands = [Command::Apply, Command::Destroy];
    let [mut apply, mut destroy] = commands.map(|command| Samples::new(command, objects));
    for _ in 0..bench.options.rounds(objects) {
        apply.round(&sides).await?;
        destroy.round(&sides).await?;
    }
    apply.report(report);
    destroy.report(report);
    Ok(())
}

/// Counts the instructions of the provider's own work: the table of `benches/`.
async fn count_instructions(bench: &Bench, report: &mut Report) -> Outcome {
    if bench.ask(Program::new("valgrind").args(["--version"])).await?.is_none() {
        report.note("Instructions are not counted: valgrind is not installed.");
        return Ok(());
    }
    heading("Instructions");
    let cargo = cargo().args(["bench", "--package", PROVIDER, "--bench", "instructions"]);
    let output = cargo.output(&bench.interrupt).await?;
    if !output.status.success() {
        return fail("the instructions were not counted; the reason is above");
    }
    report.note(String::from_utf8_lossy(&output.stdout).trim());
    Ok(())
}
