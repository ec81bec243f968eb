//! A release of OpenTofu, fetched from its publisher.
//!
//! The archive is believed only when its SHA-256 is the one that the release's
//! list of checksums gives, and nothing of it is unpacked before.

use std::fs;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use xtask_checksum as checksum;
use xtask_step::outcome::{Outcome, fail};
use xtask_step::platform;

use crate::http;

/// The release: new enough for everything the provider can do with OpenTofu.
pub(super) const VERSION: &str = "1.12.6";

/// Where OpenTofu's releases are.
pub(super) const SITE: &str = "https://github.com/opentofu/opentofu/releases/download";

/// The program in `folder`, if it was fetched before.
pub(super) fn fetched(folder: &Path) -> Option<PathBuf> {
    Some(folder.join(platform::executable("tofu"))).filter(|path| path.is_file())
}

/// Fetches the program from the releases at `site` into `folder`.
pub(super) async fn fetch(site: &str, platform: &str, folder: &Path) -> Outcome<PathBuf> {
    // A checksum is worth what the connection is worth over which it came. Only
    // a server on this machine is asked without encryption, and no proxy for it.
    let client = http::client(|builder| match site.starts_with("https:") {
        true => builder.https_only(true),
        false => builder.no_proxy(),
    })?;
    let get = async |name: &str| {
        let url = format!("{site}/v{VERSION}/{name}");
        http::answer(&url, client.get(&url)).await
    };
    let sums = get(&format!("tofu_{VERSION}_SHA256SUMS")).await?;
    let sums = String::from_utf8(sums).or_else(|_| fail("the list of checksums is no text"))?;
    let name = format!("tofu_{VERSION}_{platform}.zip");
    let Some(sum) = checksum::find(&sums, &name) else {
        return fail(format!("the release has no checksum of {name}, so perhaps no such file"));
    };
    let archive = get(&name).await?;
    let seen = checksum::of(&archive);
    if !seen.eq_ignore_ascii_case(sum) {
        return fail(format!(
            "{name} is not what its publisher made, and was thrown away: its SHA-256 is {seen}, \
             and the release says {sum}"
        ));
    }
    unpack(&archive, folder)
}

/// Takes the program out of the archive. It gets its name last, so that a run
/// that ends early leaves nothing that looks like it.
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

/// Marks a file as a program, where the system wants that.
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
mod tests;
