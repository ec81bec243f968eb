//! This machine's platform, in the words that Terraform, OpenTofu and their
//! registries use for it.

use std::env::consts::{ARCH, EXE_SUFFIX, OS};

/// The platform, such as `linux_amd64`.
pub fn name() -> String {
    let os = match OS {
        "macos" => "darwin",
        other => other,
    };
    let arch = match ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    };
    format!("{os}_{arch}")
}

/// The file name of a program.
pub fn executable(name: &str) -> String {
    format!("{name}{EXE_SUFFIX}")
}
