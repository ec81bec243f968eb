//! `cargo xtask test`: every check, the quickest first. The first failure ends the step,
//! with its output in view.

use std::process::ExitCode;
use std::time::Instant;

use xtask_step::cargo::cargo;
use xtask_step::console::{heading, holds, say};
use xtask_step::outcome::{Outcome, fail};
use xtask_step::terraform::{self, Cli};
use xtask_step::{Arguments, Interrupt, Program, platform};

/// Lints, generators and tests select the same packages and features, so that they
/// share one compilation.
const ALL: [&str; 2] = ["--workspace", "--all-features"];

/// The steps that generate committed files: the program and the kind of its files.
const GENERATORS: [(&str, &str); 2] = [("xtask-codegen", "code"), ("xtask-docs", "docs")];

fn main() -> ExitCode {
    xtask_step::block_on(run())
}

/// Runs all checks.
async fn run() -> Outcome {
    xtask_step::finish(Arguments::from_env())?;
    let interrupt = Interrupt::listen()?;
    // Missing tools are reported before the first compilation.
    installed("rustfmt", "fmt", &interrupt).await?;
    installed("clippy", "clippy", &interrupt).await?;

    let mut passed = Vec::new();
    let format = cargo().args(["fmt", "--all", "--check"]);
    passed.push(stage("Formatting", "run `cargo fmt --all`", format, &interrupt).await?);

    let cli = Cli::find_or_fetch(&interrupt).await?;
    say(&format!("The acceptance tests will use {cli}."));

    let lint = cargo().args(["clippy", "--all-targets"]).args(ALL).args(["--", "-D", "warnings"]);
    passed.push(stage("Lints", "the lints are above", lint, &interrupt).await?);

    passed.push(generated_files(&interrupt).await?);

    let tests = cargo().args(["test"]).args(ALL).env(terraform::VARIABLE, &cli.path);
    passed.push(stage("Tests", "the failures are above", tests, &interrupt).await?);

    heading("All checks have passed");
    passed.iter().for_each(|line| holds(line));
    Ok(())
}

/// Compares the generated files with what is committed.
///
/// The generators are built together with the tests: building them alone would compile
/// most of the code a second time, with other features.
async fn generated_files(interrupt: &Interrupt) -> Outcome<String> {
    heading("Generated files");
    let build = cargo().args(["build", "--all-targets"]).args(ALL).run(interrupt).await?;
    if !build.success() {
        return fail("the build failed; Cargo's errors are above");
    }
    // Cargo puts the programs of one profile into one folder.
    let own = std::env::current_exe()?;
    for (program, what) in GENERATORS {
        let program = own.with_file_name(platform::executable(program));
        let status = Program::new(program).args(["--check"]).run(interrupt).await?;
        if !status.success() {
            return fail(format!("Generated files: the {what} could not be confirmed ({status})."));
        }
    }
    Ok("Generated files: code and docs are up to date".to_owned())
}

/// Runs one check with its output shown. Returns its line for the summary; an error ends
/// with `remedy`.
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
