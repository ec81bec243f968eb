//! `cargo xtask test`: every check there is, those first that tell soonest. The
//! first that fails ends the step, with its output in view.

pub(crate) mod fuzz;

use std::time::Instant;

use crate::cargo::cargo;
use crate::codegen;
use crate::console::{heading, holds, say};
use crate::docs;
use crate::outcome::{Outcome, fail};
use crate::program::cli::{self, Cli};
use crate::program::{Interrupt, Program};

/// Runs them all.
pub(crate) async fn run() -> Outcome {
    let interrupt = Interrupt::listen()?;
    // What is missing is told before minutes have passed.
    installed("rustfmt", "fmt", &interrupt).await?;
    installed("clippy", "clippy", &interrupt).await?;
    let cli = Cli::find_or_fetch(&interrupt).await?;
    say(&format!("The acceptance tests will use {cli}."));

    let mut passed = Vec::new();
    let format = cargo().args(["fmt", "--all", "--check"]);
    passed.push(stage("Formatting", "`cargo fmt --all` mends it", format, &interrupt).await?);

    let lint = cargo().args(["clippy", "--workspace", "--all-targets", "--all-features"]);
    let lint = lint.args(["--", "-D", "warnings"]);
    passed.push(stage("Lints", "what to mend stands above", lint, &interrupt).await?);

    heading("Generated files");
    codegen::run(true)?;
    docs::run(true)?;
    passed.push("Generated files: code and docs are up to date".to_owned());

    let tests = cargo().args(["test", "--workspace", "--all-features"]);
    let tests = tests.env(cli::VARIABLE, &cli.path);
    passed.push(stage("Tests", "what failed stands above", tests, &interrupt).await?);

    heading("All checks have passed");
    passed.iter().for_each(|line| holds(line));
    Ok(())
}

/// Runs one check in full view. Its line for the end, or `remedy`.
async fn stage(
    name: &str,
    remedy: &str,
    program: Program,
    interrupt: &Interrupt,
) -> Outcome<String> {
    heading(name);
    let started = Instant::now();
    let status = program.run(interrupt).await?;
    match status.success() {
        true => Ok(format!("{name}: {} s", started.elapsed().as_secs())),
        false => fail(format!("{name}: failed ({status}); {remedy}.")),
    }
}

/// Fails where a part of the Rust toolchain is missing.
async fn installed(component: &str, command: &str, interrupt: &Interrupt) -> Outcome {
    let asked = cargo().args([command, "--version"]).quietly(interrupt).await?;
    match asked.status.success() {
        true => Ok(()),
        false => fail(format!(
            "{component} is missing. Run `rustup component add {component}`; without rustup, \
             install your system's package of it."
        )),
    }
}
