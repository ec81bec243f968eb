//! Instructions of the provider's own work: the table that `cargo bench` makes
//! in `benches/`, from programs built as the release is.

use xtask_build::release;
use xtask_process::Program;
use xtask_process::cargo::cargo;
use xtask_step::console::heading;
use xtask_step::outcome::{Outcome, fail};

use super::Bench;
use super::report::Report;

/// Adds the table, or a note where there is no valgrind.
pub(super) async fn measure(bench: &Bench, report: &mut Report) -> Outcome {
    if bench.ask(Program::new("valgrind").args(["--version"])).await?.is_none() {
        report.note("Instructions are not counted: valgrind is not installed.");
        return Ok(());
    }
    heading("Instructions");
    let cargo = cargo().args(["bench", "--package", release::PROVIDER, "--bench", "instructions"]);
    let output = cargo.output(&bench.interrupt).await?;
    if !output.status.success() {
        return fail("the instructions were not counted; why stands above");
    }
    report.note(String::from_utf8_lossy(&output.stdout).trim());
    Ok(())
}
