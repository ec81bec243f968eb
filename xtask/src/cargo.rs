//! Cargo, called from a program that Cargo itself runs.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use crate::outcome::{Outcome, fail};
use crate::program::{Interrupt, Program};
use crate::workspace;

/// Cargo in this checkout.
pub(crate) fn cargo() -> Program {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    Program::new(cargo).without_env(describes_this_package).current_dir(workspace::root())
}

/// The cargo of a nightly compiler, in this checkout.
pub(crate) fn nightly() -> Program {
    let rustup = Program::new("rustup").args(["run", "nightly", "cargo"]);
    rustup.without_env(describes_this_package).current_dir(workspace::root())
}

/// What `cargo run` tells this program about itself. A build that saw it would
/// differ from one started by hand, and each would undo the other's work.
fn describes_this_package(name: &str) -> bool {
    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}

/// Builds programs, with Cargo's progress in view, and says where they are.
pub(crate) async fn build(
    cargo: Program,
    arguments: &[&str],
    interrupt: &Interrupt,
) -> Outcome<Programs> {
    let build = cargo.args(["build", "--message-format=json-render-diagnostics"]);
    let output = build.args(arguments).output(interrupt).await?;
    if !output.status.success() {
        return fail("the build failed; what Cargo says stands above");
    }
    Ok(Programs::read(&String::from_utf8_lossy(&output.stdout)))
}

/// The programs of a build.
#[derive(Debug)]
pub(crate) struct Programs(BTreeMap<String, PathBuf>);

impl Programs {
    /// Finds the programs in Cargo's messages, one JSON object a line.
    fn read(messages: &str) -> Self {
        let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let programs = messages.filter_map(|message| {
            let executable = message.get("executable")?.as_str()?;
            let name = message.pointer("/target/name")?.as_str()?;
            Some((name.to_owned(), PathBuf::from(executable)))
        });
        Self(programs.collect())
    }

    /// Where a program is.
    pub(crate) fn path(&self, name: &str) -> Outcome<PathBuf> {
        match self.0.get(name) {
            Some(path) => Ok(path.clone()),
            None => fail(format!("Cargo built no program {name}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_among_the_messages() {
        let programs = Programs::read(concat!(
            "not json\n",
            r#"{"reason":"compiler-artifact","target":{"name":"lib"},"executable":null}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"name":"tool"},"executable":"/t/tool"}"#,
            "\n",
            r#"{"reason":"build-finished","success":true}"#,
        ));
        assert_eq!(programs.path("tool").unwrap(), PathBuf::from("/t/tool"));
        assert!(programs.path("lib").unwrap_err().to_string().contains("no program lib"));
    }
}
