//! Downloads OpenTofu into `target/opentofu/`, unless it is there already, and prints the
//! path of its program.
//!
//! Steps run this where neither Terraform nor OpenTofu is installed. It is a package of
//! its own because no other step needs an HTTP client.

mod http;
mod release;

use std::io::{Write, stdout};
use std::process::ExitCode;

use xtask_step::outcome::{Outcome, fail};
use xtask_step::{Arguments, workspace};

fn main() -> ExitCode {
    xtask_step::block_on(run())
}

async fn run() -> Outcome {
    xtask_step::finish(Arguments::from_env())?;
    let folder = workspace::root().join("target").join("opentofu").join(release::VERSION);
    let path = match release::find(&folder) {
        Some(path) => path,
        None => release::fetch(&folder)
            .await
            .or_else(|error| fail(format!("OpenTofu cannot be downloaded: {error}.")))?,
    };
    Ok(writeln!(stdout(), "{}", path.display())?)
}
