//! What every step of the development loop stands on.
//!
//! A step is one package below `xtask/`, with a program of its own. `cargo xtask
//! demo` compiles and runs `xtask-demo`, so that each step waits for no more than
//! it uses. This crate has the parts that no step can do without: arguments, the
//! terminal, the way a step ends, and the folders of the checkout. It starts no
//! programs; that is `xtask-process`.

pub mod console;
pub mod outcome;
pub mod platform;
pub mod workspace;

pub use pico_args::Arguments;

use crate::outcome::{Outcome, fail_usage};

/// Fails where the command line has more than the step has taken from it.
pub fn finish(arguments: Arguments) -> Outcome {
    match arguments.finish().first() {
        None => Ok(()),
        Some(extra) => fail_usage(format!("unexpected argument {}", extra.display())),
    }
}
