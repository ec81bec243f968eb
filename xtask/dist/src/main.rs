//! `cargo xtask dist`: the files of a release for this machine's platform.
//!
//! The Terraform registry prescribes their names and layout.

mod archive;
mod elf;

use std::env::consts::OS;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use sha2::{Digest, Sha256};
use xtask_step::cargo::{Binary, MAX_SIZE, PROVIDER};
use xtask_step::console::{heading, holds, line};
use xtask_step::outcome::{Outcome, fail};
use xtask_step::{Arguments, Interrupt, platform, workspace};

use self::archive::Entry;

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn main() -> ExitCode {
    xtask_step::block_on(run())
}

/// Builds the release.
async fn run() -> Outcome {
    xtask_step::finish(Arguments::from_env())?;
    let interrupt = Interrupt::listen()?;
    let folder = workspace::emptied("dist")?;

    heading("Build");
    let program = fs::read(Binary::PROVIDER.build_release(&interrupt).await?)?;
    check(&program)?;

    heading("Pack");
    for path in pack(&program, &folder)? {
        line(&format!("{:>9} bytes  {}", fs::metadata(&path)?.len(), path.display()));
    }
    Ok(())
}

/// Checks the promises of a release: the size, and static linking on Linux.
fn check(program: &[u8]) -> Outcome {
    let size = program.len();
    if size > MAX_SIZE {
        return fail(format!(
            "the program has {size} bytes; a release promises {MAX_SIZE} at most"
        ));
    }
    holds(&format!("the program has {size} bytes, at most {MAX_SIZE}"));
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

/// Writes the archive, the manifest and their checksums, and returns the paths.
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
    let sums: String = files.iter().map(|(name, content)| checksum_line(name, content)).collect();
    files.push((format!("{PROVIDER}_{VERSION}_SHA256SUMS"), sums.into_bytes()));
    let mut paths = Vec::new();
    for (name, content) in files {
        let path = folder.join(name);
        fs::write(&path, content)?;
        paths.push(path);
    }
    Ok(paths)
}

/// The line of a file in `SHA256SUMS`, in the form of `sha256sum`.
fn checksum_line(name: &str, content: &[u8]) -> String {
    let sum: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{sum}  {name}\n")
}

#[cfg(test)]
mod tests {
    #[test]
    fn writes_checksums_in_the_form_of_sha256sum() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(super::checksum_line("a.zip", b""), format!("{empty}  a.zip\n"));
    }
}
