//! A configuration in a directory of its own, and the CLI that works on it.
//!
//! The CLI finds the provider through an override, so nothing is installed and no registry
//! is used.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// The changes of a plan.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Changes {
    None,
    Some,
}

/// A configuration, its state, and the folder that the provider writes to.
pub(crate) struct Workspace {
    cli: PathBuf,
    root: TempDir,
    /// The provider's name and source address.
    provider: (&'static str, String),
}

impl Workspace {
    /// A workspace for the provider of an example.
    pub(crate) fn new(file: &str, provider: &'static str) -> Self {
        let source = format!("example.com/demo/{provider}");
        let root = TempDir::new().unwrap();
        let workspace = Self { cli: cli(), root, provider: (provider, source.clone()) };
        let plugins = workspace.path("plugins");
        for folder in [&plugins, &workspace.folder(), &workspace.path("home")] {
            fs::create_dir(folder).unwrap();
        }
        let name = format!("terraform-provider-{provider}{}", env::consts::EXE_SUFFIX);
        fs::copy(example(file), plugins.join(name)).unwrap();
        let overrides = format!(
            "provider_installation {{\n  dev_overrides {{\n    {source:?} = {plugins:?}\n  }}\n}}\n"
        );
        fs::write(workspace.path("cli.tfrc"), overrides).unwrap();
        workspace
    }

    /// The folder of the notes.
    pub(crate) fn folder(&self) -> PathBuf {
        self.path("notes")
    }

    /// Writes the configuration: the provider with these arguments, and these resources.
    pub(crate) fn write(&self, arguments: &str, resources: &str) {
        let (name, source) = &self.provider;
        let text = format!(
            "terraform {{\n  required_providers {{\n    {name} = {{ source = {source:?} }}\n  }}\n}}\n\n\
             provider {name:?} {{\n{arguments}\n}}\n\n{resources}"
        );
        fs::write(self.path("main.tf"), text).unwrap();
    }

    pub(crate) fn plan(&self) -> Changes {
        let output = self.output(&["plan", "-input=false", "-detailed-exitcode"]);
        match output.status.code() {
            Some(0) => Changes::None,
            Some(2) => Changes::Some,
            _ => panic!("the plan failed:\n{}", text(&output)),
        }
    }

    pub(crate) fn apply(&self) {
        self.run(&["apply", "-input=false", "-auto-approve"]);
    }

    pub(crate) fn destroy(&self) {
        self.run(&["destroy", "-input=false", "-auto-approve"]);
    }

    /// Runs a command that is expected to succeed.
    pub(crate) fn run(&self, arguments: &[&str]) {
        let output = self.output(arguments);
        let cli = self.cli.display();
        assert!(output.status.success(), "{cli} {arguments:?} failed:\n{}", text(&output));
    }

    /// Runs a command that is expected to fail, and returns what it printed.
    pub(crate) fn run_expecting_error(&self, arguments: &[&str]) -> String {
        let output = self.output(arguments);
        assert!(!output.status.success(), "{arguments:?} succeeded:\n{}", text(&output));
        text(&output)
    }

    /// Everything that was logged.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.path("trace.log")).unwrap_or_default()
    }

    /// The environment is the test's own: what a developer has set must not count.
    fn output(&self, arguments: &[&str]) -> Output {
        let output = Command::new(&self.cli)
            .args(arguments)
            .current_dir(self.root.path())
            .env_clear()
            .envs(["PATH", "TMPDIR", "SystemRoot"].into_iter().filter_map(inherited))
            .env("HOME", self.path("home"))
            .env("TF_CLI_CONFIG_FILE", self.path("cli.tfrc"))
            .env("TF_IN_AUTOMATION", "1")
            .env("NO_COLOR", "1")
            .env("CHECKPOINT_DISABLE", "1")
            .env("TF_LOG", "trace")
            .env("TF_LOG_PATH", self.path("trace.log"))
            .output();
        output.unwrap_or_else(|error| panic!("{} does not run: {error}", self.cli.display()))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }
}

fn inherited(name: &str) -> Option<(&str, OsString)> {
    Some((name, env::var_os(name)?))
}

fn text(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes)).concat()
}

/// The CLI: the one that is named, or the first that is found.
fn cli() -> PathBuf {
    if let Some(named) = env::var_os("TF_ACC_TERRAFORM_PATH") {
        return named.into();
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let candidates = ["terraform", "tofu"]
        .into_iter()
        .flat_map(|name| env::split_paths(&path).map(move |folder| folder.join(name)))
        .map(|candidate| candidate.with_extension(env::consts::EXE_EXTENSION));
    candidates.into_iter().find(|candidate| candidate.is_file()).unwrap_or_else(|| {
        panic!(
            "neither `terraform` nor `tofu` is on PATH; install one, or name one in \
             TF_ACC_TERRAFORM_PATH"
        )
    })
}

/// An example, which Cargo builds beside the tests.
pub(crate) fn example(name: &str) -> PathBuf {
    let test = env::current_exe().unwrap();
    let profile = test.ancestors().nth(2).expect("a test is built in <profile>/deps");
    let example = profile.join("examples").join(format!("{name}{}", env::consts::EXE_SUFFIX));
    assert_is_built(&example);
    example
}

fn assert_is_built(example: &Path) {
    assert!(
        example.is_file(),
        "{} is not there. `cargo test -p tf-provider` builds it; so does `cargo build -p \
         tf-provider --examples`, which a run of this test alone needs first",
        example.display()
    );
}
