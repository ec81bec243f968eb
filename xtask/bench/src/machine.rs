//! What a run was measured on, in one line.

use std::env::consts::ARCH;
use std::fs;
use std::thread::available_parallelism;

use xtask_process::Program;
use xtask_step::outcome::Outcome;
use xtask_step::workspace;

use super::Bench;

pub(super) async fn describe(bench: &Bench) -> Outcome<String> {
    let cores = available_parallelism().map_or(0, usize::from);
    let (processor, system) = (processor(), system());
    let (cli, latency) = (bench.cli.name(), bench.options.latency);
    let build = match bench.options.provider {
        Some(_) => "a provider that was built beforehand".to_owned(),
        None => format!("the release build of {}", commit(bench).await?),
    };
    Ok(format!(
        "Measured on {cores} cores ({processor}, {ARCH}), {system}, with {cli} and {build}. CLI, \
         provider and emulator share the machine; the emulator waits {latency} ms before each \
         answer. A ratio is the median of the rounds' own ratios."
    ))
}

/// The processor's name, where the system tells it in a file.
fn processor() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let names = text.lines().filter_map(|line| line.strip_prefix("model name"));
    let name = names.map(|rest| rest.trim_start_matches([' ', '\t', ':'])).next();
    name.unwrap_or("unnamed processor").trim().to_owned()
}

fn system() -> String {
    let text = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    let name = name.map(|name| name.trim_matches('"')).unwrap_or(std::env::consts::OS);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{name} {}", kernel.trim()).trim_end().to_owned()
}

/// The commit that is checked out, where this is a checkout.
async fn commit(bench: &Bench) -> Outcome<String> {
    let git = Program::new("git").args(["describe", "--always", "--dirty", "--exclude=*"]);
    let commit = bench.ask(git.current_dir(workspace::root())).await?;
    Ok(commit.unwrap_or_else(|| "an unknown commit".to_owned()))
}
