//! What can be done to connections from behind the API: by someone in the
//! console, by a statement such as ALTER CONNECTION, or by the service itself.
//!
//! These are the methods that tests call; `routes::control` is the same over
//! HTTP. The API's own POST and DELETE end here too, so that an object is made
//! in one way only.

pub(crate) mod faults;
pub(crate) mod settings;

use std::fmt;
use std::io;
use std::sync::Arc;

use crate::connection::{
    Connection, Credentials, NewConnection, Status, StoredConnection, Violation,
};
use crate::place::Place;
use crate::world::World;

/// The connections of one place, seen from behind the API.
#[derive(Clone, Debug)]
#[must_use]
pub struct Connections {
    world: Arc<World>,
    place: Place,
}

/// What moves besides the change itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bump {
    /// Neither `resource_version` nor `updated_at`.
    Nothing,
    /// `resource_version` alone, as when the service works on its own.
    Version,
    /// `resource_version` and `updated_at`, as a write does.
    VersionAndTime,
}

impl Connections {
    pub(crate) fn new(world: Arc<World>, place: Place) -> Self {
        Self { world, place }
    }

    /// All of them, by name.
    pub fn list(&self) -> Vec<StoredConnection> {
        let all = self.world.store.stretch(&self.place, None, usize::MAX, |_| true);
        all.connections.iter().map(|connection| connection.view(&self.place)).collect()
    }

    /// The connection of this name, if there is one.
    pub fn get(&self, name: &str) -> Option<StoredConnection> {
        self.world.store.find(&self.place, name).map(|connection| connection.view(&self.place))
    }

    /// Whether the server holds exactly this value under this key.
    pub fn holds(&self, name: &str, key: &str, value: &str) -> bool {
        let found = self.world.store.find(&self.place, name);
        found.is_some_and(|connection| connection.credentials.get(key) == Some(value))
    }

    /// Makes a connection, under the same rules as the API.
    ///
    /// # Errors
    ///
    /// When a rule is broken, or the name taken.
    pub fn insert(&self, new: NewConnection) -> Result<StoredConnection, Refusal> {
        self.create(new).map(|connection| connection.view(&self.place))
    }

    /// Deletes a connection. False: there was none, or the state file could
    /// not be written and it is still there.
    pub fn delete(&self, name: &str) -> bool {
        self.remove(name).is_ok()
    }

    /// Replaces the credentials, as ALTER CONNECTION does.
    ///
    /// # Errors
    ///
    /// When there is no such connection, or its type does not take these.
    pub fn set_credentials<K: Into<String>, V: Into<String>>(
        &self,
        name: &str,
        credentials: impl IntoIterator<Item = (K, V)>,
    ) -> Result<StoredConnection, Refusal> {
        let credentials = Credentials::from_iter(credentials);
        self.edit(name, Bump::VersionAndTime, |connection| {
            credentials.check_for(&connection.connection_type).map_err(Refusal::invalid)?;
            connection.credentials = credentials;
            Ok(())
        })
    }

    /// Sets the status, or takes it away.
    ///
    /// # Errors
    ///
    /// When there is no such connection.
    pub fn set_status(
        &self,
        name: &str,
        status: impl Into<Option<Status>>,
        bump: Bump,
    ) -> Result<StoredConnection, Refusal> {
        self.edit(name, bump, |connection| {
            connection.status = status.into();
            Ok(())
        })
    }

    /// Moves the marks of a connection without changing anything else.
    ///
    /// # Errors
    ///
    /// When there is no such connection.
    pub fn touch(&self, name: &str, bump: Bump) -> Result<StoredConnection, Refusal> {
        self.edit(name, bump, |_| Ok(()))
    }

    /// Puts a new object under the name of an old one, as if someone had
    /// deleted it and made another: with a uid and a time of its own.
    ///
    /// # Errors
    ///
    /// When there is no such connection, or a rule is broken.
    pub fn recreate(&self, new: NewConnection) -> Result<StoredConnection, Refusal> {
        self.recreate_as(&new.name.clone(), |_| new)
    }

