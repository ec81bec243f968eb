//! Cargo, run by a program that Cargo itself has started, and the programs that it
//! builds.
//!
//! On Linux, a release is linked statically: a provider also has to start in containers
//! that have another C library, or none.

use std::env::consts::OS;
use std::path::PathBuf;

use serde_json::Value;

use crate::interrupt::Interrupt;
use crate::outcome::{Outcome, fail};
use crate::program::Program;
use crate::workspace;

/// The package of the provider and its program.
pub const PROVIDER: &str = "terraform-provider-flink";

/// The largest size of the released program, in bytes. Terraform reads and hashes the
/// program at every start.
pub const MAX_SIZE: usize = 8_000_000;

/// Cargo in this checkout.
#[must_use]
pub fn cargo() -> Program {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    Program::new(cargo).without_env(describes_this_package).current_dir(workspace::root())
}

/// The cargo of a nightly compiler, in this checkout.
#[must_use]
pub fn nightly() -> Program {
    let rustup = Program::new("rustup").args(["run", "nightly", "cargo"]);
    rustup.without_env(describes_this_package).current_dir(workspace::root())
}

/// Returns true for the variables in which `cargo run` describes this package. A build
/// that sees them differs from one started by hand, so each would rebuild everything.
/// The front, `xtask`, has the same rule.
fn describes_this_package(name: &str) -> bool {
    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}

/// A program of the workspace.
#[derive(Clone, Copy, Debug)]
pub struct Binary {
    /// The package that has it.
    pub package: &'static str,
    /// Cargo's option for its kind, such as `--bin` or `--example`.
    pub kind: &'static str,
    /// Its name.
    pub name: &'static str,
}

impl Binary {
    /// The provider.
    pub const PROVIDER: Self = Self { package: PROVIDER, kind: "--bin", name: PROVIDER };

    /// Builds the program for debugging and returns its path.
    pub async fn build(self, interrupt: &Interrupt) -> Outcome<PathBuf> {
        self.build_with(cargo(), &[], interrupt).await
    }

    /// Builds the program with the flags of a release and returns its path. Ignores
    /// flags that the environment sets.
    pub async fn build_release(self, interrupt: &Interrupt) -> Outcome<PathBuf> {
        let host = host(interrupt).await?;
        let cargo = with_release_flags(cargo(), &host);
        let built = self.build_with(cargo, &["--release", "--target", &host], interrupt).await;
        built.or_else(|error| match OS {
            "linux" => fail(format!(
                "{error}. If the linker failed: a static program needs the C library's static \
                 files (glibc-static on Fedora, libc6-dev on Debian)."
            )),
            _ => Err(error),
        })
    }

    async fn build_with(
        self,
        cargo: Program,
        arguments: &[&str],
        interrupt: &Interrupt,
    ) -> Outcome<PathBuf> {
        let Self { package, kind, name } = self;
        let build = cargo.args(["build", "--message-format=json-render-diagnostics"]);
        let build = build.args(["--package", package, kind, name]).args(arguments);
        let output = build.output(interrupt).await?;
        if !output.status.success() {
            return fail("the build failed; Cargo's errors are above");
        }
        match executable(&String::from_utf8_lossy(&output.stdout), name) {
            Some(path) => Ok(path),
            None => fail(format!("Cargo built no program {name}")),
        }
    }
}

/// Finds a program in Cargo's messages, which have one JSON object a line.
fn executable(messages: &str, name: &str) -> Option<PathBuf> {
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut of_target =
        messages.filter(|each| each.pointer("/target/name").is_some_and(|it| it == name));
    of_target.find_map(|each| Some(each.get("executable")?.as_str()?.into()))
}

fn with_release_flags(cargo: Program, host: &str) -> Program {
    let cargo = cargo.without_env(|name| name.ends_with("RUSTFLAGS"));
    if !matches!(OS, "linux" | "windows") {
        return cargo;
    }
    // A flag of one target does not apply to macros, which the compiler has to load.
    let variable = format!("CARGO_TARGET_{}_RUSTFLAGS", host.replace('-', "_").to_uppercase());
    cargo.env(variable, "-C target-feature=+crt-static")
}

/// The target triple of this machine's toolchain.
async fn host(interrupt: &Interrupt) -> Outcome<String> {
    let output = cargo().args(["-vV"]).output(interrupt).await?;
    let text = String::from_utf8_lossy(&output.stdout);
    match text.lines().find_map(|line| line.strip_prefix("host: ")) {
        Some(host) => Ok(host.to_owned()),
        None => fail(format!("`cargo -vV` does not name the host: {text}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_program_among_the_messages() {
        let messages = concat!(
            "not json\n",
            r#"{"reason":"compiler-artifact","target":{"name":"tool"},"executable":null}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"name":"tool"},"executable":"/t/tool"}"#,
            "\n",
            r#"{"reason":"build-finished","success":true}"#,
        );
        assert_eq!(executable(messages, "tool"), Some(PathBuf::from("/t/tool")));
        assert_eq!(executable(messages, "lib"), None);
    }
}
