//! The archive of a release. It holds no times and no users, so the same content gives
//! the same bytes.

use std::io::{Cursor, Write};

use zip::write::{SimpleFileOptions, ZipWriter};

use xtask_step::outcome::Outcome;

/// A file in the archive.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) name: &'a str,
    pub(super) content: &'a [u8],
    pub(super) executable: bool,
}

/// Packs files.
pub(super) fn zip(entries: &[Entry<'_>]) -> Outcome<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for Entry { name, content, executable } in entries {
        let mode = if *executable { 0o755 } else { 0o644 };
        zip.start_file(*name, SimpleFileOptions::DEFAULT.unix_permissions(mode))?;
        zip.write_all(content)?;
    }
    Ok(zip.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn packs_an_executable_program_and_readable_files() {
        let entries = [
            Entry { name: "program", content: b"code", executable: true },
            Entry { name: "LICENSE", content: b"terms", executable: false },
        ];
        let packed = zip(&entries).unwrap();
        let mut archive = zip::ZipArchive::new(Cursor::new(&packed)).unwrap();
        for (name, mode, content) in [("program", 0o755, "code"), ("LICENSE", 0o644, "terms")] {
            let mut file = archive.by_name(name).unwrap();
            assert_eq!(file.unix_mode().unwrap() & 0o777, mode, "{name}");
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            assert_eq!(text, content);
        }
        assert_eq!(packed, zip(&entries).unwrap());
    }
}
