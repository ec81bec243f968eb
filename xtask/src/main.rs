//! The development loop of this repository: `cargo xtask <step>`.

mod bench;
mod cargo;
mod checksum;
mod codegen;
mod console;
mod demo;
mod dist;
mod docs;
mod http;
mod outcome;
mod platform;
mod program;
mod test;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::program::Interrupted;

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
        /// Leave the emulator and the connections up at the end, to go on by hand.
        #[arg(long)]
        keep: bool,
    },
    /// Run every check there is.
    Test,
    /// Look for input that breaks a promise, with a fuzzer.
    Fuzz {
        /// Where it comes in by; every one after the other where none is named.
        target: Option<String>,
        /// How long to look, for each target.
        #[arg(long, default_value_t = 120)]
        seconds: u32,
    },
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
    /// Measure what Terraform's commands cost with the provider.
    Bench(bench::Options),
}

/// What a shell reports of a program that Ctrl-C has ended.
const ENDED_BY_INTERRUPT: u8 = 130;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let outcome = match Arguments::parse().step {
        Step::Demo { keep } => demo::run(keep).await,
        Step::Test => test::run().await,
        Step::Fuzz { target, seconds } => test::fuzz::run(target, seconds).await,
        Step::Codegen { check } => codegen::run(check),
        Step::Docs { check } => docs::run(check),
        Step::Dist => dist::run().await,
        Step::Bench(options) => bench::run(options).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console::error(&error.to_string());
            match error.is::<Interrupted>() {
                true => ExitCode::from(ENDED_BY_INTERRUPT),
                false => ExitCode::FAILURE,
            }
        }
    }
}
