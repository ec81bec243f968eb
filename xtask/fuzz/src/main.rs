//! `cargo xtask fuzz`: looks for input that breaks a promise, for a given time. Inputs
//! that were found before are part of every `cargo xtask test`.
//!
//! The fuzzer needs a nightly compiler and a build of its own. This step knows only the
//! names of the targets.

use std::fs;
use std::process::ExitCode;

use xtask_step::console::{heading, holds};
use xtask_step::outcome::{Outcome, fail, is_interrupted};
use xtask_step::{Arguments, Interrupt, cargo, workspace};

/// The time for each target, in seconds, unless an option sets it.
const SECONDS: u32 = 120;

/// The time that one input may take, in seconds. Instrumented code is slow, and the
/// machine may be busy.
const MAX_SECONDS: u32 = 60;

/// The memory that one input may take, in MB.
const MAX_MEMORY: u32 = 4096;

fn main() -> ExitCode {
    xtask_step::block_on(run())
}

/// Fuzzes one target, or all of them in turn.
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
    // The fuzzer writes its own inputs to the first folder; the corpus is only read.
    let generated = workspace::root().join("target").join("fuzz").join(target);
    fs::create_dir_all(&generated)?;
    let run = cargo::nightly().args(["fuzz", "run", target]).args([generated]);
    let run = run.args([&format!("fuzz/corpus/{target}"), "--"]).args([
        format!("-max_total_time={seconds}"),
        format!("-timeout={MAX_SECONDS}"),
        format!("-rss_limit_mb={MAX_MEMORY}"),
    ]);
    match run.run(interrupt).await?.success() {
        true => Ok(()),
        false => fail(found(target)),
    }
}

fn found(target: &str) -> String {
    format!(
        "{target}: the fuzzer found an input, or could not run; its output is above. An input that \
         it found is in fuzz/artifacts/{target}. Copy it to fuzz/corpus/{target} under a name \
         that describes it; `cargo test --test fuzz {target}` then shows it without the fuzzer."
    )
}

/// The names of all targets.
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

/// The target of this name, or all targets.
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
            Err(error) if is_interrupted(&*error) => return Err(error),
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
    fn refuses_an_unknown_target_and_names_the_known_ones() {
        let all = targets().unwrap();
        assert!(all.iter().any(|target| target == "msgpack"), "{all:?}");
        assert_eq!(chosen(all.clone(), None).unwrap(), all);
        assert_eq!(chosen(all.clone(), Some("msgpack".to_owned())).unwrap(), ["msgpack"]);
        let error = chosen(all, Some("msg".to_owned())).unwrap_err().to_string();
        assert!(error.contains("no target `msg`") && error.contains("msgpack"), "{error}");
    }
}
