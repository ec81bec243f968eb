//! The file in which a server keeps its objects from one run to the next.
//!
//! It holds credentials in the clear, so nobody but its owner may read it, and
//! no error message repeats what stands in it. It is always written whole, to a
//! file beside it that then takes its place, so that a crash leaves either the
//! old state or the new.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Objects;
use crate::connection::{Connection, Credentials, Status};
use crate::place::Place;

/// The version of the format below.
const FORMAT: u32 = 1;

#[derive(Debug)]
pub(crate) struct StateFile {
    path: PathBuf,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u32,
    connections: Vec<Record>,
}

/// A connection with its credentials in the clear.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    place: Place,
    name: String,
    connection_type: String,
    endpoint: String,
    credentials: BTreeMap<String, String>,
    uid: String,
    resource_version: String,
    created_at: String,
    updated_at: String,
    status: Option<Status>,
}

impl StateFile {
    /// A file that exists, or can come to exist.
    pub(crate) fn at(path: PathBuf) -> Result<Self, StateError> {
        let folder = folder_of(&path);
        if !folder.is_dir() {
            let reason = format!("the folder {} does not exist", folder.display());
            return Err(StateError { path, reason });
        }
        Ok(Self { path })
    }

    /// What the file holds; a file that does not exist holds nothing.
    pub(crate) fn load(&self) -> Result<Objects, StateError> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Objects::new()),
            Err(error) => return Err(self.error(format!("it cannot be read: {error}"))),
        };
        let document: Document = serde_json::from_str(&text).map_err(|error| {
            // The message of the error itself may quote a credential.
            let (line, column) = (error.line(), error.column());
            self.error(format!("it is not a state file (line {line}, column {column})"))
        })?;
        if document.version != FORMAT {
            let version = document.version;
            return Err(self.error(format!("its format {version} is not the known one, {FORMAT}")));
        }
        let mut objects = Objects::new();
        for record in document.connections {
            let place = record.place.clone();
            let connection = record.into_connection().map_err(|reason| self.error(reason))?;
            let name = connection.name.clone();
            if objects.entry(place).or_default().insert(name.clone(), connection).is_some() {
                return Err(self.error(format!("it holds the connection '{name}' twice")));
            }
        }
        Ok(objects)
    }

    pub(crate) fn save(&self, objects: &Objects) -> io::Result<()> {
        let connections = objects
            .iter()
            .flat_map(|(place, here)| here.values().map(move |one| Record::of(place, one)))
            .collect();
        let text = serde_json::to_string_pretty(&Document { version: FORMAT, connections })?;
        let beside = self.beside();
        // A file left by a crash may carry other permissions than a new one.
        if let Err(error) = fs::remove_file(&beside)
            && error.kind() != io::ErrorKind::NotFound
        {
            return Err(error);
        }
        create_private(&beside)?.write_all(text.as_bytes())?;
        fs::rename(&beside, &self.path)
    }

    fn beside(&self) -> PathBuf {
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.tmp", std::process::id()));
        self.path.with_file_name(name)
    }

    fn error(&self, reason: String) -> StateError {
        StateError { path: self.path.clone(), reason }
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn create_private(path: &Path) -> io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

impl Record {
    fn of(place: &Place, connection: &Connection) -> Self {
        let Connection { credentials, .. } = connection;
        let pairs = credentials.keys().filter_map(|key| Some((key, credentials.get(key)?)));
        Self {
            place: place.clone(),
            name: connection.name.clone(),
            connection_type: connection.connection_type.clone(),
            endpoint: connection.endpoint.clone(),
            credentials: pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
            uid: connection.uid.clone(),
            resource_version: connection.resource_version.clone(),
            created_at: connection.created_at.to_string(),
            updated_at: connection.updated_at.to_string(),
            status: connection.status.clone(),
        }
    }

    fn into_connection(self) -> Result<Connection, String> {
        let name = self.name;
        let time = |text: &str| {
            let parsed: Result<Timestamp, _> = text.parse();
            parsed.map_err(|_| format!("a time of the connection '{name}' cannot be read"))
        };
        Ok(Connection {
            created_at: time(&self.created_at)?,
            updated_at: time(&self.updated_at)?,
            name,
            connection_type: self.connection_type,
            endpoint: self.endpoint,
            credentials: Credentials::from_iter(self.credentials),
            uid: self.uid,
            resource_version: self.resource_version,
            status: self.status,
        })
    }
}

/// Why a state file cannot be used; the file is left as it is.
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
