//! Counting the instructions of one repetition.

use std::io;
use std::process::Command;

/// Something to count.
#[derive(Clone, Copy)]
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    /// Prepares itself, and then does it so many times.
    pub(crate) repeat: fn(usize),
}

/// Repetitions after which nothing is done for the first time any more.
const FEW: usize = 5;

/// Repetitions more than those, among which chance evens out.
const MORE: usize = 40;

/// The argument by which a process knows that it is counted; the name of the
/// subject and the number of repetitions follow.
const REPEAT: &str = "--repeat";

/// What this process is to repeat, if it is one that is counted.
pub(crate) fn repetitions() -> Option<(String, usize)> {
    let mut arguments = std::env::args().skip_while(|argument| argument != REPEAT).skip(1);
    Some((arguments.next()?, arguments.next()?.parse().ok()?))
}

/// The instructions of one repetition.
pub(crate) fn count(subject: &Subject) -> io::Result<u64> {
    let few = total(subject.name, FEW)?;
    let many = total(subject.name, FEW + MORE)?;
    Ok(many.saturating_sub(few) / MORE as u64)
}

/// The instructions of a process.
fn total(name: &str, times: usize) -> io::Result<u64> {
    let valgrind = Command::new("valgrind")
        .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
        .arg(std::env::current_exe()?)
        .args([REPEAT, name, &times.to_string()])
        .output();
    let output = valgrind.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => io::Error::other("valgrind counts here, and is not installed"),
        _ => error,
    })?;
    let said = String::from_utf8_lossy(&output.stderr);
    let count =
        said.lines().find_map(|line| line.split_once("I refs:").or(line.split_once("I   refs:")));
    let count = count.and_then(|(_, count)| count.trim().replace(',', "").parse().ok());
    match count {
        Some(count) if output.status.success() => Ok(count),
        _ => Err(io::Error::other(format!("{name} ended with {}:\n{said}", output.status))),
    }
}
