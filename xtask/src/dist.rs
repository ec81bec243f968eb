//! `cargo xtask dist`: what a release consists of, for this machine's platform.
//!
//! The names and the layout are those that the Terraform registry asks for. On
//! Linux the program is linked statically, because a provider also has to start
//! in containers that have no C library, or another one.

mod archive;
mod elf;

use std::env::consts::OS;
use std::fs;
use std::path::{Path, PathBuf};

use self::archive::Entry;
use crate::cargo::{self, cargo};
use crate::checksum;
use crate::console::{heading, holds, line};
use crate::outcome::{Outcome, fail};
use crate::platform;
use crate::program::Interrupt;
use crate::workspace;

pub(crate) const PROVIDER: &str = "terraform-provider-flink";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Terraform reads and hashes the program at every start.
pub(crate) const LARGEST: usize = 8_000_000;

/// Builds the release.
pub(crate) async fn run() -> Outcome {
    let interrupt = Interrupt::listen()?;
    let folder = workspace::emptied("dist")?;

    heading("Build");
    let program = fs::read(build(&interrupt).await?)?;
    checked(&program)?;

    heading("Pack");
    for path in pack(&program, &folder)? {
        line(&format!("{:>9} bytes  {}", fs::metadata(&path)?.len(), path.display()));
    }
    Ok(())
}

/// Builds the program with the flags of a release and no others.
pub(crate) async fn build(interrupt: &Interrupt) -> Outcome<PathBuf> {
    let host = host(interrupt).await?;
    let arguments = ["--release", "--target", &host, "--package", PROVIDER, "--bin", PROVIDER];
    let mut cargo = cargo().without_env(|name| name.ends_with("RUSTFLAGS"));
    if matches!(OS, "linux" | "windows") {
        // Named with its target, the flag leaves the macros alone that the
        // compiler has to load.
        let variable = format!("CARGO_TARGET_{}_RUSTFLAGS", host.replace('-', "_").to_uppercase());
        cargo = cargo.env(variable, "-C target-feature=+crt-static");
    }
    let built = cargo::build(cargo, &arguments, interrupt).await;
    let built = built.or_else(|error| match OS {
        "linux" => fail(format!(
            "{error}. Where the linker is what failed: a static program needs the C library's \
             static files (glibc-static on Fedora, libc6-dev on Debian)."
        )),
        _ => Err(error),
    });
    built?.path(PROVIDER)
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

/// Holds the program against what a release promises.
fn checked(program: &[u8]) -> Outcome {
    let size = program.len();
    if size > LARGEST {
        return fail(format!("the program has {size} bytes; a release promises {LARGEST} at most"));
    }
    holds(&format!("the program has {size} bytes, at most {LARGEST}"));
    if OS == "linux" {
        match elf::interpreter(program)? {
            None => holds("it is static: it asks for no dynamic linker"),
            Some(linker) => {
                return fail(format!("the program is not static: it asks for {linker}"));
            }
        }
    }
    Ok(())
}

/// Writes the archive, the manifest and their checksums, and says where.
fn pack(program: &[u8], folder: &Path) -> Outcome<Vec<PathBuf>> {
    let root = workspace::root();
    let read = |name: &str| {
        fs::read(root.join(name)).or_else(|error| fail(format!("{name} cannot be read: {error}")))
    };
    let name = platform::executable(&format!("{PROVIDER}_v{VERSION}"));
    let (license, readme) = (read("LICENSE")?, read("README.md")?);
    let zip = archive::zip(&[
        Entry { name: &name, content: program, executable: true },
        Entry { name: "LICENSE", content: &license, executable: false },
        Entry { name: "README.md", content: &readme, executable: false },
    ])?;
    let mut files = vec![
        (format!("{PROVIDER}_{VERSION}_{}.zip", platform::name()), zip),
        (format!("{PROVIDER}_{VERSION}_manifest.json"), read("terraform-registry-manifest.json")?),
    ];
    let sums: String = files.iter().map(|(name, content)| checksum::line(name, content)).collect();
    files.push((format!("{PROVIDER}_{VERSION}_SHA256SUMS"), sums.into_bytes()));
    let mut paths = Vec::new();
    for (name, content) in files {
        let path = folder.join(name);
        fs::write(&path, content)?;
        paths.push(path);
    }
    Ok(paths)
}
