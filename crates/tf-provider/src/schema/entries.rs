//! A map attribute and its write-only twin, seen as one map by key.
//!
//! The twin may stand beside the ordinary map: a user name in one, its password in
//! the other. A null element is a key that was left out.

use std::collections::BTreeMap;

use super::given::Given;
use super::key::Keys;
use crate::value::{Path, Value};

/// The entries of a map and of its write-only twin.
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    keys: Option<&'a Keys>,
    maps: [Map<'a>; 2],
}

/// One of the two maps.
#[derive(Clone, Debug)]
struct Map<'a> {
    /// The place of the attribute.
    path: Path,
    values: Given<&'a BTreeMap<String, Value>>,
}

impl<'a> Map<'a> {
    fn new((path, values): (Path, Given<&'a Value>)) -> Self {
        Self { path, values: values.and_then(Value::as_map) }
    }
}

/// One entry of the two maps. Open: only the framework makes entries.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Entry<'a> {
    /// The key's name in the schema, or as it is written where the schema has none.
    pub key: &'a str,
    /// The key as it is written.
    pub written: &'a str,
    /// True if the schema declares the key.
    pub is_declared: bool,
    /// The text, unless it is known only after an apply.
    pub text: Given<&'a str>,
    /// The place of the entry.
    pub path: Path,
}

impl<'a> Entries<'a> {
    /// The entries of a map attribute and of its twin, each with its place.
    pub(super) fn new(
        keys: Option<&'a Keys>,
        ordinary: (Path, Given<&'a Value>),
        twin: Option<(Path, Given<&'a Value>)>,
    ) -> Self {
        let twin = twin.unwrap_or((Path::root(), Given::Null));
        Self { keys, maps: [Map::new(ordinary), Map::new(twin)] }
    }

    /// Returns the entries that are not null, those of the ordinary map first, in the
    /// order of the keys as they are written.
    pub fn iter(&self) -> impl Iterator<Item = Entry<'a>> + use<'_, 'a> {
        self.maps.iter().flat_map(|map| {
            let entries = map.values.known().into_iter().flatten();
            entries.filter_map(|(written, value)| entry(self.keys, &map.path, written, value))
        })
    }

    /// Returns the value under a key, by its name in the schema.
    #[must_use]
    pub fn get(&self, key: &str) -> Given<&'a str> {
        match self.iter().find(|entry| entry.key == key) {
            Some(entry) => entry.text,
            None if self.may_have_more() => Given::Unknown,
            None => Given::Null,
        }
    }

    /// Returns true if one of the maps is known only after an apply, so that it may
    /// have any key.
    #[must_use]
    pub fn may_have_more(&self) -> bool {
        self.maps.iter().any(|map| map.values.is_unknown())
    }

    /// Returns true if there is certainly no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.may_have_more() && self.iter().next().is_none()
    }

    /// Returns true if the write-only map has entries, or may have.
    #[must_use]
    pub fn uses_write_only(&self) -> bool {
        let [_, twin] = &self.maps;
        let is_given = |value: &Value| !value.is_null();
        match twin.values {
            Given::Known(values) => values.values().any(is_given),
            Given::Unknown => true,
            Given::Null => false,
        }
    }

    /// Returns the place of a key. One that is not given would stand in the map that is
    /// used; in the ordinary one where neither is.
    #[must_use]
    pub fn path_of(&self, key: &str) -> Path {
        let [ordinary, twin] = &self.maps;
        let only_twin = ordinary.values.is_null() && !twin.values.is_null();
        match self.iter().find(|entry| entry.key == key) {
            Some(entry) => entry.path,
            None if only_twin => twin.path.clone().key(key),
            None => ordinary.path.clone().key(key),
        }
    }
}

fn entry<'a>(
    keys: Option<&'a Keys>,
    attribute: &Path,
    written: &'a str,
    value: &'a Value,
) -> Option<Entry<'a>> {
    let declared = keys.and_then(|keys| keys.find(written));
    let text = Given::of(Some(value)).and_then(Value::as_str);
    (!text.is_null()).then(|| Entry {
        key: declared.map_or(written, |key| key.name()),
        written,
        is_declared: declared.is_some(),
        text,
        path: attribute.clone().key(written),
    })
}
