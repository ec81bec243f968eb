//! The names that Terraform, OpenTofu and their registries give to this machine's
//! platform.

use std::env::consts::{ARCH, EXE_SUFFIX, OS};

/// The platform, such as `linux_amd64`.
#[must_use]
pub fn name() -> String {
    let os = if OS == "macos" { "darwin" } else { OS };
    let arch = match ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    };
    format!("{os}_{arch}")
}

/// The file name of a program.
#[must_use]
pub fn executable(name: &str) -> String {
    format!("{name}{EXE_SUFFIX}")
}
