//! Connections from behind the API: the changes that someone makes in the console,
//! a statement such as ALTER CONNECTION, or the service itself.
//!
//! Tests call these methods, and the control API is the same over HTTP. Each
//! change keeps the rules of the API.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use super::credentials::Credentials;
use super::{Connection, Status};
use crate::object::refusal::{Reason, Refusal};
use crate::object::{Noun, Object};
use crate::place::Place;
use crate::store::{Bump, Store};

/// The connections of one place, seen from behind the API.
#[derive(Clone, Debug)]
#[must_use]
pub struct Connections {
    store: Arc<Store<Connection>>,
    place: Place,
}

impl Connections {
    pub(crate) fn new(store: Arc<Store<Connection>>, place: Place) -> Self {
        Self { store, place }
    }

    /// All of them, by name.
    pub fn list(&self) -> Vec<StoredConnection> {
        let page = self.store.page(&self.place, None, usize::MAX, |_| true);
        page.objects.iter().map(|object| StoredConnection::of(&self.place, object)).collect()
    }

    /// Finds the connection of a name.
    pub fn get(&self, name: &str) -> Option<StoredConnection> {
        self.store.find(&self.place, name).map(|object| self.stored(&object))
    }

    /// Returns true if the server holds exactly this value under this key.
    pub fn holds(&self, name: &str, key: &str, value: &str) -> bool {
        let found = self.store.find(&self.place, name);
        found.is_some_and(|object| object.content.credentials.find(key) == Some(value))
    }

    /// Creates a connection.
    ///
    /// # Errors
    ///
    /// When a rule is broken, or the name taken.
    pub fn insert(&self, new: NewConnection) -> Result<StoredConnection, Refusal> {
        let created = self.store.create(&self.place, &new.name, new.connection);
        created.map(|object| self.stored(&object))
    }

    /// Deletes a connection. Returns false if there was none, or if the state file
    /// could not be written and the connection is still there.
    pub fn delete(&self, name: &str) -> bool {
        self.store.remove(&self.place, name).is_ok()
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
            let set = connection.apply(credentials);
            set.map_err(|violation| Refusal::new(Connection::NAME, Reason::Invalid(violation)))
        })
    }

    /// Sets the status, or removes it.
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

    /// Moves the version, or the version and the time, without another change.
    ///
    /// # Errors
    ///
    /// When there is no such connection.
    pub fn touch(&self, name: &str, bump: Bump) -> Result<StoredConnection, Refusal> {
        self.edit(name, bump, |_| Ok(()))
    }

    /// Replaces a connection by a new one of the same name, as if someone had
    /// deleted it and created another: with a uid and times of its own.
    ///
    /// # Errors
    ///
    /// When there is no such connection, or a rule is broken.
    pub fn recreate(&self, new: NewConnection) -> Result<StoredConnection, Refusal> {
        let recreated = self.store.recreate(&self.place, &new.name, new.connection);
        recreated.map(|object| self.stored(&object))
    }

    /// Refuses a name that no connection has.
    pub(crate) fn require(&self, name: &str) -> Result<(), Refusal> {
        self.store.get(&self.place, name).map(drop)
    }

    fn edit(
        &self,
        name: &str,
        bump: Bump,
        edit: impl FnOnce(&mut Connection) -> Result<(), Refusal>,
    ) -> Result<StoredConnection, Refusal> {
        let edited = self.store.update(&self.place, name, bump, |object| edit(&mut object.content));
        edited.map(|object| self.stored(&object))
    }

    fn stored(&self, object: &Object<Connection>) -> StoredConnection {
        StoredConnection::of(&self.place, object)
    }
}

/// The connection that [`Connections::insert`] creates.
#[derive(Clone, Debug)]
#[must_use]
pub struct NewConnection {
    name: String,
    connection: Connection,
}

impl NewConnection {
    /// A connection that has no credentials yet.
    pub fn new(
        name: impl Into<String>,
        connection_type: impl Into<String>,
        endpoint: impl Into<String>,
    ) -> Self {
        let connection = Connection {
            connection_type: connection_type.into(),
            endpoint: endpoint.into(),
            credentials: Credentials::default(),
            status: None,
        };
        Self { name: name.into(), connection }
    }

    /// Adds a credential under the key of the payload, such as `API_KEY`.
    pub fn credential(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.connection.credentials.insert(key, value);
        self
    }
}

/// A connection as seen from behind the API: everything but the secrets.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StoredConnection {
    /// The place that it lives in.
    pub place: Place,
    /// Its name, unique within the place.
    pub name: String,
    /// Its type, such as `OPENAI`.
    pub connection_type: String,
    /// The address of the external service.
    pub endpoint: String,
    /// The names of the keys of its credentials, sorted.
    pub credential_keys: Vec<String>,
    /// The id of this object; a new object of the same name has another.
    pub uid: String,
    /// The opaque version, which changes with each write.
    pub resource_version: String,
    /// The time of its creation.
    pub created_at: Timestamp,
    /// The time of the last write.
    pub updated_at: Timestamp,
    /// Its status, where the server reports one.
    pub status: Option<Status>,
}

impl StoredConnection {
    pub(crate) fn of(place: &Place, object: &Object<Connection>) -> Self {
        let Object { name, uid, resource_version, created_at, updated_at, content } = object;
        Self {
            place: place.clone(),
            name: name.clone(),
            connection_type: content.connection_type.clone(),
            endpoint: content.endpoint.clone(),
            credential_keys: content.credentials.keys().map(str::to_owned).collect(),
            uid: uid.clone(),
            resource_version: resource_version.clone(),
            created_at: *created_at,
            updated_at: *updated_at,
            status: content.status.clone(),
        }
    }
}
