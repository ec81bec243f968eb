//! The objects of one noun, by place and name.
//!
//! Every change goes through `change`, so that it is either both in memory and in
//! the state file, or in neither. The store gives objects their uid, version and
//! times, and keeps names unique. It knows nothing of requests.

pub(crate) mod bookmarks;
pub(crate) mod file;

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::ids;
use crate::object::refusal::{Reason, Refusal};
use crate::object::{Noun, Object, check_name};
use crate::place::Place;
use crate::settings::LiveSettings;
use file::{StateError, StateFile};

type Objects<N> = BTreeMap<Place, BTreeMap<String, Object<N>>>;

/// The objects of one noun.
#[derive(Debug)]
pub(crate) struct Store<N> {
    objects: Mutex<Objects<N>>,
    shared: Shared,
}

/// The parts of an emulator that all its stores use.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shared {
    pub(crate) clock: Clock,
    pub(crate) settings: LiveSettings,
    /// None: the objects end with the process.
    pub(crate) file: Option<Arc<StateFile>>,
}

/// The marks of an object that change together with something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Bump {
    /// Neither `resource_version` nor `updated_at`.
    Nothing,
    /// `resource_version` alone, as when the service works on its own.
    Version,
    /// `resource_version` and `updated_at`, as a write does.
    VersionAndTime,
}

/// A part of a list that is ordered by name.
#[derive(Debug)]
pub(crate) struct Page<N> {
    pub(crate) objects: Vec<Object<N>>,
    /// True if other objects follow.
    pub(crate) more: bool,
}

impl<N: Noun> Store<N> {
    /// Opens the store with the objects of the state file, if there is one.
    pub(crate) fn open(shared: Shared) -> Result<Self, StateError> {
        let mut objects = Objects::new();
        if let Some(file) = &shared.file {
            for record in file.records::<Record<N::Saved>>(N::COLLECTION)? {
                let name = record.name.clone();
                let here: &mut BTreeMap<_, _> = objects.entry(record.place.clone()).or_default();
                let before = here.insert(name.clone(), record.into_object());
                if before.is_some() {
                    return Err(file.error(format!("it holds the {} '{name}' twice", N::NAME)));
                }
            }
        }
        Ok(Self { objects: Mutex::new(objects), shared })
    }

    /// Finds the object of a name.
    pub(crate) fn find(&self, place: &Place, name: &str) -> Option<Object<N>> {
        self.lock().get(place)?.get(name).cloned()
    }

    /// Returns the object of a name, or the refusal that says it is absent.
    pub(crate) fn get(&self, place: &Place, name: &str) -> Result<Object<N>, Refusal> {
        self.find(place, name).ok_or_else(|| Refusal::not_found(N::NAME, name))
    }

    /// At most `size` objects of a place whose names come after one.
    pub(crate) fn page(
        &self,
        place: &Place,
        after: Option<&str>,
        size: usize,
        wanted: impl Fn(&N) -> bool,
    ) -> Page<N> {
        let objects = self.lock();
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let range = (start, Bound::Unbounded);
        let named = objects.get(place).into_iter().flat_map(|here| here.range::<str, _>(range));
        let mut found = named.map(|(_, object)| object).filter(|object| wanted(&object.content));
        let objects = found.by_ref().take(size).cloned().collect();
        Page { objects, more: found.next().is_some() }
    }

    /// Every object with its place.
    pub(crate) fn all(&self) -> Vec<(Place, Object<N>)> {
        let objects = self.lock();
        let pairs = objects.iter().flat_map(|(place, here)| here.values().map(move |o| (place, o)));
        pairs.map(|(place, object)| (place.clone(), object.clone())).collect()
    }

    /// The places that hold an object.
    pub(crate) fn places(&self) -> Vec<Place> {
        let objects = self.lock();
        let used = objects.iter().filter(|(_, here)| !here.is_empty());
        used.map(|(place, _)| place.clone()).collect()
    }

    /// Creates an object, if it keeps the rules and its name is free.
    pub(crate) fn create(&self, place: &Place, name: &str, new: N) -> Result<Object<N>, Refusal> {
        self.check(name, &new)?;
        self.change(place, name, |slot| match slot {
            Some(_) => Err(Refusal::new(N::NAME, Reason::AlreadyExists { name: name.to_owned() })),
            None => Ok(slot.insert(self.stamped(name, new)).clone()),
        })
    }

