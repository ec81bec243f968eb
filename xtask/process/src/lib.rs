//! Programs that a step starts: Cargo, Terraform, and others.
//!
//! None outlives the step. Ctrl-C reaches the step alone, which passes it on once
//! and waits for the programs to end.
//!
//! `cargo xtask test` begins to check as soon as this crate is compiled, so it does
//! without macros and without JSON, which take longer than all the rest.

pub mod cargo;
mod interrupt;
mod program;

use std::process::ExitCode;

use tokio::runtime::Builder;
use xtask_step::outcome::{self, Outcome};

pub use xtask_step::outcome::Interrupted;

pub use self::interrupt::Interrupt;
pub use self::program::{Program, Running};

/// Runs a step to its end, on this thread alone. Returns the exit code.
pub fn block_on(step: impl Future<Output = Outcome>) -> ExitCode {
    let runtime = Builder::new_current_thread().enable_all().build();
    outcome::exit_code(runtime.map_err(Into::into).and_then(|runtime| runtime.block_on(step)))
}
