//! The file that keeps the objects of a server from one run to the next.
//!
//! It holds credentials in the clear, so only its owner may read it, and no error
//! message repeats any of its text. It is always written whole, to a file beside
//! it that then takes its place, so that a crash leaves either the old state or
//! the new. Each noun has a section of its own, which this file does not interpret.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The version of the format: an object with this number and one array for each
/// noun.
const FORMAT: u64 = 1;

const VERSION: &str = "version";

/// A state file, and its text as it is at the moment.
#[derive(Debug)]
pub(crate) struct StateFile {
    path: PathBuf,
    sections: Mutex<Map<String, Value>>,
}

impl StateFile {
    /// Reads a file that may have these sections. A file that does not exist is
    /// empty; the folder must exist.
    pub(crate) fn open(path: PathBuf, sections: &[&str]) -> Result<Self, StateError> {
        let folder = folder_of(&path);
        if !folder.is_dir() {
            let reason = format!("the folder {} does not exist", folder.display());
            return Err(StateError { path, reason });
        }
        match read(&path, sections) {
            Ok(sections) => Ok(Self { path, sections: Mutex::new(sections) }),
            Err(reason) => Err(StateError { path, reason }),
        }
    }

    /// The records of a section; a section that is not there is empty.
    pub(crate) fn records<R: DeserializeOwned>(&self, section: &str) -> Result<Vec<R>, StateError> {
        let sections = self.sections.lock().unwrap_or_else(PoisonError::into_inner);
        let unreadable = || self.error(format!("its {section} cannot be read"));
        let records = match sections.get(section) {
            None => return Ok(Vec::new()),
            Some(records) => records.as_array().ok_or_else(unreadable)?,
        };
        // The message of the error itself may quote a credential.
        let read = |record: &Value| R::deserialize(record).map_err(|_| unreadable());
        records.iter().map(read).collect()
    }

    /// Writes a section and leaves the others as they are.
    pub(crate) fn save(&self, section: &str, records: Vec<impl Serialize>) -> io::Result<()> {
        let mut sections = self.sections.lock().unwrap_or_else(PoisonError::into_inner);
        let mut changed = sections.clone();
        changed.insert(VERSION.to_owned(), FORMAT.into());
        changed.insert(section.to_owned(), serde_json::to_value(records)?);
        self.write(&serde_json::to_string_pretty(&changed)?)?;
        *sections = changed;
        Ok(())
    }

    pub(crate) fn error(&self, reason: String) -> StateError {
        StateError { path: self.path.clone(), reason }
    }

    /// Replaces the file by a new one, at once.
    fn write(&self, text: &str) -> io::Result<()> {
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.tmp", std::process::id()));
        let beside = self.path.with_file_name(name);
        // A file left by a crash may carry other permissions than a new one.
        if let Err(error) = fs::remove_file(&beside)
            && error.kind() != io::ErrorKind::NotFound
        {
            return Err(error);
        }
        create_private(&beside)?.write_all(text.as_bytes())?;
        fs::rename(&beside, &self.path)
    }
}

/// Reads the sections of a file. The error says what is wrong, without its text.
fn read(path: &Path, known: &[&str]) -> Result<Map<String, Value>, String> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Map::new()),
        Err(error) => return Err(format!("it cannot be read: {error}")),
    };
    let sections: Map<String, Value> = serde_json::from_str(&text).map_err(|error| {
        // The message of the error itself may quote a credential.
        format!("it is not a state file (line {}, column {})", error.line(), error.column())
    })?;
    match sections.get(VERSION).and_then(Value::as_u64) {
        Some(FORMAT) => {}
        Some(other) => return Err(format!("its format {other} is not the known one, {FORMAT}")),
        None => return Err("it is not a state file: it has no version".to_owned()),
    }
    let is_known = |name: &String| name == VERSION || known.contains(&name.as_str());
    if sections.keys().all(is_known) {
        return Ok(sections);
    }
    Err("it is not a state file: it has an unknown section".to_owned())
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Creates a file that only its owner may read (0600 on Unix).
fn create_private(path: &Path) -> io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The reason for which a state file cannot be used. The file is left as it is.
#[derive(Debug)]
pub struct StateError {
    path: PathBuf,
    reason: String,
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the state file {} cannot be used: {}", self.path.display(), self.reason)
    }
}

impl std::error::Error for StateError {}
