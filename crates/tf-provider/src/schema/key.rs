//! The keys that a map attribute takes, each with its spellings and rules.
//!
//! This file must not know what a map holds or where it is: see `entries`.

use std::fmt;
use std::sync::Arc;

use super::validator::Validator;
use super::word::same_word;

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
    /// Where other keys are for a check of the resource to judge: their rules.
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

    /// The declared name of a key, or the key itself where it is not declared.
    pub(crate) fn name_of<'a>(&'a self, word: &'a str) -> &'a str {
        self.find(word).map_or(word, Key::name)
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("declared", &self.declared).finish_non_exhaustive()
    }
}
