//! The CLI that the provider is tried with: Terraform or OpenTofu.
//!
//! The one that `TF_ACC_TERRAFORM_PATH` names, or else the one on the PATH, or
//! else a release of OpenTofu that `xtask-opentofu` fetches into `target/`.

use std::ffi::OsStr;
use std::fmt;
use std::path::PathBuf;

use xtask_process::{Interrupt, Program, cargo};
use xtask_step::outcome::{Outcome, fail};
use xtask_step::{console, platform, workspace};

/// The environment variable that names a CLI.
pub const VARIABLE: &str = "TF_ACC_TERRAFORM_PATH";

/// The oldest version of either that anything here is written for.
const OLDEST: (u32, u32) = (1, 0);

/// The version from which both can keep an argument out of plan and state.
const WRITE_ONLY: (u32, u32) = (1, 11);

/// A CLI on this machine.
#[derive(Debug)]
pub struct Cli {
    /// The path of its program.
    pub path: PathBuf,
    product: &'static str,
    version: String,
    release: (u32, u32),
}

impl Cli {
    /// The CLI of this machine, or a fetched one.
    pub async fn find_or_fetch(interrupt: &Interrupt) -> Outcome<Self> {
        let path = match named()?.or_else(on_the_path) {
            Some(path) => path,
            None => fetch(interrupt).await?,
        };
        Self::at(path, interrupt).await
    }

    /// The CLI at a path.
    pub async fn at(path: PathBuf, interrupt: &Interrupt) -> Outcome<Self> {
        let version = Program::new(&path).args(["version"]).without_env(interferes);
        let output = version.env("CHECKPOINT_DISABLE", "1").quietly(interrupt).await?;
        let said = String::from_utf8_lossy(&output.stdout);
        let Some((product, version, release)) = said.lines().find_map(parse) else {
            let path = path.display();
            return fail(format!(
                "{path} does not say which Terraform or OpenTofu it is: `{path} version` ended \
                 with {} and printed {:?}.\n{}",
                output.status,
                said.trim(),
                by_hand()
            ));
        };
        let cli = Self { path, product, version, release };
        if release < OLDEST {
            return fail(format!("{cli} is too old; 1.0 is the oldest that works.\n{}", by_hand()));
        }
        Ok(cli)
    }

    /// Returns true if it can keep an argument out of plan and state.
    #[must_use]
    pub fn has_write_only(&self) -> bool {
        self.release >= WRITE_ONLY
    }

    /// What to type to run it: its name, where that is enough.
    #[must_use]
    pub fn typed(&self) -> String {
        let name = self.path.file_stem().map(OsStr::to_string_lossy);
        match name {
            Some(name) if on_the_path().as_ref() == Some(&self.path) => name.into_owned(),
            _ => self.path.display().to_string(),
        }
    }

    /// Such as `Terraform 1.11.4`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.product, self.version)
    }

    /// The host of the registry that a source address without a host means.
    #[must_use]
    pub fn registry(&self) -> &'static str {
        match self.product {
            "OpenTofu" => "registry.opentofu.org",
            _ => "registry.terraform.io",
        }
    }
}

impl fmt::Display for Cli {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name(), self.path.display())
    }
}

/// Returns true if a variable of the caller's environment would change what the CLI or
/// the provider does. Logging is the caller's own wish.
#[must_use]
pub fn interferes(name: &str) -> bool {
    let ours = ["TF_", "FLINK_", "CONFLUENT_"].iter().any(|prefix| name.starts_with(prefix));
    ours && !name.starts_with("TF_LOG")
}

fn named() -> Outcome<Option<PathBuf>> {
    let Some(path) = std::env::var_os(VARIABLE).filter(|path| !path.is_empty()) else {
        return Ok(None);
    };
    let path = std::path::absolute(path)?;
    if !path.is_file() {
        return fail(format!(
            "{VARIABLE} names {}, which is no file.\n{}",
            path.display(),
            by_hand()
        ));
    }
    Ok(Some(path))
}

fn on_the_path() -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    search(&folders)
}

/// Terraform where there is one, or else OpenTofu.
fn search(folders: &OsStr) -> Option<PathBuf> {
    let find = |name: &str| {
        let candidates = std::env::split_paths(folders).map(|folder| folder.join(name));
        candidates.filter(|path| path.is_absolute()).find(|path| path.is_file())
    };
    ["terraform", "tofu"].iter().find_map(|name| find(&platform::executable(name)))
}

/// Fetches OpenTofu with a program of its own, which is compiled only here: a
/// machine that has a CLI needs no code to download and unpack one.
async fn fetch(interrupt: &Interrupt) -> Outcome<PathBuf> {
    if !workspace::root().join("target").join("opentofu").exists() {
        console::say(
            "There is no terraform and no tofu on the PATH, so OpenTofu is fetched from its \
             releases on GitHub into target/opentofu (about 35 MB, once).",
        );
    }
    let fetcher = cargo::cargo().args(["run", "--package", "xtask-opentofu"]);
    let output = fetcher.output(interrupt).await?;
    let printed = String::from_utf8_lossy(&output.stdout);
    match printed.lines().last() {
        Some(path) if output.status.success() => Ok(path.into()),
        _ => fail(format!("OpenTofu was not fetched; why stands above.\n{}", by_hand())),
    }
}

/// What to do where nothing here can help.
fn by_hand() -> String {
    format!(
        "Install Terraform (https://developer.hashicorp.com/terraform/install) or OpenTofu \
         (https://opentofu.org/docs/intro/install), so that `terraform` or `tofu` is on the PATH, \
         or set {VARIABLE} to the path of one. Then run this again."
    )
}

/// Product, version and its first two numbers from a line such as
/// `Terraform v1.11.4`.
fn parse(line: &str) -> Option<(&'static str, String, (u32, u32))> {
    let (name, version) = line.trim().split_once(" v")?;
    let product = ["Terraform", "OpenTofu"].into_iter().find(|product| *product == name)?;
    let mut numbers = version.split(['.', '-']).map(str::parse);
    let release = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    Some((product, version.to_owned(), release))
}

#[cfg(test)]
mod tests;
