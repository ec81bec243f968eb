//! One side of a comparison: a configuration in a folder of its own, and the CLI that
//! runs in it.
//!
//! Each side has `var.objects` objects. Providers are installed as users install them, so
//! the CLI checks the program's sum at each start.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{fmt, fs};

use flink_emulator::{Emulator, Fault};
use xtask_step::cargo::Binary;
use xtask_step::outcome::{Outcome, fail};
use xtask_step::terraform::{Environment, without_proxy};

use super::bench::Bench;

const FLOOR: &str = r#"
variable "objects" {
  type = number
}

resource "terraform_data" "it" {
  count = var.objects
  input = {
    name     = "connection-${count.index}"
    type     = "openai"
    endpoint = "https://api.openai.com/v1/chat/completions"
    api_key  = "any"
  }
}
"#;

/// The configuration of ours and of the smallest provider, whose name is `PROVIDER`.
const CONNECTIONS: &str = r#"
terraform {
  required_providers {
    PROVIDER = {
      source = "flink-iac/PROVIDER"
    }
  }
}

variable "objects" {
  type = number
}

resource "PROVIDER_connection" "it" {
  count       = var.objects
  name        = "connection-${count.index}"
  type        = "openai"
  endpoint    = "https://api.openai.com/v1/chat/completions"
  credentials = { api_key = "any" }
}
"#;

/// The place of the connections.
const PLACE: [(&str, &str); 4] = [
    ("CONFLUENT_ORGANIZATION_ID", "00000000-0000-4000-8000-000000000001"),
    ("CONFLUENT_ENVIRONMENT_ID", "env-bench"),
    ("FLINK_CLOUD", "aws"),
    ("FLINK_REGION", "us-east-1"),
];

/// The number of lines that are shown of a failed command's output.
const SHOWN_LINES: usize = 20;

/// The example of the framework with the attributes of `flink_connection`.
const SMALLEST: Binary = Binary { package: "tf-provider", kind: "--example", name: "smallest" };

/// A command of the CLI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    Validate,
    Plan,
    Apply,
    Destroy,
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format!("{self:?}").to_lowercase())
    }
}

/// The three sides, and the API of ours.
#[derive(Debug)]
pub(super) struct Sides<'a> {
    pub(super) floor: Side<'a>,
    pub(super) smallest: Side<'a>,
    pub(super) ours: Side<'a>,
    pub(super) emulator: Emulator,
}

impl<'a> Sides<'a> {
    pub(super) async fn prepare(bench: &'a Bench, name: &str) -> Outcome<Self> {
        let emulator = Emulator::start().await;
        emulator.faults().add(Fault::delay(Duration::from_millis(bench.options.latency)));
        let floor = Side::prepare(bench, &format!("{name}-floor"), FLOOR, Vec::new()).await?;
        let program = SMALLEST.build_release(&bench.interrupt).await?;
        let folder = format!("{name}-smallest");
        let smallest = Side::with_provider(bench, &folder, ("smallest", &program), Vec::new());
        let smallest = smallest.await?;
        let ours = Side::ours(bench, &format!("{name}-ours"), &bench.provider, &emulator).await?;
        Ok(Self { floor, smallest, ours, emulator })
    }
}

/// A configuration and its state.
#[derive(Debug)]
pub(super) struct Side<'a> {
    bench: &'a Bench,
    folder: PathBuf,
    pub(super) environment: Environment,
}

impl<'a> Side<'a> {
    /// Connections, managed by the provider at `program`.
    pub(super) async fn ours(
        bench: &'a Bench,
        name: &str,
        program: &Path,
        emulator: &Emulator,
    ) -> Outcome<Self> {
        let place = PLACE.map(|(name, value)| (name, value.to_owned()));
        let settings = emulator.variables().into_iter().chain(place).chain(without_proxy());
        Self::with_provider(bench, name, ("flink", program), settings.collect()).await
    }

    async fn with_provider(
        bench: &'a Bench,
        name: &str,
        (provider, program): (&str, &Path),
        mut environment: Environment,
    ) -> Outcome<Self> {
        let home = bench.folder.join(name);
        environment.extend(bench.cli.install(provider, program, &home)?);
        let configuration = CONNECTIONS.replace("PROVIDER", provider);
        Self::prepare(bench, name, &configuration, environment).await
    }

    async fn prepare(
        bench: &'a Bench,
        name: &str,
        configuration: &str,
        mut environment: Environment,
    ) -> Outcome<Self> {
        let folder = bench.folder.join(name).join("work");
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("main.tf"), configuration)?;
        environment.push(("CHECKPOINT_DISABLE", "1".to_owned()));
        environment.push(("TF_CLI_ARGS", "-no-color".to_owned()));
        let side = Self { bench, folder, environment };
        side.finish(&["init"]).await?;
        Ok(side)
    }

    /// The file in which the CLI keeps the state.
    pub(super) fn state(&self) -> PathBuf {
        self.folder.join("terraform.tfstate")
    }

    /// Runs a command that must succeed, and returns its time. A plan must be empty.
    pub(super) async fn run(&self, command: Command, objects: usize) -> Outcome<Duration> {
        let objects = &*format!("-var=objects={objects}");
        match command {
            Command::Validate => self.finish(&["validate"]).await,
            Command::Plan => self.finish(&["plan", "-detailed-exitcode", objects]).await,
            Command::Apply => self.finish(&["apply", "-auto-approve", objects]).await,
            Command::Destroy => self.finish(&["destroy", "-auto-approve", objects]).await,
        }
    }

    async fn finish(&self, arguments: &[&str]) -> Outcome<Duration> {
        let program = self.bench.cli.program(&self.folder, arguments, &self.environment);
        let started = Instant::now();
        let output = program.quietly(&self.bench.interrupt).await?;
        let time = started.elapsed();
        if output.status.success() {
            return Ok(time);
        }
        let printed =
            String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        let lines: Vec<&str> = printed.lines().collect();
        fail(format!(
            "`{}` failed or planned a change ({}). The end of its output:\n  {}",
            arguments.join(" "),
            output.status,
            lines[lines.len().saturating_sub(SHOWN_LINES)..].join("\n  ")
        ))
    }
}
