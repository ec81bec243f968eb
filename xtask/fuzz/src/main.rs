//! `cargo xtask fuzz`: looks for input that breaks a promise, for as long as one
//! has time for it. What was found before is part of every `cargo xtask test`.
//!
//! The fuzzer needs a nightly compiler, and everything compiled anew for it; no
//! other step does. What the targets do is not known here.

use std::fs;
use std::process::ExitCode;

use xtask_process::{Interrupt, Interrupted, cargo};
use xtask_step::console::{heading, holds};
use xtask_step::outcome::{Outcome, fail};
use xtask_step::{Arguments, workspace};

/// How long to fuzz a target, if not said otherwise.
const SECONDS: u32 = 120;

/// How long one input may take, in seconds. What is compiled to be watched is slow,
/// and the machine may have more to do.
const LONGEST: u32 = 60;

/// The memory that one input may take, in MB.
const LARGEST: u32 = 4096;

fn main() -> ExitCode {
    xtask_process::block_on(run())
}

/// Runs a target, or one after the other, for so many seconds each.
async fn run() -> Outcome {
    let mut arguments = Arguments::from_env();
    let seconds = arguments.opt_value_from_str("--seconds")?.unwrap_or(SECONDS);
    let target: Option<String> = arguments.opt_free_from_str()?;
    xtask_step::finish(arguments)?;
    let targets = chosen(targets()?, target)?;
    let interrupt = Interrupt::listen()?;
    installed(&interrupt).await?;
    for target in &targets {
        heading(&format!("Fuzzing {target}"));
        fuzz(target, seconds, &interrupt).await?;
        holds(&format!("{target}: nothing was found in {seconds} s"));
    }
    Ok(())
}

async fn fuzz(target: &str, seconds: u32, interrupt: &Interrupt) -> Outcome {
    // What the fuzzer thinks up goes to the first folder; the corpus is only read.
    let thought_up = workspace::root().join("target").join("fuzz").join(target);
    fs::create_dir_all(&thought_up)?;
    let run = cargo::nightly().args(["fuzz", "run", target]).args([thought_up]);
    let run = run.args([&format!("fuzz/corpus/{target}"), "--"]).args([
        format!("-max_total_time={seconds}"),
        format!("-timeout={LONGEST}"),
        format!("-rss_limit_mb={LARGEST}"),
    ]);
    match run.run(interrupt).await?.success() {
        true => Ok(()),
        false => fail(found(target)),
    }
}

fn found(target: &str) -> String {
    format!(
        "{target}: what stands above was found, or kept the fuzzer from running. An input that \
         was found is in fuzz/artifacts/{target}. Copy it to fuzz/corpus/{target} under a name \
         that tells what it is; `cargo test --test fuzz {target}` then shows it without the fuzzer."
    )
}

/// The targets that there are.
fn targets() -> Outcome<Vec<String>> {
    let entries = fs::read_dir(workspace::root().join("fuzz").join("fuzz_targets"))?;
    let mut targets = Vec::new();
    for entry in entries {
        let path = entry?.path();
        targets.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    }
    targets.sort();
    Ok(targets)
}

/// The one that was asked for, or all.
fn chosen(targets: Vec<String>, target: Option<String>) -> Outcome<Vec<String>> {
    match target {
        None => Ok(targets),
        Some(target) if targets.contains(&target) => Ok(vec![target]),
        Some(target) => {
            fail(format!("There is no target `{target}`. There are {}.", targets.join(", ")))
        }
    }
}

/// Fails where a tool is missing.
async fn installed(interrupt: &Interrupt) -> Outcome {
    let tools: [(&[&str], &str); 2] = [
        (
            &["--version"],
            "a nightly compiler, by rustup. Run `rustup toolchain install nightly --profile minimal`",
        ),
        (&["fuzz", "--version"], "cargo-fuzz. Run `cargo install cargo-fuzz`"),
    ];
    for (arguments, tool) in tools {
        let asked = match cargo::nightly().args(arguments).quietly(interrupt).await {
            Err(error) if error.is::<Interrupted>() => return Err(error),
            asked => asked.is_ok_and(|output| output.status.success()),
        };
        if !asked {
            return fail(format!("The fuzzer needs {tool}, then run this again."));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_that_there_is_not_is_told_with_those_there_are() {
        let all = targets().unwrap();
        assert!(all.iter().any(|target| target == "msgpack"), "{all:?}");
        assert_eq!(chosen(all.clone(), None).unwrap(), all);
        assert_eq!(chosen(all.clone(), Some("msgpack".to_owned())).unwrap(), ["msgpack"]);
        let error = chosen(all, Some("msg".to_owned())).unwrap_err().to_string();
        assert!(error.contains("no target `msg`") && error.contains("msgpack"), "{error}");
    }
}
