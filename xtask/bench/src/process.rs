//! The provider's processes: the time of a start, the number of starts of a command, and
//! their memory.
//!
//! Starts and memory of a command are recorded by a script that is installed instead of
//! the provider: it notes its process id and becomes the provider. The high-water mark of
//! each process is read from `/proc`. Timed runs do without the script.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::pin::pin;
use std::time::{Duration, Instant};

use flink_emulator::Emulator;
use tokio::time::timeout;
use xtask_step::cargo::MAX_SIZE;
use xtask_step::console::heading;
use xtask_step::outcome::{Outcome, fail};
use xtask_step::{Program, workspace};

use super::bench::Bench;
use super::report::{Report, thousands};
use super::samples::percentile;
use super::side::{Command, Side};

/// The number of starts that are measured.
const STARTS: usize = 100;

/// The time that Terraform waits for the handshake.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(60);

/// The environment in which Terraform starts a provider.
const HOST: [(&str, &str); 4] = [
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"),
    ("PLUGIN_PROTOCOL_VERSIONS", "5"),
    ("PLUGIN_MIN_PORT", "10000"),
    ("PLUGIN_MAX_PORT", "25000"),
];

/// A certificate like the one that Terraform makes for each start.
const CERTIFICATE: &str = "crates/tf-provider/tests/fixtures/plugin/launcher.pem";

/// The number of starts of each command. Terraform decides it, not the provider.
const PROCESSES: [(Command, usize); 4] =
    [(Command::Validate, 2), (Command::Apply, 4), (Command::Plan, 3), (Command::Destroy, 5)];

/// The pause between two looks at memory. The high-water mark only rises, so a look
/// misses only what happens right before the end.
const INTERVAL: Duration = Duration::from_millis(2);

/// Measures the program's size, the time to its handshake and its memory when idle.
pub(super) async fn measure_start(bench: &Bench, report: &mut Report) -> Outcome {
    let (mut times, mut memory) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let (time, resident) = start(bench).await?;
        times.push(time);
        memory.extend(resident);
    }
    let milliseconds = |percent| percentile(&times, percent).as_secs_f64() * 1000.0;
    let what = format!("exec to handshake, p50 / p95 of {STARTS}");
    let ours = format!("{:.1} ms / {:.1} ms", milliseconds(50), milliseconds(95));
    report.ours(what, ours, "2 / 5 ms");
    memory.sort();
    if let Some(median) = memory.get(memory.len() / 2) {
        report.ours("resident memory when idle", mebibytes(*median), "8 MiB");
    }
    let size = usize::try_from(fs::metadata(&bench.provider)?.len())?;
    report.limit("bytes of the program", size, MAX_SIZE);
    let megabytes = |bytes: usize| format!("{:.1} MB", bytes as f64 / 1e6);
    let ours = format!("{} ({} bytes)", megabytes(size), thousands(size));
    report.ours("program, stripped", ours, &megabytes(MAX_SIZE));
    Ok(())
}

/// Starts the program as Terraform does, and ends it. Returns the time to its handshake
/// and its memory after that, in KiB.
async fn start(bench: &Bench) -> Outcome<(Duration, Option<u64>)> {
    let certificate = fs::read_to_string(workspace::root().join(CERTIFICATE))?;
    let program = Program::new(&bench.provider).env("PLUGIN_CLIENT_CERT", certificate);
    let program = HOST.iter().fold(program, |program, (name, value)| program.env(name, value));
    let started = Instant::now();
    let mut running = program.start()?;
    let line = running.next_line(HANDSHAKE_TIMEOUT, &bench.interrupt).await?;
    let time = started.elapsed();
    if !line.is_some_and(|line| line.starts_with("1|5|")) {
        return fail("the provider ended, or printed no handshake");
    }
    let memory = running.id().and_then(|id| status(id, "VmRSS"));
    running.terminate().await?;
    Ok((time, memory))
}

/// Counts the starts of the provider for each command.
pub(super) async fn count_starts(bench: &Bench, report: &mut Report) -> Outcome {
    heading("Processes");
    let emulator = Emulator::start().await;
    let Some(watched) = Watched::prepare(bench, "processes", &emulator).await? else {
        report.note("Processes and peak memory are not measured on this system.");
        return Ok(());
    };
    let [mut names, mut counts, mut targets] = [(); 3].map(|()| Vec::new());
    for (command, target) in PROCESSES {
        let count = watched.run(command, 1).await?.processes;
        report.limit(&format!("processes of `{command}`"), count, target);
        names.push(format!("`{command}`"));
        counts.push(count.to_string());
        targets.push(target.to_string());
    }
    let what = format!("processes of {}", names.join(" / "));
    report.ours(what, counts.join(" / "), &targets.join(" / "));
    Ok(())
}

/// A side whose provider is watched.
#[derive(Debug)]
pub(super) struct Watched<'a> {
    pub(super) side: Side<'a>,
    notes: PathBuf,
}

/// The processes of a command.
#[derive(Debug)]
pub(super) struct Seen {
    processes: usize,
    /// The highest memory of one process, in KiB, where the system shows it.
    pub(super) peak: Option<u64>,
}

impl<'a> Watched<'a> {
    /// Installs the script; `None` where scripts are no programs.
    pub(super) async fn prepare(
        bench: &'a Bench,
        name: &str,
        emulator: &Emulator,
    ) -> Outcome<Option<Self>> {
        if !cfg!(unix) {
            return Ok(None);
        }
        let notes = bench.folder.join(format!("{name}.started"));
        let script = bench.folder.join(format!("{name}.sh"));
        let (quoted, provider) = (notes.display(), bench.provider.display());
        fs::write(&script, format!("#!/bin/sh\necho $$ >>'{quoted}'\nexec '{provider}' \"$@\"\n"))?;
        #[cfg(unix)]
        fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        let side = Side::ours(bench, name, &script, emulator).await?;
        Ok(Some(Self { side, notes }))
    }

    pub(super) async fn run(&self, command: Command, objects: usize) -> Outcome<Seen> {
        fs::write(&self.notes, "")?;
        let mut peaks = BTreeMap::new();
        let mut run = pin!(self.side.run(command, objects));
        loop {
            match timeout(INTERVAL, run.as_mut()).await {
                Ok(done) => {
                    done?;
                    break;
                }
                Err(_) => {
                    for process in self.started()? {
                        peaks.extend(status(process, "VmHWM").map(|peak| (process, peak)));
                    }
                }
            }
        }
        Ok(Seen { processes: self.started()?.len(), peak: peaks.into_values().max() })
    }

    /// The ids of the processes that were started.
    fn started(&self) -> Outcome<Vec<u32>> {
        let notes = fs::read_to_string(&self.notes)?;
        Ok(notes.lines().filter_map(|line| line.parse().ok()).collect())
    }
}

/// A value of a process's status, in KiB.
pub(super) fn status(process: u32, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let value = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    value.trim().strip_suffix(" kB")?.parse().ok()
}

/// KiB as MiB.
pub(super) fn mebibytes(kibibytes: u64) -> String {
    format!("{:.1} MiB", kibibytes as f64 / 1024.0)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn reads_the_memory_of_a_process() {
        let read = |name| status(std::process::id(), name).unwrap();
        assert!(read("VmHWM") >= read("VmRSS") / 2 && read("VmRSS") > 100);
        assert_eq!(status(std::process::id(), "Vm"), None);
        assert_eq!(mebibytes(5_427), "5.3 MiB");
    }
}
