//! A map attribute and its write-only twin, seen as one map by key.
//!
//! The twin may stand beside the ordinary map: a user name in one, its password in
//! the other. A null element is a key that was left out.

use std::collections::BTreeMap;

use super::attribute::Attribute;
use super::key::Keys;
use super::view::Given;
use crate::value::{Path, Value};

/// The entries of a map and of its write-only twin.
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    keys: Option<&'a Keys>,
    maps: [Map<'a>; 2],
}

/// One of the two maps.
#[derive(Clone, Copy, Debug)]
struct Map<'a> {
    /// The attribute; empty where there is no twin.
    attribute: &'a str,
    values: Given<&'a BTreeMap<String, Value>>,
}

/// One entry of the two maps.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// The key's name in the schema, or as it is written where the schema has none.
    pub key: &'a str,
    /// The key as it is written.
    pub written: &'a str,
    /// Returns true if the schema declares the key.
    pub is_declared: bool,
    /// The text, unless it is known only after an apply.
    pub text: Given<&'a str>,
    /// Where it stands.
    pub path: Path,
}

impl<'a> Entries<'a> {
    pub(super) fn new(
        attribute: &'a Attribute,
        ordinary: Given<&'a Value>,
        twin: Option<(&'a str, Given<&'a Value>)>,
    ) -> Self {
        let (twin, write_only) = twin.unwrap_or(("", Given::Null));
        let map = |attribute, values: Given<&'a Value>| Map {
            attribute,
            values: values.and_then(Value::as_map),
        };
        Self {
            keys: attribute.declared_keys(),
            maps: [map(attribute.name(), ordinary), map(twin, write_only)],
        }
    }

    /// The entries that are not null, those of the ordinary map first, in the order of
    /// the keys as they are written.
    pub fn iter(&self) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        let keys = self.keys;
        self.maps.into_iter().flat_map(move |map| {
            let entries = map.values.known().into_iter().flatten();
            entries.filter_map(move |(written, value)| entry(keys, map.attribute, written, value))
        })
    }

    /// The value under a key, by its name in the schema.
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

    /// Where a key stands, or would stand: in the map that is used.
    #[must_use]
    pub fn path_of(&self, key: &str) -> Path {
        match self.iter().find(|entry| entry.key == key) {
            Some(entry) => entry.path,
            None => Path::from(self.attribute()).key(key),
        }
    }

    /// The map that is used, the ordinary one where neither is.
    fn attribute(&self) -> &'a str {
        let [ordinary, twin] = &self.maps;
        let only_twin = ordinary.values.is_null() && !twin.values.is_null();
        if only_twin { twin.attribute } else { ordinary.attribute }
    }
}

fn entry<'a>(
    keys: Option<&'a Keys>,
    attribute: &str,
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
        path: Path::from(attribute).key(written),
    })
}

/// Returns true if two maps have the same values under the same keys, however the keys
/// are spelled.
pub(super) fn same_entries(keys: &Keys, one: &Value, other: &Value) -> bool {
    match (by_name(keys, one), by_name(keys, other)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

fn by_name<'a>(keys: &'a Keys, map: &'a Value) -> Option<BTreeMap<&'a str, &'a Value>> {
    let given = map.as_map()?.iter().filter(|(_, value)| !value.is_null());
    Some(given.map(|(key, value)| (keys.name_of(key), value)).collect())
}
