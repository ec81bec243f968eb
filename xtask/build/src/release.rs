//! The provider's program as it is released, for the steps that pack and measure
//! it.
//!
//! On Linux it is linked statically, because a provider also has to start in
//! containers that have no C library, or another one.

use std::env::consts::OS;
use std::path::PathBuf;

use xtask_process::cargo::cargo;
use xtask_process::{Interrupt, Program};
use xtask_step::outcome::{Outcome, fail};

use crate::Programs;

/// The package of the provider and its program.
pub const PROVIDER: &str = "terraform-provider-flink";

/// The most bytes that the program may have: Terraform reads and hashes it at
/// every start.
pub const LARGEST: usize = 8_000_000;

/// Builds the provider's program.
pub async fn build(interrupt: &Interrupt) -> Outcome<PathBuf> {
    build_alike(&["--package", PROVIDER, "--bin", PROVIDER], interrupt).await?.path(PROVIDER)
}

/// Builds programs with the flags of a release and no others.
pub async fn build_alike(programs: &[&str], interrupt: &Interrupt) -> Outcome<Programs> {
    let host = host(interrupt).await?;
    let arguments: Vec<&str> =
        ["--release", "--target", &host].iter().chain(programs).copied().collect();
    let built = crate::build(with_release_flags(cargo(), &host), &arguments, interrupt).await;
    built.or_else(|error| match OS {
        "linux" => fail(format!(
            "{error}. Where the linker is what failed: a static program needs the C library's \
             static files (glibc-static on Fedora, libc6-dev on Debian)."
        )),
        _ => Err(error),
    })
}

fn with_release_flags(cargo: Program, host: &str) -> Program {
    let cargo = cargo.without_env(|name| name.ends_with("RUSTFLAGS"));
    if !matches!(OS, "linux" | "windows") {
        return cargo;
    }
    // Named with its target, the flag leaves the macros alone that the compiler
    // has to load.
    let variable = format!("CARGO_TARGET_{}_RUSTFLAGS", host.replace('-', "_").to_uppercase());
    cargo.env(variable, "-C target-feature=+crt-static")
}

/// The target triple of this machine's toolchain.
async fn host(interrupt: &Interrupt) -> Outcome<String> {
    let output = cargo().args(["-vV"]).output(interrupt).await?;
    let text = String::from_utf8_lossy(&output.stdout);
    match text.lines().find_map(|line| line.strip_prefix("host: ")) {
        Some(host) => Ok(host.to_owned()),
        None => fail(format!("cargo -vV does not name the host, but says: {text}")),
    }
}