    /// Replaces an object by a new one of the same name, with another uid.
    pub(crate) fn recreate(&self, place: &Place, name: &str, new: N) -> Result<Object<N>, Refusal> {
        self.check(name, &new)?;
        self.change(place, name, |slot| match slot {
            Some(_) => Ok(slot.insert(self.stamped(name, new)).clone()),
            None => Err(Refusal::not_found(N::NAME, name)),
        })
    }

    /// Changes an object and moves its marks. An error of `edit` leaves it as it
    /// was.
    pub(crate) fn update<E: From<Refusal>>(
        &self,
        place: &Place,
        name: &str,
        bump: Bump,
        edit: impl FnOnce(&mut Object<N>) -> Result<(), E>,
    ) -> Result<Object<N>, E> {
        self.change(place, name, |slot| {
            let object = slot.as_mut().ok_or_else(|| Refusal::not_found(N::NAME, name))?;
            edit(object)?;
            if bump != Bump::Nothing {
                object.resource_version = ids::version_after(&object.resource_version);
            }
            if bump == Bump::VersionAndTime {
                object.updated_at = self.shared.clock.now();
            }
            Ok(object.clone())
        })
    }

    /// Removes an object; its name is free again.
    pub(crate) fn remove(&self, place: &Place, name: &str) -> Result<(), Refusal> {
        self.change(place, name, |slot| {
            slot.take().map(drop).ok_or_else(|| Refusal::not_found(N::NAME, name))
        })
    }

    /// Checks the rules of every noun, then those of this one.
    fn check(&self, name: &str, new: &N) -> Result<(), Refusal> {
        let checked = check_name(name).and_then(|()| new.check(&self.shared.settings.now()));
        checked.map_err(|violation| Refusal::new(N::NAME, Reason::Invalid(violation)))
    }

    /// A new object with a uid, a version and times.
    fn stamped(&self, name: &str, mut content: N) -> Object<N> {
        content.begin(&self.shared.settings.now());
        let now = self.shared.clock.now();
        Object {
            name: name.to_owned(),
            uid: ids::uuid().to_string(),
            resource_version: ids::version_after(""),
            created_at: now,
            updated_at: now,
            content,
        }
    }

    /// Changes the object of one name, or the absence of one. An error leaves
    /// everything as it was, also when the state file cannot be written.
    ///
    /// The lock is held while the file is written: two changes must not reach
    /// it in the wrong order.
    fn change<T, E: From<Refusal>>(
        &self,
        place: &Place,
        name: &str,
        change: impl FnOnce(&mut Option<Object<N>>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut objects = self.lock();
        let before = objects.get(place).and_then(|here| here.get(name)).cloned();
        let mut slot = before.clone();
        let outcome = change(&mut slot)?;
        put(&mut objects, place, name, slot);
        if let Some(file) = &self.shared.file {
            let pairs =
                objects.iter().flat_map(|(place, here)| here.values().map(move |o| (place, o)));
            let records = pairs.map(|(place, object)| Record::of(place, object)).collect();
            if let Err(error) = file.save(N::COLLECTION, records) {
                put(&mut objects, place, name, before);
                return Err(Refusal::new(N::NAME, Reason::Unsaved(error)).into());
            }
        }
        Ok(outcome)
    }

    /// A panic of `change` leaves the objects as they were, so a poisoned lock is used.
    fn lock(&self) -> MutexGuard<'_, Objects<N>> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sets or removes the object of a name.
fn put<N>(objects: &mut Objects<N>, place: &Place, name: &str, slot: Option<Object<N>>) {
    let here = objects.entry(place.clone()).or_default();
    match slot {
        Some(object) => drop(here.insert(name.to_owned(), object)),
        None => drop(here.remove(name)),
    }
}

/// An object in the state file: its marks beside the fields of its noun.
#[derive(Serialize, Deserialize)]
struct Record<S> {
    place: Place,
    name: String,
    uid: String,
    resource_version: String,
    created_at: Timestamp,
    updated_at: Timestamp,
    #[serde(flatten)]
    content: S,
}

impl<S> Record<S> {
    fn of<N: Noun<Saved = S>>(place: &Place, object: &Object<N>) -> Self {
        Self {
            place: place.clone(),
            name: object.name.clone(),
            uid: object.uid.clone(),
            resource_version: object.resource_version.clone(),
            created_at: object.created_at,
            updated_at: object.updated_at,
            content: object.content.save(),
        }
    }

    fn into_object<N: Noun<Saved = S>>(self) -> Object<N> {
        Object {
            name: self.name,
            uid: self.uid,
            resource_version: self.resource_version,
            created_at: self.created_at,
            updated_at: self.updated_at,
            content: N::restore(self.content),
        }
    }
}
