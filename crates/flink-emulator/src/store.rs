//! The objects that the server holds, by place and name.
//!
//! Everything that changes an object goes through `change`, so that a change
//! is either both in memory and in the state file, or nowhere. It knows nothing
//! of requests and of the rules that a connection must keep.

pub(crate) mod file;

use std::collections::BTreeMap;
use std::io;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::connection::Connection;
use crate::place::Place;
use file::{StateError, StateFile};

pub(crate) type Objects = BTreeMap<Place, BTreeMap<String, Connection>>;

#[derive(Debug)]
pub(crate) struct Store {
    objects: Mutex<Objects>,
    file: Option<StateFile>,
}

/// A stretch of a list that is ordered by name.
#[derive(Debug)]
pub(crate) struct Stretch {
    pub(crate) connections: Vec<Connection>,
    pub(crate) more: bool,
}

impl Store {
    /// Opens the store with what its file holds, if it has one.
    pub(crate) fn open(file: Option<StateFile>) -> Result<Self, StateError> {
        let objects = file.as_ref().map(StateFile::load).transpose()?.unwrap_or_default();
        Ok(Self { objects: Mutex::new(objects), file })
    }

    pub(crate) fn find(&self, place: &Place, name: &str) -> Option<Connection> {
        self.objects().get(place)?.get(name).cloned()
    }

    /// At most `size` connections of a place whose names come after one.
    pub(crate) fn stretch(
        &self,
        place: &Place,
        after: Option<&str>,
        size: usize,
        wanted: impl Fn(&Connection) -> bool,
    ) -> Stretch {
        let objects = self.objects();
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let range = (start, Bound::Unbounded);
        let named = objects.get(place).into_iter().flat_map(|here| here.range::<str, _>(range));
        let mut found = named.map(|(_, connection)| connection).filter(|one| wanted(one));
        let connections = found.by_ref().take(size).cloned().collect();
        Stretch { connections, more: found.next().is_some() }
    }

    pub(crate) fn all(&self) -> Vec<(Place, Connection)> {
        let objects = self.objects();
        let pairs = objects.iter().flat_map(|(place, here)| here.values().map(move |c| (place, c)));
        pairs.map(|(place, connection)| (place.clone(), connection.clone())).collect()
    }

    /// Changes the object of one name, or the absence of one. An error leaves
    /// everything as it was, also when the state file cannot be written.
    ///
    /// The lock is held while the file is written: two changes must not reach
    /// it in the wrong order.
    pub(crate) fn change<T, E: From<io::Error>>(
        &self,
        place: &Place,
        name: &str,
        change: impl FnOnce(&mut Option<Connection>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut objects = self.objects();
        let before = objects.get(place).and_then(|here| here.get(name)).cloned();
        let mut slot = before.clone();
        let outcome = change(&mut slot)?;
        put(&mut objects, place, name, slot);
        if let Some(file) = &self.file
            && let Err(error) = file.save(&objects)
        {
            put(&mut objects, place, name, before);
            return Err(error.into());
        }
        Ok(outcome)
    }

    fn objects(&self) -> MutexGuard<'_, Objects> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn put(objects: &mut Objects, place: &Place, name: &str, slot: Option<Connection>) {
    match slot {
        Some(connection) => {
            objects.entry(place.clone()).or_default().insert(name.to_owned(), connection);
        }
        None => {
            if let Some(here) = objects.get_mut(place) {
                here.remove(name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::Credentials;

    fn connection(name: &str) -> Connection {
        Connection {
            name: name.to_owned(),
            connection_type: "OPENAI".to_owned(),
            endpoint: "https://api.example".to_owned(),
            credentials: Credentials::from_iter([("API_KEY", "s3cret")]),
            uid: "u".to_owned(),
            resource_version: "v".to_owned(),
            created_at: "2025-08-01T12:00:00Z".parse().unwrap(),
            updated_at: "2025-08-01T12:00:00Z".parse().unwrap(),
            status: None,
        }
    }

    fn place(region: &str) -> Place {
        Place::new("o", "env-1", "aws", region)
    }

    fn insert(store: &Store, place: &Place, name: &str) -> io::Result<()> {
        store.change(place, name, |slot| {
            *slot = Some(connection(name));
            Ok(())
        })
    }

    #[test]
    fn a_stretch_follows_the_names_and_says_whether_there_are_more() {
        let store = Store::open(None).unwrap();
        for name in ["c", "a", "d", "b"] {
            insert(&store, &place("r"), name).unwrap();
        }
        insert(&store, &place("s"), "z").unwrap();
        let names = |after, size| {
            let stretch = store.stretch(&place("r"), after, size, |_| true);
            let names: Vec<String> = stretch.connections.into_iter().map(|c| c.name).collect();
            (names.concat(), stretch.more)
        };
        assert_eq!(names(None, 3), ("abc".to_owned(), true));
        assert_eq!(names(Some("bb"), 2), ("cd".to_owned(), false));
        assert_eq!(names(Some("d"), 2), (String::new(), false));
    }
}
