//! Terraform or OpenTofu, and the provider installed for it.
//!
//! The CLI is the one that `TF_ACC_TERRAFORM_PATH` names, or else the one on the PATH,
//! or else a release of OpenTofu that `xtask-opentofu` downloads into `target/`. It runs
//! with settings of its own, so that those of the user neither matter nor change.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{env, fmt, fs};

use crate::cargo::cargo;
use crate::interrupt::Interrupt;
use crate::outcome::{Outcome, fail};
use crate::program::Program;
use crate::{console, platform, workspace};

/// The environment variable that names a CLI.
pub const VARIABLE: &str = "TF_ACC_TERRAFORM_PATH";

/// The oldest supported version of either product.
const OLDEST: (u32, u32) = (1, 0);

/// The first version of either product that has write-only arguments.
const WRITE_ONLY: (u32, u32) = (1, 11);

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Environment variables for a program.
pub type Environment = Vec<(&'static str, String)>;

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
    /// Finds the CLI of this machine, or downloads one.
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
        let printed = String::from_utf8_lossy(&output.stdout);
        let Some((product, version, release)) = printed.lines().find_map(parse) else {
            let (path, printed) = (path.display(), printed.trim());
            return fail(format!(
                "`{path} version` names neither Terraform nor OpenTofu: it ended with {} and \
                 printed {printed:?}.\n{}",
                output.status,
                by_hand()
            ));
        };
        let cli = Self { path, product, version, release };
        if release < OLDEST {
            return fail(format!("{cli} is too old; 1.0 is the oldest that works.\n{}", by_hand()));
        }
        Ok(cli)
    }

    /// Returns true if it has write-only arguments, which no plan and no state holds.
    #[must_use]
    pub fn has_write_only(&self) -> bool {
        self.release >= WRITE_ONLY
    }

    /// The command that a user types to run it: its name, if the PATH leads to it.
    #[must_use]
    pub fn typed(&self) -> String {
        let name = self.path.file_stem().map(OsStr::to_string_lossy);
        match name {
            Some(name) if on_the_path().as_ref() == Some(&self.path) => name.into_owned(),
            _ => self.path.display().to_string(),
        }
    }

    /// Product and version, such as `Terraform 1.11.4`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.product, self.version)
    }

    /// The CLI with a command to run in a folder. Of the user's own environment it sees
    /// only variables that do not interfere.
    #[must_use]
    pub fn program(&self, folder: &Path, arguments: &[&str], environment: &Environment) -> Program {
        let program = Program::new(&self.path).args(arguments).current_dir(folder);
        let program = program.without_env(interferes).env("TF_INPUT", "0");
        environment.iter().fold(program, |program, (name, value)| program.env(name, value))
    }

    /// Puts the program of the provider `flink-iac/<name>` into a filesystem mirror below
    /// `folder`. Returns the environment in which the CLI installs it from there.
    pub fn install(&self, name: &str, program: &Path, folder: &Path) -> Outcome<Environment> {
        let registry = match self.product {
            "OpenTofu" => "registry.opentofu.org",
            _ => "registry.terraform.io",
        };
        let mirror = folder.join("providers");
        let package = mirror.join(registry).join("flink-iac").join(name).join(VERSION);
        let package = package.join(platform::name());
        fs::create_dir_all(&package)?;
        let file = platform::executable(&format!("terraform-provider-{name}_v{VERSION}"));
        fs::copy(program, package.join(file))?;
        let mirror = mirror.display().to_string().replace('\\', "/");
        let configuration = folder.join("cli.tfrc");
        fs::write(
            &configuration,
            format!(
                "provider_installation {{\n  filesystem_mirror {{\n    path = \"{mirror}\"\n  }}\n}}\n"
            ),
        )?;
        Ok(vec![
            ("TF_CLI_CONFIG_FILE", configuration.display().to_string()),
            ("CHECKPOINT_DISABLE", "1".to_owned()),
        ])
    }
}

impl fmt::Display for Cli {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name(), self.path.display())
    }
}

/// The variable that keeps the provider's requests to this machine from a proxy, if the
/// environment names a proxy.
#[must_use]
pub fn without_proxy() -> Option<(&'static str, String)> {
    let proxies = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];
    let is_proxied = proxies.iter().any(|name| env::var_os(name).is_some());
    is_proxied.then(|| ("NO_PROXY", "127.0.0.1".to_owned()))
}

/// Returns true if a variable changes the behaviour of the CLI or the provider. Variables
/// for logs are left to the user.
fn interferes(name: &str) -> bool {
    let ours = ["TF_", "FLINK_", "CONFLUENT_"].iter().any(|prefix| name.starts_with(prefix));
    ours && !name.starts_with("TF_LOG")
}

fn named() -> Outcome<Option<PathBuf>> {
    let Some(path) = env::var_os(VARIABLE).filter(|path| !path.is_empty()) else {
        return Ok(None);
    };
    let path = std::path::absolute(path)?;
    match path.is_file() {
        true => Ok(Some(path)),
        false => fail(format!("{VARIABLE} names no file: {}.\n{}", path.display(), by_hand())),
    }
}

fn on_the_path() -> Option<PathBuf> {
    search(&env::var_os("PATH")?)
}

/// Finds Terraform in the folders, or else OpenTofu.
fn search(folders: &OsStr) -> Option<PathBuf> {
    let find = |name: &str| {
        let candidates = env::split_paths(folders).map(|folder| folder.join(name));
        candidates.filter(|path| path.is_absolute()).find(|path| path.is_file())
    };
    ["terraform", "tofu"].iter().find_map(|name| find(&platform::executable(name)))
}

/// Downloads OpenTofu with a program of its own, which is compiled only here: a machine
/// that has a CLI needs no code to download and unpack one.
async fn fetch(interrupt: &Interrupt) -> Outcome<PathBuf> {
    if !workspace::root().join("target").join("opentofu").exists() {
        console::say(
            "There is no terraform and no tofu on the PATH, so OpenTofu is downloaded from its \
             releases on GitHub into target/opentofu (about 35 MB, once).",
        );
    }
    let fetcher = cargo().args(["run", "--package", "xtask-opentofu"]);
    let output = fetcher.output(interrupt).await?;
    let printed = String::from_utf8_lossy(&output.stdout);
    match printed.lines().last() {
        Some(path) if output.status.success() => Ok(path.into()),
        _ => fail(format!("OpenTofu was not downloaded; the reason is above.\n{}", by_hand())),
    }
}

/// The advice where no CLI was found.
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
