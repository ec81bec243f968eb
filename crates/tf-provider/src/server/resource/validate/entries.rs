//! Maps with declared keys: each key once, in one of the two maps, and each value by the
//! rules of its key. A diagnostic names the key and never a value.

use std::collections::BTreeMap;

use super::violation::{describe, violations};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::schema::{Attribute, Entry, View, nearest};
use crate::value::Value;

/// Checks every map of a block that declares its keys.
pub(super) fn validate(view: &View<'_>) -> Diagnostics {
    let maps = view.attributes().iter().filter(|each| !each.is_write_only());
    let mut found = Diagnostics::none();
    for map in maps.filter(|each| each.declared_keys().is_some()) {
        let mut first: BTreeMap<&str, Entry<'_>> = BTreeMap::new();
        for entry in view.entries(map.name()).iter() {
            found.extend(validate_entry(map, &entry));
            match first.get(entry.key) {
                Some(other) => found.push(given_twice(&entry, other)),
                None => _ = first.insert(entry.key, entry),
            }
        }
    }
    found
}

fn validate_entry(map: &Attribute, entry: &Entry<'_>) -> Diagnostics {
    let Some(keys) = map.declared_keys() else { return Diagnostics::none() };
    let Some(key) = keys.find(entry.written).cloned().or_else(|| keys.other(entry.written)) else {
        return unknown_key(map, entry, keys.names()).into();
    };
    let Some(text) = entry.text.known() else { return Diagnostics::none() };
    violations(key.validators(), &Value::from(text))
        .iter()
        .map(|violation| describe(key.name(), violation).at(entry.path.clone()))
        .collect()
}

fn given_twice(entry: &Entry<'_>, other: &Entry<'_>) -> Diagnostic {
    Diagnostic::error(format!("Two values for {}", entry.key))
        .detail(format!("`{}` and `{}` are the same key: give it once.", other.path, entry.path))
        .at(entry.path.clone())
}

fn unknown_key<'a>(
    map: &Attribute,
    entry: &Entry<'_>,
    names: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let meant = nearest(entry.written, names.clone())
        .map(|meant| format!(" Did you mean `{meant}`?"))
        .unwrap_or_default();
    let known: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    Diagnostic::error(format!("Unknown key in {}", map.name()))
        .detail(format!(
            "`{}` does not take the key `{}`.{meant} It takes {}.",
            map.name(),
            entry.written,
            known.join(", ")
        ))
        .at(entry.path.clone())
}
