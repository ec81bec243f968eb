//! A Unix socket in the file system that only its owner can open, at any moment of its life.
//!
//! A socket gets its mode from the umask, and changing the mode afterwards leaves a gap. So it is
//! made in a directory that only the owner can enter, and moved out once its mode is right. It must
//! not know what the socket is for. `PLUGIN_UNIX_SOCKET_GROUP` is go-plugin's.

use std::fs::{self, DirBuilder, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use rustls::crypto::ring;
use tokio::net::UnixListener;

/// The path of a socket, removed when dropped.
#[derive(Debug)]
pub(in crate::plugin) struct SocketFile {
    path: String,
}

impl SocketFile {
    pub(in crate::plugin) fn path(&self) -> &str {
        &self.path
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        // The process is ending, so an error is of no use; a file that is gone already is fine.
        let _ = fs::remove_file(&self.path);
    }
}

/// Makes a socket `plugin…` in `directory`, for the owner and, if named, a group.
///
/// # Errors
///
/// Fails if the directory is unusable, if the path would be longer than a socket's may be, or if it
/// cannot be written in a handshake line.
pub(super) fn bind(
    directory: &Path,
    group: Option<&str>,
) -> io::Result<(UnixListener, SocketFile)> {
    let name = random_name()?;
    let path = sayable(directory.join(&name))?;
    let nursery = Nursery::make(directory.join(format!(".{name}")))?;
    let newborn = nursery.path.join("s");

    let listener = UnixListener::bind(&newborn)?;
    // From here on the file is removed on every way out, wherever it is.
    let file = SocketFile { path: newborn.to_string_lossy().into_owned() };
    match group {
        None => fs::set_permissions(&newborn, Permissions::from_mode(0o600))?,
        Some(group) => {
            chown(&newborn, None, Some(group_id(group, &fs::read_to_string("/etc/group"))?))?;
            fs::set_permissions(&newborn, Permissions::from_mode(0o660))?;
        }
    }
    fs::rename(&newborn, &path)?;
    drop(file);
    Ok((listener, SocketFile { path }))
}

/// A directory for the owner alone, removed when dropped.
struct Nursery {
    path: PathBuf,
}

impl Nursery {
    fn make(path: PathBuf) -> io::Result<Self> {
        DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Self { path })
    }
}

impl Drop for Nursery {
    fn drop(&mut self) {
        // At worst an empty directory stays behind.
        let _ = fs::remove_dir(&self.path);
    }
}

fn random_name() -> io::Result<String> {
    let mut bytes = [0; 5];
    ring::default_provider()
        .secure_random
        .fill(&mut bytes)
        .map_err(|_| io::Error::other("the system has no randomness to give"))?;
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("plugin{digits}"))
}

/// The handshake line has no way to quote its separators.
fn sayable(path: PathBuf) -> io::Result<String> {
    path.into_os_string()
        .into_string()
        .ok()
        .filter(|path| !path.contains(|symbol: char| symbol == '|' || symbol.is_control()))
        .ok_or_else(|| {
            io::Error::new(ErrorKind::InvalidInput, "its path cannot be part of a handshake line")
        })
}

/// A group's number, given as such or as a name listed in the text of `/etc/group`.
fn group_id(group: &str, groups: &io::Result<String>) -> io::Result<u32> {
    if let Ok(id) = group.parse() {
        return Ok(id);
    }
    let listed = groups.as_ref().map(String::as_str).unwrap_or_default().lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let id = fields.nth(1)?;
        (name == group).then(|| id.parse().ok())?
    });
    listed.ok_or_else(|| {
        io::Error::new(ErrorKind::NotFound, format!("there is no group `{group}` in /etc/group"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUPS: &str = "root:x:0:\nstaff:x:50:alice,bob\nbroken\nodd:x:many:\n";

    #[test]
    fn groups_by_number_or_name() {
        let groups = Ok(GROUPS.to_owned());
        assert_eq!(group_id("1234", &groups).unwrap(), 1234);
        assert_eq!(group_id("staff", &groups).unwrap(), 50);
        for unknown in ["sta", "broken", "odd", "alice"] {
            assert_eq!(group_id(unknown, &groups).unwrap_err().kind(), ErrorKind::NotFound);
        }
    }

    #[test]
    fn refuses_paths_that_would_break_the_handshake() {
        assert!(sayable(PathBuf::from("/tmp/a|b")).is_err());
        assert!(sayable(PathBuf::from("/tmp/a\nb")).is_err());
        assert_eq!(sayable(PathBuf::from("/tmp/ä b")).unwrap(), "/tmp/ä b");
    }
}
