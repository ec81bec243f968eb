//! Counting the instructions of one repetition.

use std::io;
use std::process::Command;

/// A piece of work whose instructions are counted.
#[derive(Clone, Copy)]
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    /// Prepares the work and repeats it so many times.
    pub(crate) repeat: fn(usize),
}

/// The repetitions of the first run, which also pays for everything that is done once.
const FEW: usize = 5;

/// The further repetitions of the second run, over which the difference is averaged.
const MORE: usize = 40;

/// The argument of a process whose instructions are counted. The name of the subject and
/// the number of repetitions follow.
const REPEAT: &str = "--repeat";

/// The subject and the number of repetitions, if this process is counted.
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
        io::ErrorKind::NotFound => {
            io::Error::other("valgrind counts the instructions, and is not installed")
        }
        _ => error,
    })?;
    let printed = String::from_utf8_lossy(&output.stderr);
    let count = printed
        .lines()
        .find_map(|line| line.split_once("I refs:").or(line.split_once("I   refs:")));
    let count = count.and_then(|(_, count)| count.trim().replace(',', "").parse().ok());
    match count {
        Some(count) if output.status.success() => Ok(count),
        _ => Err(io::Error::other(format!("{name} ended with {}:\n{printed}", output.status))),
    }
}
