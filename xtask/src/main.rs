//! The development loop of this repository: `cargo xtask <step>`.

mod codegen;
mod outcome;
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
    /// Generate the Rust of the protocol from proto/.
    Codegen {
        /// Compare with what is committed instead of writing.
        #[arg(long)]
        check: bool,
    },
}

#[expect(clippy::print_stderr, reason = "this is where errors reach the terminal")]
fn main() -> ExitCode {
    let outcome = match Arguments::parse().step {
        Step::Codegen { check } => codegen::run(check),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
