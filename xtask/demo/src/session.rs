//! A copy of the example, and the CLI at work in it.
//!
//! Everything stays below one folder of `target/`: the copy, the provider where
//! the CLI installs it from, and the CLI's settings, so that those of the person
//! at the terminal neither matter nor change.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use xtask_process::{Interrupt, Program};
use xtask_step::console;
use xtask_step::outcome::{Outcome, fail};
use xtask_step::workspace;
use xtask_terraform::cli::{self, Cli};
use xtask_terraform::installation;

use super::excerpt::Excerpt;
use super::plan::{self, Plan, State};
use super::variables::Variables;

const EXAMPLE: &str = "examples/demo";

/// The part of the example that older CLIs cannot read.
const WRITE_ONLY: [&str; 2] = ["write_only.tf", "write_only.auto.tfvars"];

/// The file that a plan is kept in between `plan` and `apply`.
const PLAN: &str = "demo.tfplan";

/// The file that the CLI keeps the state in.
const STATE: &str = "terraform.tfstate";

/// The CLI in its folder.
#[derive(Debug)]
pub(super) struct Session {
    cli: Cli,
    folder: PathBuf,
    /// What the CLI and the provider are told, and a person would export.
    environment: Vec<(&'static str, String)>,
    interrupt: Interrupt,
}

impl Session {
    /// Copies the example and lets the CLI install `provider` for it.
    pub(super) async fn prepare(
        cli: Cli,
        provider: &Path,
        settings: impl IntoIterator<Item = (&'static str, String)>,
        interrupt: &Interrupt,
    ) -> Outcome<Self> {
        let root = workspace::scratch("demo")?;
        let folder = root.join("example");
        copy_example(&folder, cli.has_write_only())?;
        let installed = installation::install("flink", provider, &cli, &root)?;
        let environment = installed.into_iter().chain(settings).collect();
        let session = Self { cli, folder, environment, interrupt: interrupt.clone() };
        session.initialise().await?;
        Ok(session)
    }

    /// The folder of the copy.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// What the CLI and the provider are told by their environment.
    pub(super) fn environment(&self) -> &[(&'static str, String)] {
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

    /// Runs a command that must end well, and shows what it prints.
    pub(super) async fn show(&self, arguments: &[&str]) -> Outcome {
        match self.run(arguments).await? {
            Some(0) => Ok(()),
            code => self.unexpected(arguments, "0", code),
        }
    }

    /// Plans, shows it, and reads the plan. `None`: there is nothing to do.
    pub(super) async fn plan(&self) -> Outcome<Option<Plan>> {
        let out = format!("-out={PLAN}");
        let arguments = ["plan", "-detailed-exitcode", &out];
        let code = self.run(&arguments).await?;
        match code {
            Some(0) => Ok(None),
            Some(2) => Ok(Some(Plan::read(self.json(&["show", "-json", PLAN]).await?)?)),
            code => self.unexpected(&arguments, "0 or 2", code),
        }
    }

    /// Applies the last plan, and shows it.
    pub(super) async fn apply(&self) -> Outcome {
        self.show(&["apply", PLAN]).await
    }

    /// The state.
    pub(super) async fn state(&self) -> Outcome<State> {
        Ok(State::read(&self.json(&["show", "-json"]).await?))
    }

    /// The files in which the CLI has kept a text: the last plan, the state.
    pub(super) fn files_with(&self, text: &str) -> Outcome<Vec<&'static str>> {
        let plan = plan::contents(&fs::read(self.folder.join(PLAN))?)?;
        let state = fs::read(self.folder.join(STATE))?;
        let has_text =
            |content: &[u8]| content.windows(text.len()).any(|part| part == text.as_bytes());
        let files = [(PLAN, plan), (STATE, state)].into_iter();
        Ok(files.filter(|(_, content)| has_text(content)).map(|(name, _)| name).collect())
    }

    /// Installs the provider. Shown only where it fails: that a provider comes
    /// from a folder is worth a long warning to the CLI.
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
        let mut excerpt = Excerpt::default();
        let show = |line: &str| excerpt.take(line).iter().for_each(|line| console::line(line));
        Ok(self.program(arguments).lines(&self.interrupt, show).await?.code())
    }

    async fn json(&self, arguments: &[&str]) -> Outcome<Value> {
        let output = self.program(arguments).output(&self.interrupt).await?;
        match output.status.code() {
            Some(0) => Ok(serde_json::from_slice(&output.stdout)?),
            code => self.unexpected(arguments, "0", code),
        }
    }

    fn program(&self, arguments: &[&str]) -> Program {
        let program = Program::new(&self.cli.path).args(arguments).current_dir(&self.folder);
        let mut program = program.without_env(cli::interferes).env("TF_INPUT", "0");
        if !console::has_colours() {
            program = program.env("TF_CLI_ARGS", "-no-color");
        }
        self.environment.iter().fold(program, |program, (name, value)| program.env(name, value))
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
