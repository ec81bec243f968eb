//! `cargo xtask bench`: the cost of Terraform's commands with the provider.
//!
//! Each figure stands beside two others: the floor, which is the same command on as many
//! `terraform_data`, and the smallest provider of the framework with the same attributes,
//! which sends no request. The three take turns, so that a slow machine slows all.
//!
//! A count (requests, connections, processes, bytes of the program) above its target
//! fails the run, because counts do not depend on the machine. A time never does.

mod options;
mod plan;
mod process;
mod report;
mod samples;
mod side;
mod soak;
mod state;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use xtask_step::cargo::{Binary, PROVIDER, cargo};
use xtask_step::console::{heading, line, say};
use xtask_step::outcome::{Outcome, fail, is_interrupted};
use xtask_step::terraform::Cli;
use xtask_step::{Arguments, Interrupt, Program, workspace};

use self::options::{Options, Part};
use self::report::{Report, counted};
use self::samples::Samples;
use self::side::{Command, Sides};

/// The most objects to create. The time that Terraform itself takes grows with the square
/// of their number.
const MAX_CREATED: usize = 1000;

/// The programs that are measured, and the settings.
#[derive(Debug)]
struct Bench {
    options: Options,
    cli: Cli,
    provider: PathBuf,
    /// The folder for files of this run.
    folder: PathBuf,
    interrupt: Interrupt,
}

fn main() -> ExitCode {
    xtask_step::block_on(run())
}

/// Measures, prints the table, and fails if a count is above its target.
async fn run() -> Outcome {
    let bench = Bench::prepare(Options::read(Arguments::from_env())?).await?;
    let mut report = Report::default();
    let outcome = bench.measure(&mut report).await;
    // The results so far are printed even if a later measurement fails.
    heading("Result");
    line(&report.table(&bench.conditions().await?));
    outcome?;
    if bench.options.no_verdict { Ok(()) } else { report.verdict() }
}

impl Bench {
    async fn prepare(options: Options) -> Outcome<Self> {
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

    async fn measure(&self, report: &mut Report) -> Outcome {
        if self.options.includes(Part::Start) {
            process::measure_start(self, report).await?;
            process::count_starts(self, report).await?;
        }
        if self.options.includes(Part::Instructions) {
            self.count_instructions(report).await?;
        }
        if self.options.includes(Part::Plan) {
            plan::measure(self, report).await?;
        }
        if self.options.includes(Part::Changes) {
            self.measure_changes(report).await?;
        }
        match self.options.soak {
            Some(minutes) => soak::measure(self, minutes, report).await,
            None => Ok(()),
        }
    }

    /// Measures creating and destroying the largest number of objects that is not too many.
    async fn measure_changes(&self, report: &mut Report) -> Outcome {
        let sizes = self.options.objects.iter().filter(|objects| **objects <= MAX_CREATED);
        let Some(objects) = sizes.max().copied() else { return Ok(()) };
        heading(&format!("Apply and destroy of {}", counted(objects, "object")));
        let sides = Sides::prepare(self, "changes").await?;
        let commands = [Command::Apply, Command::Destroy];
        let [mut apply, mut destroy] = commands.map(|command| Samples::new(command, objects));
        for _ in 0..self.options.rounds(objects) {
            apply.round(&sides).await?;
            destroy.round(&sides).await?;
        }
        apply.report(report);
        destroy.report(report);
        Ok(())
    }

    /// Counts the instructions of the provider's own work: the table of `benches/`.
    async fn count_instructions(&self, report: &mut Report) -> Outcome {
        if self.ask(Program::new("valgrind").args(["--version"])).await?.is_none() {
            report.note("Instructions are not counted: valgrind is not installed.");
            return Ok(());
        }
        heading("Instructions");
        let cargo = cargo().args(["bench", "--package", PROVIDER, "--bench", "instructions"]);
        let output = cargo.output(&self.interrupt).await?;
        if !output.status.success() {
            return fail("the instructions were not counted; the reason is above");
        }
        report.note(String::from_utf8_lossy(&output.stdout).trim());
        Ok(())
    }

    /// Describes the machine and the programs.
    async fn conditions(&self) -> Outcome<String> {
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
    async fn ask(&self, program: Program) -> Outcome<Option<String>> {
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
