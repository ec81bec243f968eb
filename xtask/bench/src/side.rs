//! One side of a comparison: a configuration in a folder of its own, and the
//! CLI at work in it.
//!
//! Every side has `var.objects` objects. Providers are installed as users install
//! them, so that the CLI checks the program's sum at each start.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use xtask_emulator::Emulator;
use xtask_process::{Interrupt, Program};
use xtask_step::outcome::{Outcome, fail};
use xtask_terraform::cli;
use xtask_terraform::installation;

use super::Bench;
use super::command::Command;

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

const OURS: &str = r#"
terraform {
  required_providers {
    flink = {
      source = "flink-iac/flink"
    }
  }
}

variable "objects" {
  type = number
}

resource "flink_connection" "it" {
  count       = var.objects
  name        = "connection-${count.index}"
  type        = "openai"
  endpoint    = "https://api.openai.com/v1/chat/completions"
  credentials = { api_key = "any" }
}
"#;

const SMALLEST: &str = r#"
terraform {
  required_providers {
    smallest = {
      source = "flink-iac/smallest"
    }
  }
}

variable "objects" {
  type = number
}

resource "smallest_connection" "it" {
  count       = var.objects
  name        = "connection-${count.index}"
  type        = "openai"
  endpoint    = "https://api.openai.com/v1/chat/completions"
  credentials = { api_key = "any" }
}
"#;

/// Where the connections live.
const PLACE: [(&str, &str); 4] = [
    ("CONFLUENT_ORGANIZATION_ID", "00000000-0000-4000-8000-000000000001"),
    ("CONFLUENT_ENVIRONMENT_ID", "env-bench"),
    ("FLINK_CLOUD", "aws"),
    ("FLINK_REGION", "us-east-1"),
];

/// How much of what a failed command printed is told.
const LAST_LINES: usize = 20;

/// A configuration and its state.
#[derive(Debug)]
pub(super) struct Side {
    folder: PathBuf,
    cli: PathBuf,
    environment: Vec<(&'static str, String)>,
    interrupt: Interrupt,
}

impl Side {
    /// As many `terraform_data`, which need no provider to be started.
    pub(super) async fn floor(bench: &Bench, name: &str) -> Outcome<Self> {
        Self::prepare(bench, name, FLOOR, ("flink", &bench.provider), Vec::new()).await
    }

    /// As many objects of the smallest provider with our attributes, whose program
    /// is `smallest`.
    pub(super) async fn smallest(bench: &Bench, name: &str, smallest: &Path) -> Outcome<Self> {
        Self::prepare(bench, name, SMALLEST, ("smallest", smallest), Vec::new()).await
    }

    /// Connections, kept by `provider`.
    pub(super) async fn ours(
        bench: &Bench,
        name: &str,
        provider: &Path,
        emulator: &Emulator,
    ) -> Outcome<Self> {
        let place = PLACE.map(|(name, value)| (name, value.to_owned()));
        let settings = emulator.settings().into_iter().chain(place).collect();
        Self::prepare(bench, name, OURS, ("flink", provider), settings).await
    }

    async fn prepare(
        bench: &Bench,
        name: &str,
        configuration: &str,
        (provider, program): (&str, &Path),
        mut environment: Vec<(&'static str, String)>,
    ) -> Outcome<Self> {
        let home = bench.folder.join(name);
        let folder = home.join("work");
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("main.tf"), configuration)?;
        environment.extend(installation::install(provider, program, &bench.cli, &home)?);
        let cli = bench.cli.path.clone();
        let side = Self { folder, cli, environment, interrupt: bench.interrupt.clone() };
        side.finish(&["init".to_owned()]).await?;
        Ok(side)
    }

    /// Where the CLI keeps the state.
    pub(super) fn state(&self) -> PathBuf {
        self.folder.join("terraform.tfstate")
    }

    /// The environment of its commands.
    pub(super) fn environment(&self) -> &[(&'static str, String)] {
        &self.environment
    }

    /// Adds a variable to the environment of its commands.
    pub(super) fn set(&mut self, variable: &'static str, value: String) {
        self.environment.push((variable, value));
    }

    /// Runs a command that must end well, and says how long it took.
    pub(super) async fn run(&self, command: Command, objects: usize) -> Outcome<Duration> {
        self.finish(&command.arguments(objects)).await
    }

    async fn finish(&self, arguments: &[String]) -> Outcome<Duration> {
        let program = Program::new(&self.cli).args(arguments).current_dir(&self.folder);
        let program = program.without_env(cli::interferes);
        let program = program.env("TF_INPUT", "0").env("TF_CLI_ARGS", "-no-color");
        let environment = self.environment.iter();
        let program = environment.fold(program, |program, (name, value)| program.env(name, value));
        let started = Instant::now();
        let output = program.quietly(&self.interrupt).await?;
        let time = started.elapsed();
        if output.status.success() {
            return Ok(time);
        }
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        let lines: Vec<&str> = said.lines().collect();
        let last = &lines[lines.len().saturating_sub(LAST_LINES)..];
        fail(format!(
            "`{}` did not do what is measured ({}). It said last:\n  {}",
            arguments.join(" "),
            output.status,
            last.join("\n  ")
        ))
    }
}
