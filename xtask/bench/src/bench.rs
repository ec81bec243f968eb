//! The programs of a run and its settings, which all measurements share. Knows no
//! measurement.

use std::path::{Path, PathBuf};

use xtask_step::cargo::Binary;
use xtask_step::console::{heading, say};
use xtask_step::outcome::{Outcome, fail, is_interrupted};
use xtask_step::terraform::Cli;
use xtask_step::{Interrupt, Program, workspace};

use super::options::Options;

/// The programs that are measured, and the settings.
#[derive(Debug)]
pub(super) struct Bench {
    pub(super) options: Options,
    pub(super) cli: Cli,
    pub(super) provider: PathBuf,
    /// The folder for files of this run.
    pub(super) folder: PathBuf,
    pub(super) interrupt: Interrupt,
}

impl Bench {
    /// Finds the CLI and builds the provider.
    pub(super) async fn prepare(options: Options) -> Outcome<Self> {
        let interrupt = Interrupt::listen()?;
        let cli = match &options.cli {
            Some(path) => Cli::at(existing("--cli", path)?, &interrupt).await?,
            None => Cli::find_or_fetch(&interrupt).await?,
        };
        heading("Build");
        say(&format!("The benchmarks run {cli}."));
        let provider = match &options.provider {
            Some(path) => existing("--provider", path)?,
            None => Binary::PROVIDER.build_release(&interrupt).await?,
        };
        let folder = workspace::scratch("bench")?;
        Ok(Self { options, cli, provider, folder, interrupt })
    }

    /// Describes the machine and the programs.
    pub(super) async fn conditions(&self) -> Outcome<String> {
        let read = |path| std::fs::read_to_string(path).unwrap_or_default();
        let processors = read("/proc/cpuinfo");
        let processor =
            processors.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
        let release = read("/etc/os-release");
        let system = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
        let git = Program::new("git").args(["describe", "--always", "--dirty", "--exclude=*"]);
        let commit = self.ask(git.current_dir(workspace::root())).await?;
        let build = match (&self.options.provider, commit) {
            (Some(_), _) => "a provider that was built before".to_owned(),
            (None, Some(commit)) => format!("the release build of {commit}"),
            (None, None) => "the release build of an unknown commit".to_owned(),
        };
        Ok(format!(
            "Measured on {} cores ({}, {}), {}, with {} and {build}. CLI, provider and emulator \
             share the machine; the emulator waits {} ms before each answer. A ratio is the median \
             of the rounds' own ratios.",
            std::thread::available_parallelism().map_or(0, usize::from),
            processor.unwrap_or("unnamed processor"),
            std::env::consts::ARCH,
            system.unwrap_or(std::env::consts::OS).trim_matches('"'),
            self.cli.name(),
            self.options.latency,
        ))
    }

    /// The output of a program, or `None` if it is missing or fails.
    pub(super) async fn ask(&self, program: Program) -> Outcome<Option<String>> {
        match program.quietly(&self.interrupt).await {
            Ok(output) if output.status.success() => {
                Ok(Some(String::from_utf8_lossy(&output.stdout).trim().to_owned()))
            }
            Err(error) if is_interrupted(&*error) => Err(error),
            _ => Ok(None),
        }
    }
}

/// The absolute path of the program that an option names.
fn existing(option: &str, path: &Path) -> Outcome<PathBuf> {
    match path.is_file() {
        true => Ok(std::path::absolute(path)?),
        false => fail(format!("{option} names no file: {}", path.display())),
    }
}