    /// As [`Self::recreate`], from what was there before.
    pub(crate) fn recreate_as(
        &self,
        name: &str,
        new: impl FnOnce(&Connection) -> NewConnection,
    ) -> Result<StoredConnection, Refusal> {
        self.world.store.change(&self.place, name, |slot| {
            let old = slot.as_ref().ok_or_else(|| Refusal::not_found(name))?;
            let new = new(old);
            new.check(&self.world.settings()).map_err(Refusal::invalid)?;
            let made = self.world.make(new);
            let view = made.view(&self.place);
            *slot = Some(made);
            Ok(view)
        })
    }

    pub(crate) fn create(&self, new: NewConnection) -> Result<Connection, Refusal> {
        new.check(&self.world.settings()).map_err(Refusal::invalid)?;
        let name = new.name.clone();
        self.world.store.change(&self.place, &name, |slot| {
            if slot.is_some() {
                return Err(Refusal(Reason::AlreadyExists { name: name.clone() }));
            }
            Ok(slot.insert(self.world.make(new)).clone())
        })
    }

    pub(crate) fn remove(&self, name: &str) -> Result<(), Refusal> {
        self.world.store.change(&self.place, name, |slot| {
            slot.take().map(|_| ()).ok_or_else(|| Refusal::not_found(name))
        })
    }

    fn edit(
        &self,
        name: &str,
        bump: Bump,
        edit: impl FnOnce(&mut Connection) -> Result<(), Refusal>,
    ) -> Result<StoredConnection, Refusal> {
        self.world.store.change(&self.place, name, |slot| {
            let connection = slot.as_mut().ok_or_else(|| Refusal::not_found(name))?;
            edit(connection)?;
            self.world.mark(connection, bump);
            Ok(connection.view(&self.place))
        })
    }
}

impl World {
    /// A new object from what was asked for.
    fn make(&self, new: NewConnection) -> Connection {
        let now = self.clock.now();
        Connection {
            name: new.name,
            connection_type: new.connection_type,
            endpoint: new.endpoint,
            credentials: new.credentials,
            uid: self.ids.uuid(),
            resource_version: self.ids.version(),
            created_at: now,
            updated_at: now,
            status: self.settings().new_phase.clone().map(Status::new),
        }
    }

    /// Moves the marks by which clients see that an object changed.
    pub(crate) fn mark(&self, connection: &mut Connection, bump: Bump) {
        if bump != Bump::Nothing {
            connection.resource_version = self.ids.version_after(&connection.resource_version);
        }
        if bump == Bump::VersionAndTime {
            connection.updated_at = self.clock.now();
        }
    }
}

/// Why something could not be done to a connection.
#[derive(Debug)]
pub struct Refusal(Reason);

#[derive(Debug)]
pub(crate) enum Reason {
    NotFound { name: String },
    AlreadyExists { name: String },
    Invalid(Violation),
    Unsaved(io::Error),
}

impl Refusal {
    pub(crate) fn not_found(name: &str) -> Self {
        Self(Reason::NotFound { name: name.to_owned() })
    }

    pub(crate) fn invalid(violation: Violation) -> Self {
        Self(Reason::Invalid(violation))
    }

    pub(crate) fn into_reason(self) -> Reason {
        self.0
    }

    /// Whether there is no such connection.
    pub fn is_not_found(&self) -> bool {
        matches!(self.0, Reason::NotFound { .. })
    }

    /// Whether the name is taken.
    pub fn is_already_exists(&self) -> bool {
        matches!(self.0, Reason::AlreadyExists { .. })
    }
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self(Reason::Unsaved(error))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Reason::NotFound { name } => write!(f, "the connection '{name}' does not exist"),
            Reason::AlreadyExists { name } => write!(f, "the connection '{name}' already exists"),
            Reason::Invalid(violation) => violation.fmt(f),
            Reason::Unsaved(error) => write!(f, "the state file cannot be written: {error}"),
        }
    }
}

impl std::error::Error for Refusal {}
