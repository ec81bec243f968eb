//! `cargo bench --bench instructions`: the cost of the provider's own work in
//! instructions, which do not depend on the clock.
//!
//! Valgrind counts the instructions of a whole process. The count of few repetitions is
//! subtracted from the count of many, which removes start and preparation. The table has
//! no targets. The benchmarks use only the public interface of the crates.

mod codec;
mod count;
mod plan;
mod rest;
mod server;

use std::io::{self, Write};
use std::process::ExitCode;

use crate::count::Subject;

/// The subjects in the order of the table.
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
            // A closed output is no reason to fail differently.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs as the process whose instructions are counted.
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
