//! Processes and memory of a command.
//!
//! The CLI starts the provider several times, so what it installs here is a
//! script that notes its process and becomes the provider. While the command
//! runs, the high-water mark of each noted process is read from `/proc`. None of
//! this happens in a run that is timed.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::pin::pin;
use std::time::Duration;

use tokio::time::timeout;
use xtask_emulator::Emulator;
use xtask_step::console::heading;
use xtask_step::outcome::Outcome;

use super::Bench;
use super::command::Command;
use super::report::{Report, Row};
use super::side::Side;
use super::target::PROCESSES;

/// How often memory is looked at. The mark only rises, so that between two looks
/// nothing is lost but what happens right before the end.
const INTERVAL: Duration = Duration::from_millis(2);

/// Whether scripts are programs here.
pub(super) const IS_POSSIBLE: bool = cfg!(unix);

/// A side whose provider is watched.
#[derive(Debug)]
pub(super) struct Watched {
    pub(super) side: Side,
    notes: PathBuf,
}

/// What a command took.
#[derive(Debug)]
pub(super) struct Seen {
    /// How many times the provider was started.
    pub(super) processes: usize,
    /// The most memory that one of them had, in KiB, where the system tells.
    pub(super) peak: Option<u64>,
}

impl Watched {
    pub(super) async fn prepare(bench: &Bench, name: &str, emulator: &Emulator) -> Outcome<Self> {
        let notes = bench.folder.join(format!("{name}.started"));
        let script = bench.folder.join(format!("{name}.sh"));
        let (quoted, provider) = (notes.display(), bench.provider.display());
        fs::write(&script, format!("#!/bin/sh\necho $$ >>'{quoted}'\nexec '{provider}' \"$@\"\n"))?;
        #[cfg(unix)]
        fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        fs::write(&notes, "")?;
        let side = Side::ours(bench, name, &script, emulator).await?;
        Ok(Self { side, notes })
    }

    pub(super) async fn run(&self, command: Command, objects: usize) -> Outcome<Seen> {
        fs::write(&self.notes, "")?;
        let mut peaks = BTreeMap::new();
        let mut run = pin!(self.side.run(command, objects));
        loop {
            match timeout(INTERVAL, run.as_mut()).await {
                Ok(done) => break done.map(drop)?,
                Err(_) => self.look(&mut peaks)?,
            }
        }
        Ok(Seen { processes: self.started()?.len(), peak: peaks.into_values().max() })
    }

    fn look(&self, peaks: &mut BTreeMap<u32, u64>) -> Outcome {
        for process in self.started()? {
            if let Some(peak) = status(process, "VmHWM") {
                peaks.insert(process, peak);
            }
        }
        Ok(())
    }

    fn started(&self) -> Outcome<Vec<u32>> {
        let notes = fs::read_to_string(&self.notes)?;
        Ok(notes.lines().filter_map(|line| line.parse().ok()).collect())
    }
}

/// Counts how many times each command starts the provider.
pub(super) async fn count_processes(bench: &Bench, report: &mut Report) -> Outcome {
    if !IS_POSSIBLE {
        report.note("Processes and peak memory are not measured on this system.");
        return Ok(());
    }
    heading("Processes");
    let emulator = Emulator::start(&bench.emulator, &bench.interrupt).await?;
    let watched = Watched::prepare(bench, "processes", &emulator).await?;
    let mut counts = BTreeMap::new();
    // A plan is counted where there is nothing to do, so after the apply.
    for command in [Command::Validate, Command::Apply, Command::Plan, Command::Destroy] {
        counts.insert(command, watched.run(command, 1).await?.processes);
    }
    let mut shown = [Vec::new(), Vec::new(), Vec::new()];
    for (command, most) in PROCESSES {
        let count = counts.get(&command).copied().unwrap_or_default();
        report.limit(&format!("processes of `{command}`"), count, most);
        let cells = [format!("`{command}`"), count.to_string(), most.to_string()];
        shown.iter_mut().zip(cells).for_each(|(list, cell)| list.push(cell));
    }
    let [what, ours, target] = shown.map(|list| list.join(" / "));
    report.row(Row { what: format!("processes of {what}"), ours, target, ..Row::default() });
    Ok(())
}

/// A line of a process's status, in KiB.
pub(super) fn status(process: u32, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let value = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    value.trim().strip_suffix(" kB")?.parse().ok()
}

/// KiB in a unit that fits.
pub(super) fn mebibytes(kibibytes: u64) -> String {
    format!("{:.1} MiB", kibibytes as f64 / 1024.0)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_process_tells_its_memory_and_its_peak() {
        let read = |name| status(std::process::id(), name).unwrap();
        assert!(read("VmHWM") >= read("VmRSS") / 2 && read("VmRSS") > 100);
        assert_eq!(status(std::process::id(), "Vm"), None);
    }

    #[test]
    fn kibibytes_are_told_as_mebibytes() {
        assert_eq!(mebibytes(5_427), "5.3 MiB");
    }
}
