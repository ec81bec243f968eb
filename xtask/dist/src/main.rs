//! `cargo xtask dist`: what a release consists of, for this machine's platform.
//!
//! The names and the layout are those that the Terraform registry asks for.

mod archive;
mod elf;

use std::env::consts::OS;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use xtask_build::release::{self, LARGEST, PROVIDER};
use xtask_checksum as checksum;
use xtask_process::Interrupt;
use xtask_step::console::{heading, holds, line};
use xtask_step::outcome::{Outcome, fail};
use xtask_step::{Arguments, platform, workspace};

use self::archive::Entry;

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn main() -> ExitCode {
    xtask_process::block_on(run())
}

/// Builds the release.
async fn run() -> Outcome {
    xtask_step::finish(Arguments::from_env())?;
    let interrupt = Interrupt::listen()?;
    let folder = workspace::emptied("dist")?;

    heading("Build");
    let program = fs::read(release::build(&interrupt).await?)?;
    checked(&program)?;

    heading("Pack");
    for path in pack(&program, &folder)? {
        line(&format!("{:>9} bytes  {}", fs::metadata(&path)?.len(), path.display()));
    }
    Ok(())
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
