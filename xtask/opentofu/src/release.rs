//! A release of OpenTofu, downloaded from its publisher.
//!
//! The archive is unpacked only if its SHA-256 is in the release's list of checksums.

use std::fs;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use xtask_step::outcome::{Outcome, fail};
use xtask_step::platform;

use crate::http;

/// The release: new enough for everything that the provider can do with OpenTofu.
pub(super) const VERSION: &str = "1.12.6";

/// The address of OpenTofu's releases.
const SITE: &str = "https://github.com/opentofu/opentofu/releases/download";

/// Finds the program of an earlier download in `folder`.
pub(super) fn find(folder: &Path) -> Option<PathBuf> {
    Some(folder.join(platform::executable("tofu"))).filter(|path| path.is_file())
}

/// Downloads the program into `folder`.
pub(super) async fn fetch(folder: &Path) -> Outcome<PathBuf> {
    let client = http::client()?;
    let download =
        async |name: &str| http::download(&client, &format!("{SITE}/v{VERSION}/{name}")).await;
    let sums = download(&format!("tofu_{VERSION}_SHA256SUMS")).await?;
    let name = format!("tofu_{VERSION}_{}.zip", platform::name());
    let sum = checksum(&String::from_utf8_lossy(&sums), &name)?;
    unpack(&verified(&name, download(&name).await?, &sum)?, folder)
}

/// The checksum of a file in the list: each line has the sum and the name.
fn checksum(sums: &str, name: &str) -> Outcome<String> {
    let mut lines = sums.lines().filter_map(|line| line.split_once(char::is_whitespace));
    // A star before the name marks a file that was read as binary.
    match lines.find(|(_, rest)| rest.trim().trim_start_matches('*') == name) {
        Some((sum, _)) => Ok(sum.to_owned()),
        None => fail(format!("the release has no checksum of {name}, so perhaps no such file")),
    }
}

/// Returns the archive if it has the checksum.
fn verified(name: &str, archive: Vec<u8>, sum: &str) -> Outcome<Vec<u8>> {
    let seen: String = Sha256::digest(&archive).iter().map(|byte| format!("{byte:02x}")).collect();
    match seen.eq_ignore_ascii_case(sum) {
        true => Ok(archive),
        false => {
            fail(format!("{name} was discarded: its SHA-256 is {seen}, but the release has {sum}"))
        }
    }
}

/// Unpacks the program. It gets its name last, so that an interrupted run leaves nothing
/// that [`find`] finds.
fn unpack(archive: &[u8], folder: &Path) -> Outcome<PathBuf> {
    let name = platform::executable("tofu");
    let mut program = Vec::new();
    zip::ZipArchive::new(Cursor::new(archive))?.by_name(&name)?.read_to_end(&mut program)?;
    fs::create_dir_all(folder)?;
    let part = folder.join("unpacking");
    fs::write(&part, program)?;
    make_executable(&part)?;
    let path = folder.join(name);
    fs::rename(&part, &path)?;
    Ok(path)
}

#[cfg(unix)]
fn make_executable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::*;

    const PROGRAM: &[u8] = b"#!/bin/sh\necho OpenTofu v1.12.6\n";

    fn archive(name: &str) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in [("LICENSE", b"terms".as_slice()), (name, PROGRAM)] {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn unpacks_an_executable_program_that_is_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("below");
        assert_eq!(find(&below), None);
        let path = unpack(&archive(&platform::executable("tofu")), &below).unwrap();
        assert_eq!(fs::read(&path).unwrap(), PROGRAM);
        assert_eq!(find(&below), Some(path.clone()));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o755);
        }
    }

    #[test]
    fn refuses_an_archive_without_the_program() {
        let folder = tempfile::tempdir().unwrap();
        assert!(unpack(&archive("readme.txt"), folder.path()).is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn finds_a_checksum_by_the_whole_name() {
        let sums = "01  a.zip.asc\n02  a.zip\n03 *b.zip\n";
        assert_eq!(checksum(sums, "a.zip").unwrap(), "02");
        assert_eq!(checksum(sums, "b.zip").unwrap(), "03");
        assert!(checksum(sums, "zip").unwrap_err().to_string().contains("no checksum of zip"));
    }

    #[test]
    fn refuses_an_archive_with_another_checksum() {
        let empty = "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855";
        assert!(verified("a.zip", Vec::new(), empty).is_ok());
        let error = verified("a.zip", b"x".to_vec(), empty).unwrap_err().to_string();
        assert!(error.contains("a.zip was discarded") && error.contains(empty), "{error}");
    }
}
