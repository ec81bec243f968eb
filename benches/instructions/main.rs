//! `cargo bench --bench instructions`: what the provider's own work costs, as
//! counts that do not depend on the clock.
//!
//! Each subject is run by valgrind, which counts the instructions of a whole
//! process. The count of a few repetitions is taken from that of many, so that
//! start and preparation drop out. Nothing here compares, and nothing fails
//! because a count has grown: the table is for people. It knows the public face
//! of the crates and nothing behind it.

mod codec;
mod count;
mod plan;
mod rest;
mod server;

use std::io::{self, Write};
use std::process::ExitCode;

use crate::count::Subject;

/// In the order of the table.
fn subjects() -> Vec<Subject> {
    [codec::subjects(), rest::subjects(), plan::subjects()].concat()
}

fn main() -> ExitCode {
    let outcome = match count::repetitions() {
        Some((name, times)) => repeat(&name, times),
        None => table(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // With no one to read it, there is no one left to tell.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The process that is counted.
fn repeat(name: &str, times: usize) -> io::Result<()> {
    let subject = subjects().into_iter().find(|subject| subject.name == name);
    let subject = subject.ok_or_else(|| io::Error::other(format!("there is no subject {name}")))?;
    (subject.repeat)(times);
    Ok(())
}

fn table() -> io::Result<()> {
    let mut output = io::stdout();
    writeln!(output, "| | instructions |\n|---|---|")?;
    for subject in subjects() {
        writeln!(output, "| {} | {} |", subject.name, thousands(count::count(&subject)?))?;
        output.flush()?;
    }
    Ok(())
}

fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(",")
}
