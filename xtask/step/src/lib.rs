//! The parts that the steps of the development loop share: arguments, the terminal,
//! the end of a step, the folders of the checkout, programs that a step starts, and
//! Terraform among them.
//!
//! A step is a package below `xtask/` with a program of its own. `cargo xtask demo`
//! compiles and runs `xtask-demo`, so that each step waits only for the code that it
//! uses. This crate must therefore stay quick to compile: no macros from other crates,
//! no HTTP, nothing of the provider.

pub mod cargo;
pub mod console;
mod interrupt;
pub mod outcome;
pub mod platform;
mod program;
pub mod terraform;
pub mod workspace;

use std::process::ExitCode;

use tokio::runtime::Builder;

pub use interrupt::Interrupt;
pub use pico_args::Arguments;
pub use program::{Program, Running};

use crate::outcome::{Outcome, fail_usage};

/// Runs a step to its end on this thread and returns the exit code.
pub fn block_on(step: impl Future<Output = Outcome>) -> ExitCode {
    let runtime = Builder::new_current_thread().enable_all().build();
    outcome::exit_code(runtime.map_err(Into::into).and_then(|runtime| runtime.block_on(step)))
}

/// Fails if the command line has arguments that the step has not taken from it.
pub fn finish(arguments: Arguments) -> Outcome {
    match arguments.finish().first() {
        None => Ok(()),
        Some(extra) => fail_usage(format!("unexpected argument {}", extra.display())),
    }
}
