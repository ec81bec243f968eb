//! Fetches OpenTofu into `target/opentofu/`, if it is not there yet, and prints the
//! path of its program.
//!
//! Steps run this where no Terraform and no OpenTofu is installed. It is a package
//! of its own because nothing else downloads or checks and unpacks archives.

mod http;
mod release;

use std::io::{Write, stdout};
use std::process::ExitCode;

use xtask_step::outcome::{self, Outcome, fail};
use xtask_step::{Arguments, platform, workspace};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    outcome::exit_code(run().await)
}

async fn run() -> Outcome {
    xtask_step::finish(Arguments::from_env())?;
    let folder = workspace::root().join("target").join("opentofu").join(release::VERSION);
    let path = match release::fetched(&folder) {
        Some(path) => path,
        None => release::fetch(release::SITE, &platform::name(), &folder)
            .await
            .or_else(|error| fail(format!("OpenTofu cannot be fetched: {error}.")))?,
    };
    Ok(writeln!(stdout(), "{}", path.display())?)
}
