//! `cargo xtask bench`: what Terraform's commands cost with the provider.
//!
//! The floor stands beside each figure: the same command on as many
//! `terraform_data`, which are built into the CLI and ask nobody. Floor and
//! provider take turns, so that what slows the machine down slows both.
//!
//! Nothing fails because a clock was slow. What is counted (requests,
//! connections, processes, bytes of the program) does not depend on the
//! machine, and does fail the run where it is above its target.

mod changes;
mod command;
mod endurance;
mod instructions;
mod machine;
mod plans;
mod race;
mod report;
mod samples;
mod side;
mod start;
mod state;
mod target;
mod watch;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use self::report::Report;
use crate::cargo::{self, cargo};
use crate::console::{heading, line, say};
use crate::dist;
use crate::outcome::{Outcome, fail};
use crate::program::cli::Cli;
use crate::program::{Interrupt, Interrupted, Program};
use crate::workspace;

/// What to measure, and on what.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How many connections to plan; sizes above 1,000 take Terraform minutes.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 100, 1000])]
    objects: Vec<usize>,
    /// How often to run each command; fewer for more objects, if not given.
    #[arg(long)]
    rounds: Option<usize>,
    /// Milliseconds that pass before the API answers.
    #[arg(long, default_value_t = 50)]
    latency: u64,
    /// The parts to measure; all, if not given.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// Minutes to refresh in one process, besides; not at all, if not given.
    #[arg(long, value_name = "MINUTES")]
    endure: Option<u64>,
    /// The provider's program, instead of building the one that is released.
    #[arg(long)]
    provider: Option<PathBuf>,
    /// The CLI, instead of the one that tests and demo use.
    #[arg(long)]
    cli: Option<PathBuf>,
    /// End well even where a count is above its target.
    #[arg(long)]
    no_verdict: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// The program's size, its start, and the processes of a command.
    Start,
    /// Plans without a change, and the memory that they take.
    Plan,
    /// Creating and destroying many objects.
    Changes,
    /// Instructions of the provider's own work, which valgrind counts.
    Instructions,
}

/// The programs that are measured, and how.
#[derive(Debug)]
struct Bench {
    options: Options,
    cli: Cli,
    provider: PathBuf,
    emulator: PathBuf,
    /// Where everything is written that does not outlast the run.
    folder: PathBuf,
    interrupt: Interrupt,
}

/// Measures, prints the table, and gives the verdict.
pub(crate) async fn run(options: Options) -> Outcome {
    let bench = Bench::prepare(options).await?;
    let mut report = Report::default();
    let outcome = bench.measure(&mut report).await;
    // What has been measured is told, even where something went wrong later.
    heading("Result");
    line(&report.table());
    line(&report.footnotes(&machine::describe(&bench).await?));
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
        say(&format!("The benchmarks drive {cli}."));
        let provider = match &options.provider {
            Some(path) => existing("--provider", path)?,
            None => dist::build(&interrupt).await?,
        };
        let arguments = ["--release", "--package=flink-emulator", "--bin=flink-emulator"];
        let programs = cargo::build(cargo(), &arguments, &interrupt).await?;
        let emulator = programs.path("flink-emulator")?;
        let folder = workspace::scratch("bench")?;
        Ok(Self { options, cli, provider, emulator, folder, interrupt })
    }

    async fn measure(&self, report: &mut Report) -> Outcome {
        if self.includes(Part::Start) {
            start::measure(self, report).await?;
            watch::count_processes(self, report).await?;
        }
        if self.includes(Part::Instructions) {
            instructions::measure(self, report).await?;
        }
        if self.includes(Part::Plan) {
            plans::measure(self, report).await?;
        }
        if self.includes(Part::Changes) {
            changes::measure(self, report).await?;
        }
        if let Some(minutes) = self.options.endure {
            endurance::measure(self, minutes, report).await?;
        }
        Ok(())
    }

    fn includes(&self, part: Part) -> bool {
        self.options.only.is_empty() || self.options.only.contains(&part)
    }

    /// What a program prints that may be missing, or have nothing to say.
    async fn ask(&self, program: Program) -> Outcome<Option<String>> {
        match program.quietly(&self.interrupt).await {
            Ok(output) if output.status.success() => {
                Ok(Some(String::from_utf8_lossy(&output.stdout).trim().to_owned()))
            }
            Err(error) if error.is::<Interrupted>() => Err(error),
            _ => Ok(None),
        }
    }

    /// The numbers of objects, smallest first.
    fn sizes(&self) -> Vec<usize> {
        let mut sizes: Vec<usize> = self.options.objects.clone();
        sizes.retain(|objects| *objects > 0);
        sizes.sort();
        sizes.dedup();
        sizes
    }

    /// How often to run a command on so many objects: what takes long varies
    /// less.
    fn rounds(&self, objects: usize) -> usize {
        let usual = match objects {
            ..10 => 15,
            10..1000 => 5,
            1000..10_000 => 3,
            _ => 1,
        };
        self.options.rounds.unwrap_or(usual).max(1)
    }
}

/// The program that an option names, wherever it is started from.
fn existing(option: &str, path: &Path) -> Outcome<PathBuf> {
    match path.is_file() {
        true => Ok(std::path::absolute(path)?),
        false => fail(format!("{option} names {}, which is no file", path.display())),
    }
}
