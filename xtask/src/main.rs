//! The development loop of this repository: `cargo xtask <step>`.

mod codegen;
mod demo;
mod dist;
mod docs;
mod outcome;
mod test;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The development loop of this repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    step: Step,
}

#[derive(Debug, Subcommand)]
enum Step {
    /// See the provider work: a tour with the real CLI against the emulator.
    Demo {
        /// Leave the emulator up at the end, to go on by hand.
        #[arg(long)]
        keep: bool,
    },
    /// Run every check there is.
    Test,
    /// Generate the Rust of the protocol from proto/.
    Codegen {
        /// Compare with what is committed instead of writing.
        #[arg(long)]
        check: bool,
    },
    /// Generate docs/ from the schema, the examples and the templates.
    Docs {
        /// Compare with what is committed instead of writing.
        #[arg(long)]
        check: bool,
    },
    /// Build the release archive for this machine's platform.
    Dist,
}

#[expect(clippy::print_stderr, reason = "this is where errors reach the terminal")]
fn main() -> ExitCode {
    let outcome = match Arguments::parse().step {
        Step::Demo { keep } => demo::run(keep),
        Step::Test => test::run(),
        Step::Codegen { check } => codegen::run(check),
        Step::Docs { check } => docs::run(check),
        Step::Dist => dist::run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
