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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::object::widget::Widget;

    fn place(region: &str) -> Place {
        Place::new("o", "env-1", "aws", region)
    }

    fn store() -> Store<Widget> {
        let noon = "2025-08-01T12:00:00Z".parse().unwrap();
        let clock = Clock::fixed(noon);
        Store::open(Shared { clock, ..Shared::default() }).unwrap()
    }

    fn create(store: &Store<Widget>, name: &str, color: &str) -> Result<Object<Widget>, Refusal> {
        store.create(&place("r"), name, Widget::new("large", color))
    }

    fn wait(store: &Store<Widget>) {
        store.shared.clock.advance(Duration::from_secs(60));
    }

    fn paint(
        store: &Store<Widget>,
        bump: Bump,
        color: &str,
        outcome: Result<(), Refusal>,
    ) -> Result<Object<Widget>, Refusal> {
        store.update(&place("r"), "w", bump, |object| {
            object.content.color = color.to_owned();
            outcome
        })
    }

    #[test]
    fn pages_through_the_names_of_a_place() {
        let store = store();
        for name in ["c", "a", "d", "b"] {
            create(&store, name, "red").unwrap();
        }
        store.create(&place("s"), "z", Widget::new("small", "red")).unwrap();
        let names = |after, size| {
            let page = store.page(&place("r"), after, size, |widget| widget.size == "large");
            let names: Vec<String> = page.objects.into_iter().map(|object| object.name).collect();
            (names.concat(), page.more)
        };
        assert_eq!(names(None, 3), ("abc".to_owned(), true));
        assert_eq!(names(Some("bb"), 2), ("cd".to_owned(), false));
        assert_eq!(names(Some("d"), 2), (String::new(), false));
        assert_eq!(store.page(&place("s"), None, 9, |_| false).objects.len(), 0);
        assert_eq!((store.all().len(), store.places().len()), (5, 2));
    }

    #[test]
    fn keeps_names_unique_and_rules() {
        let store = store();
        let first = create(&store, "w", "red").unwrap();
        assert_eq!(first.content.phase.as_deref(), Some("READY"), "a new object has a status");
        assert!(create(&store, "w", "blue").unwrap_err().is_already_exists());
        for (name, color, message) in [
            ("a/b", "red", "/name: A name has 1 to 100 characters and no slash."),
            ("v", "plaid", "/spec/color: No widget is plaid."),
        ] {
            assert_eq!(create(&store, name, color).unwrap_err().to_string(), message);
        }
        let absent = store.get(&place("s"), "w").unwrap_err();
        assert_eq!(absent.to_string(), "the widget 'w' does not exist");
    }

    #[test]
    fn moves_the_marks_that_a_change_names() {
        let store = store();
        let first = create(&store, "w", "red").unwrap();
        wait(&store);
        let quiet = paint(&store, Bump::Nothing, "blue", Ok(())).unwrap();
        assert_eq!(
            (&quiet.resource_version, quiet.updated_at),
            (&first.resource_version, first.created_at)
        );
        let version = paint(&store, Bump::Version, "blue", Ok(())).unwrap();
        assert_ne!(version.resource_version, first.resource_version);
        assert_eq!(version.updated_at, first.updated_at);
        let both = paint(&store, Bump::VersionAndTime, "green", Ok(())).unwrap();
        assert!(
            both.updated_at > first.updated_at && both.resource_version != version.resource_version
        );
        assert_eq!((&both.uid, both.created_at), (&first.uid, first.created_at));

        let refused =
            paint(&store, Bump::VersionAndTime, "black", Err(Refusal::not_found("x", "y")));
        assert!(refused.is_err());
        let unchanged = store.find(&place("r"), "w").unwrap();
        assert_eq!(
            (unchanged.content.color, unchanged.updated_at),
            ("green".to_owned(), both.updated_at)
        );
    }

    #[test]
    fn recreates_and_removes_only_what_there_is() {
        let store = store();
        let white = || Widget::new("small", "white");
        assert!(store.recreate(&place("r"), "w", white()).unwrap_err().is_not_found());
        assert!(store.remove(&place("r"), "w").unwrap_err().is_not_found());
        let first = create(&store, "w", "red").unwrap();
        wait(&store);
        let second = store.recreate(&place("r"), "w", white()).unwrap();
        assert!(second.uid != first.uid && second.created_at > first.created_at);
        store.remove(&place("r"), "w").unwrap();
        assert!(store.find(&place("r"), "w").is_none() && store.places().is_empty());
    }
}
