//! Instructions of the provider's own work: the table that `cargo bench` makes
//! in `benches/`, from programs built as the release is.

use super::Bench;
use super::report::Report;
use crate::cargo::cargo;
use crate::console::heading;
use crate::dist;
use crate::outcome::{Outcome, fail};
use crate::program::Program;

/// Adds the table, or a note where there is no valgrind.
pub(super) async fn measure(bench: &Bench, report: &mut Report) -> Outcome {
    if bench.ask(Program::new("valgrind").args(["--version"])).await?.is_none() {
        report.note("Instructions are not counted: valgrind is not installed.");
        return Ok(());
    }
    heading("Instructions");
    let cargo = cargo().args(["bench", "--package", dist::PROVIDER, "--bench", "instructions"]);
    let output = cargo.output(&bench.interrupt).await?;
    if !output.status.success() {
        return fail("the instructions were not counted; why stands above");
    }
    report.note(String::from_utf8_lossy(&output.stdout).trim());
    Ok(())
}
