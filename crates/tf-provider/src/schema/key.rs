//! The keys that a map attribute takes, each with its spellings and rules.
//!
//! This file must not know the place of a map or its twin: see `entries`.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::validator::Validator;
use super::word::same_word;
use crate::value::Value;

/// A key of a map. Case does not matter in it, and `-` is the same as `_`.
#[derive(Clone, Debug)]
pub struct Key {
    name: String,
    alias: Option<String>,
    validators: Vec<Validator>,
}

/// A key of a map by the name that messages and documentation use.
#[must_use]
pub fn key(name: &str) -> Key {
    Key { name: name.to_owned(), alias: None, validators: Vec::new() }
}

impl Key {
    /// Another word for the same key.
    #[must_use]
    pub fn alias(mut self, word: &str) -> Self {
        self.alias = Some(word.to_owned());
        self
    }

    /// Adds a rule for the value under this key, once it is known.
    #[must_use]
    pub fn validate(mut self, validator: Validator) -> Self {
        self.validators.push(validator);
        self
    }

    /// The name that messages use.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn validators(&self) -> &[Validator] {
        &self.validators
    }

    fn is_spelled(&self, word: &str) -> bool {
        [Some(&self.name), self.alias.as_ref()]
            .into_iter()
            .flatten()
            .any(|own| same_word(own, word))
    }
}

/// Makes the key for a word that is not declared.
type Other = Arc<dyn Fn(&str) -> Key + Send + Sync>;

/// All keys of a map.
#[derive(Clone)]
pub(crate) struct Keys {
    declared: Vec<Key>,
    /// The rules of other keys, where a check of the resource judges the keys themselves.
    other: Option<Other>,
}

impl Keys {
    pub(super) fn new(keys: impl IntoIterator<Item = Key>) -> Self {
        Self { declared: keys.into_iter().collect(), other: None }
    }

    pub(super) fn and(self, other: impl Fn(&str) -> Key + Send + Sync + 'static) -> Self {
        Self { other: Some(Arc::new(other)), ..self }
    }

    /// The declared key of this spelling.
    pub(crate) fn find(&self, word: &str) -> Option<&Key> {
        self.declared.iter().find(|key| key.is_spelled(word))
    }

    /// The key for a word that is not declared, where such keys are allowed.
    pub(crate) fn other(&self, word: &str) -> Option<Key> {
        self.other.as_ref().map(|make| make(word))
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.declared.iter().map(Key::name)
    }

    /// Returns true if two maps have the same values under the same keys, however the
    /// keys are spelled.
    pub(super) fn are_same(&self, one: &Value, other: &Value) -> bool {
        match (self.by_name(one), self.by_name(other)) {
            (Some(one), Some(other)) => one == other,
            _ => false,
        }
    }

    fn by_name<'a>(&'a self, map: &'a Value) -> Option<BTreeMap<&'a str, &'a Value>> {
        let given = map.as_map()?.iter().filter(|(_, value)| !value.is_null());
        let name = |word: &'a String| self.find(word).map_or(word.as_str(), Key::name);
        Some(given.map(|(word, value)| (name(word), value)).collect())
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("declared", &self.declared).finish_non_exhaustive()
    }
}
