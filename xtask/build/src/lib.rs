//! Builds programs of this workspace with Cargo, and says where they are.

pub mod release;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;
use xtask_process::{Interrupt, Program};
use xtask_step::outcome::{Outcome, fail};

/// Builds programs, with Cargo's progress in view, and says where they are.
pub async fn build(cargo: Program, arguments: &[&str], interrupt: &Interrupt) -> Outcome<Programs> {
    let build = cargo.args(["build", "--message-format=json-render-diagnostics"]);
    let output = build.args(arguments).output(interrupt).await?;
    if !output.status.success() {
        return fail("the build failed; what Cargo says stands above");
    }
    Ok(Programs::read(&String::from_utf8_lossy(&output.stdout)))
}

/// The programs of a build.
#[derive(Debug)]
pub struct Programs(BTreeMap<String, PathBuf>);

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

    /// The path of a program.
    pub fn path(&self, name: &str) -> Outcome<PathBuf> {
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
