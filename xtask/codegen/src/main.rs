//! `cargo xtask codegen`: Rust from the files in `proto/`.
//!
//! The result is committed, so that building needs neither protoc nor this
//! program; `--check` fails where the two differ. protox compiles the files, so
//! nothing has to be installed for it.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{fs, io};

use xtask_step::outcome::{self, Outcome, fail};
use xtask_step::{Arguments, workspace};

/// The generated file of each package and its name in the repository.
const MODULES: [(&str, &str); 3] = [
    ("tfplugin5.rs", "tfplugin5.rs"),
    ("plugin.rs", "plugin.rs"),
    ("grpc.health.v1.rs", "health.rs"),
];
const TARGET: &str = "crates/tf-provider/src/proto/generated";
const FIRST_LINE: &str = "// Made by `cargo xtask codegen` from proto/. Do not edit.\n";

fn main() -> ExitCode {
    outcome::exit_code(run())
}

/// Writes the generated modules, or with `--check` compares them.
fn run() -> Outcome {
    let mut arguments = Arguments::from_env();
    let check = arguments.contains("--check");
    xtask_step::finish(arguments)?;
    let scratch = workspace::scratch("codegen")?;
    generate(&scratch)?;
    format(MODULES.iter().map(|(made, _)| scratch.join(made)))?;
    for (made, committed) in MODULES {
        let fresh = format!("{FIRST_LINE}{}", fs::read_to_string(scratch.join(made))?);
        workspace::write_or_compare(&format!("{TARGET}/{committed}"), &fresh, check, "codegen")?;
    }
    Ok(())
}

fn generate(into: &Path) -> Outcome {
    let proto = workspace::root().join("proto");
    let files = ["tfplugin5.proto", "plugin.proto", "health.proto"];
    let descriptors = protox::compile(files, [&proto]).or_else(|error| fail(error.to_string()))?;
    let compiled: io::Result<()> = tonic_prost_build::configure()
        .out_dir(into)
        .btree_map(".")
        .client_mod_attribute(".", "#[cfg(feature = \"testing\")]")
        .compile_fds(descriptors);
    Ok(compiled?)
}

/// Formats files as the rest of the code is, which `cargo fmt` includes them in.
fn format(files: impl Iterator<Item = PathBuf>) -> Outcome {
    let rustfmt = Command::new("rustfmt").args(["--edition", "2024"]).args(files).status();
    match rustfmt {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => fail(format!("rustfmt failed on what was generated ({status})")),
        Err(error) => fail(format!("rustfmt cannot be started: {error}")),
    }
}
