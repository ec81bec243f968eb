//! The development loop of this repository: `cargo xtask <step>`.
//!
//! Each step is a package of its own below `xtask/`, so that cargo compiles what
//! that step uses and nothing else. This program knows their names and options; it
//! uses nothing but the standard library, so that `--help` and mistakes on the
//! command line are answered at once.

mod usage;

use std::env;
use std::ffi::OsString;
use std::io::{Write, stderr, stdout};
use std::process::{Command, ExitCode};

use self::usage::Step;

/// The exit code for an invalid command line.
const WRONG_USAGE: u8 = 2;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    let words: Vec<String> =
        arguments.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    match usage::read(&words) {
        Ok(Some(step)) => run(step, &arguments[1..]),
        Ok(None) => {
            // A closed output is no reason to fail.
            let _ = write!(stdout(), "{}", usage::help(&words));
            ExitCode::SUCCESS
        }
        Err(mistake) => {
            let _ = writeln!(stderr(), "error: {mistake}\n\n{}", usage::help(&words).trim_end());
            ExitCode::from(WRONG_USAGE)
        }
    }
}

/// Runs the package of a step with Cargo, which compiles it first.
fn run(step: &Step, arguments: &[OsString]) -> ExitCode {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["run", "--package", &format!("xtask-{}", step.name), "--"]).args(arguments);
    // Builds that see which package `cargo run` has started differ from builds that are
    // started by hand. `xtask-step` has the same rule for its own builds.
    for (name, _) in env::vars_os() {
        let described = name.to_string_lossy();
        if described.starts_with("CARGO_PKG_") || described.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    become_command(command)
}

/// Replaces this process by Cargo, so that signals and exit codes are the step's.
#[cfg(unix)]
fn become_command(mut command: Command) -> ExitCode {
    let error = std::os::unix::process::CommandExt::exec(&mut command);
    cannot_start(&error)
}

#[cfg(not(unix))]
fn become_command(mut command: Command) -> ExitCode {
    match command.status() {
        Ok(status) => {
            let code = status.code().and_then(|code| u8::try_from(code).ok());
            code.map_or(ExitCode::FAILURE, ExitCode::from)
        }
        Err(error) => cannot_start(&error),
    }
}

fn cannot_start(error: &std::io::Error) -> ExitCode {
    let _ = writeln!(stderr(), "error: cargo cannot be started: {error}");
    ExitCode::FAILURE
}
