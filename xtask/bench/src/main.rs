//! `cargo xtask bench`: what Terraform's commands cost with the provider.
//!
//! Two others stand beside each figure: the floor, which is the same command on as
//! many `terraform_data`, built into the CLI, and the smallest provider of the
//! framework with as many attributes, which asks nobody. They take turns with the
//! provider, so that what slows the machine down slows all.
//!
//! Nothing fails because a clock was slow. What is counted (requests,
//! connections, processes, bytes of the program) does not depend on the
//! machine, and does fail the run where it is above its target.

mod changes;
mod command;
mod instructions;
mod machine;
mod plans;
mod race;
mod report;
mod samples;
mod side;
mod soak;
mod start;
mod state;
mod target;
mod watch;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;

use xtask_build::release;
use xtask_process::cargo::cargo;
use xtask_process::{Interrupt, Interrupted, Program};
use xtask_step::console::{heading, line, say};
use xtask_step::outcome::{Outcome, fail};
use xtask_step::{Arguments, workspace};
use xtask_terraform::cli::Cli;

use self::report::Report;

/// The example of the framework that is the limit of what a provider can reach.
const SMALLEST: &str = "smallest";

/// What to measure, and on what. `cargo xtask bench --help` explains each.
#[derive(Debug)]
struct Options {
    objects: Vec<usize>,
    rounds: Option<usize>,
    /// In milliseconds.
    latency: u64,
    /// All, if empty.
    only: Vec<Part>,
    /// In minutes.
    soak: Option<u64>,
    provider: Option<PathBuf>,
    cli: Option<PathBuf>,
    no_verdict: bool,
}

impl Options {
    fn read(mut arguments: Arguments) -> Outcome<Self> {
        let objects = arguments.values_from_fn("--objects", list)?.concat();
        let options = Self {
            objects: if objects.is_empty() { vec![1, 100, 1000] } else { objects },
            rounds: arguments.opt_value_from_str("--rounds")?,
            latency: arguments.opt_value_from_str("--latency")?.unwrap_or(50),
            only: arguments.values_from_fn("--only", list)?.concat(),
            soak: arguments.opt_value_from_str("--soak")?,
            provider: arguments.opt_value_from_str("--provider")?,
            cli: arguments.opt_value_from_str("--cli")?,
            no_verdict: arguments.contains("--no-verdict"),
        };
        xtask_step::finish(arguments)?;
        Ok(options)
    }
}

/// The elements of a list such as `1,100`.
fn list<T: FromStr>(text: &str) -> Result<Vec<T>, T::Err> {
    text.split(',').map(str::parse).collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl FromStr for Part {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "start" => Ok(Self::Start),
            "plan" => Ok(Self::Plan),
            "changes" => Ok(Self::Changes),
            "instructions" => Ok(Self::Instructions),
            _ => Err(format!("there is no part `{word}`")),
        }
    }
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

fn main() -> ExitCode {
    xtask_process::block_on(run())
}

/// Measures, prints the table, and gives the verdict.
async fn run() -> Outcome {
    let bench = Bench::prepare(Options::read(Arguments::from_env())?).await?;
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
            None => release::build(&interrupt).await?,
        };
        let arguments = ["--release", "--package=flink-emulator", "--bin=flink-emulator"];
        let programs = xtask_build::build(cargo(), &arguments, &interrupt).await?;
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
        if let Some(minutes) = self.options.soak {
            soak::measure(self, minutes, report).await?;
        }
        Ok(())
    }

    /// The program of the smallest provider, built as the provider is.
    async fn smallest(&self) -> Outcome<PathBuf> {
        let example = ["--package", "tf-provider", "--example", SMALLEST];
        release::build_alike(&example, &self.interrupt).await?.path(SMALLEST)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Outcome<Options> {
        let words = line.split_whitespace().map(Into::into).collect();
        Options::read(Arguments::from_vec(words))
    }

    #[test]
    fn lists_are_split_and_defaults_fill_the_rest() {
        let options = read("--objects 1,7 --only plan,changes --only=start --soak 60").unwrap();
        assert_eq!(options.objects, [1, 7]);
        assert_eq!(options.only, [Part::Plan, Part::Changes, Part::Start]);
        assert_eq!((options.soak, options.latency, options.rounds), (Some(60), 50, None));
        assert_eq!(read("").unwrap().objects, [1, 100, 1000]);
    }

    #[test]
    fn an_option_that_makes_no_sense_is_refused() {
        assert!(read("--only plans").unwrap_err().to_string().contains("`plans`"));
        assert!(read("--rounds many").is_err());
        assert!(read("--endure 60").is_err());
    }
}
