//! A copy of the example, and the CLI that runs in it.
//!
//! Everything stays below one folder of `target/`: the copy, the provider where the CLI
//! installs it from, and the CLI's settings.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use xtask_step::outcome::{Outcome, fail};
use xtask_step::terraform::{Cli, Environment};
use xtask_step::{Interrupt, Program, console, workspace};

use super::excerpt::excerpt;
use super::plan;
use super::variables::Variables;

const EXAMPLE: &str = "examples/demo";

/// The files of the example that older CLIs cannot read.
const WRITE_ONLY: [&str; 2] = ["write_only.tf", "write_only.auto.tfvars"];

/// The file of the plan, between `plan` and `apply`.
const PLAN: &str = "demo.tfplan";

/// The file of the state.
const STATE: &str = "terraform.tfstate";

/// The CLI in its folder.
#[derive(Debug)]
pub(super) struct Session {
    cli: Cli,
    folder: PathBuf,
    /// The variables that a user would export.
    environment: Environment,
    interrupt: Interrupt,
}

impl Session {
    /// Copies the example and lets the CLI install `provider` for it.
    pub(super) async fn prepare(
        cli: Cli,
        provider: &Path,
        settings: Environment,
        interrupt: &Interrupt,
    ) -> Outcome<Self> {
        let root = workspace::scratch("demo")?;
        let folder = root.join("example");
        copy_example(&folder, cli.has_write_only())?;
        let mut environment = cli.install("flink", provider, &root)?;
        environment.extend(settings);
        let session = Self { cli, folder, environment, interrupt: interrupt.clone() };
        session.initialise().await?;
        Ok(session)
    }

    /// The folder of the copy.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The environment of the CLI and the provider.
    pub(super) fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The CLI.
    pub(super) fn cli(&self) -> &Cli {
        &self.cli
    }

    /// The values of the example's variables.
    pub(super) fn variables(&self) -> Variables {
        Variables::in_folder(&self.folder)
    }

    /// Runs a command that must succeed, and shows its output.
    pub(super) async fn show(&self, arguments: &[&str]) -> Outcome {
        match self.run(arguments).await? {
            Some(0) => Ok(()),
            code => self.unexpected(arguments, "0", code),
        }
    }

    /// Plans, shows the plan, and returns its changes; `None` if the plan is empty.
    pub(super) async fn plan(&self) -> Outcome<Option<Vec<String>>> {
        let out = format!("-out={PLAN}");
        let arguments = ["plan", "-detailed-exitcode", &out];
        let code = self.run(&arguments).await?;
        match code {
            Some(0) => Ok(None),
            Some(2) => Ok(Some(plan::changes(&self.json(&["show", "-json", PLAN]).await?)?)),
            code => self.unexpected(&arguments, "0 or 2", code),
        }
    }

    /// Applies the last plan, and shows the output.
    pub(super) async fn apply(&self) -> Outcome {
        self.show(&["apply", PLAN]).await
    }

    /// The addresses of the resources in the state.
    pub(super) async fn state(&self) -> Outcome<Vec<String>> {
        Ok(plan::addresses(&self.json(&["show", "-json"]).await?))
    }

    /// The files of the CLI that contain a text: the last plan, the state.
    pub(super) fn files_with(&self, text: &str) -> Outcome<Vec<&'static str>> {
        let plan = plan::contents(&fs::read(self.folder.join(PLAN))?)?;
        let state = fs::read(self.folder.join(STATE))?;
        let has_text =
            |content: &[u8]| content.windows(text.len()).any(|part| part == text.as_bytes());
        let files = [(PLAN, plan), (STATE, state)].into_iter();
        Ok(files.filter(|(_, content)| has_text(content)).map(|(name, _)| name).collect())
    }

    /// Installs the provider. The output is shown only on failure: the CLI prints a long
    /// warning for a provider that comes from a folder.
    async fn initialise(&self) -> Outcome {
        let output = self.program(&["init"]).quietly(&self.interrupt).await?;
        if !output.status.success() {
            console::line(&String::from_utf8_lossy(&[output.stdout, output.stderr].concat()));
            return self.unexpected(&["init"], "0", output.status.code());
        }
        Ok(())
    }

    async fn run(&self, arguments: &[&str]) -> Outcome<Option<i32>> {
        console::command(&format!("{} {}", self.cli.typed(), arguments.join(" ")));
        let output = self.program(arguments).output(&self.interrupt).await?;
        console::line(excerpt(&String::from_utf8_lossy(&output.stdout)).trim_end());
        Ok(output.status.code())
    }

    async fn json(&self, arguments: &[&str]) -> Outcome<Value> {
        let output = self.program(arguments).output(&self.interrupt).await?;
        match output.status.code() {
            Some(0) => Ok(serde_json::from_slice(&output.stdout)?),
            code => self.unexpected(arguments, "0", code),
        }
    }

    fn program(&self, arguments: &[&str]) -> Program {
        let program = self.cli.program(&self.folder, arguments, &self.environment);
        if console::has_colours() { program } else { program.env("TF_CLI_ARGS", "-no-color") }
    }

    fn unexpected<T>(&self, arguments: &[&str], expected: &str, code: Option<i32>) -> Outcome<T> {
        let seen = code.map_or("a signal".to_owned(), |code| format!("exit code {code}"));
        fail(format!(
            "`{} {}` ended with {seen}, where exit code {expected} was expected",
            self.cli.typed(),
            arguments.join(" ")
        ))
    }
}

fn copy_example(into: &Path, write_only: bool) -> Outcome {
    fs::create_dir_all(into)?;
    for entry in fs::read_dir(workspace::root().join(EXAMPLE))? {
        let entry = entry?;
        let name = entry.file_name();
        let is_left_out = !write_only && WRITE_ONLY.iter().any(|each| name == *each);
        if entry.file_type()?.is_file() && !is_left_out {
            fs::copy(entry.path(), into.join(name))?;
        }
    }
    Ok(())
}
