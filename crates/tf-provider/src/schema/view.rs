//! How rules and handlers look at a block of values: by attribute name, each
//! known, null or not known yet.
//!
//! A name that the schema does not have is a mistake in the provider's code, never
//! "not given": it panics. [`Provider::resource`](crate::Provider::resource) runs
//! every check of a schema in debug builds, so that a test which builds the
//! provider finds such a name.

use std::fmt;

use super::attribute::Attribute;
use super::block::Block;
use super::entries::Entries;
use super::{Schema, block};
use crate::value::Value;

/// What is known of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given<T> {
    /// Nothing was given.
    Null,
    /// Something may be given, but it is known only after an apply.
    Unknown,
    /// This was given.
    Known(T),
}

impl<T> Given<T> {
    /// The value, where there is one that is known.
    #[must_use]
    pub fn known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// Returns true if nothing was given.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Returns true if it is known only after an apply.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// Returns true if a value was given and is known.
    #[must_use]
    pub fn is_known(&self) -> bool {
        matches!(self, Self::Known(_))
    }

    pub(super) fn and_then<U>(self, known: impl FnOnce(T) -> Option<U>) -> Given<U> {
        match self {
            Self::Null => Given::Null,
            Self::Unknown => Given::Unknown,
            Self::Known(value) => known(value).map_or(Given::Null, Given::Known),
        }
    }
}

impl<'a> Given<&'a Value> {
    /// What is known of a value.
    pub(super) fn of(value: Option<&'a Value>) -> Self {
        match value {
            None => Self::Null,
            Some(value) if value.is_null() => Self::Null,
            Some(value) if value.is_unknown() => Self::Unknown,
            Some(value) => Self::Known(value),
        }
    }
}

/// A block of values with its schema, looked at by name.
#[derive(Clone, Copy)]
pub struct View<'a> {
    attributes: &'a [Attribute],
    blocks: &'a [Block],
    values: &'a Value,
    /// Where write-only values are: a plan and a state have none.
    write_only: &'a Value,
}

impl<'a> View<'a> {
    /// A view of a whole block of this schema.
    #[must_use]
    pub fn new(schema: &'a Schema, values: &'a Value) -> Self {
        let (attributes, blocks) = (schema.all_attributes(), schema.all_blocks());
        Self { attributes, blocks, values, write_only: values }
    }

    /// The same values, but with the write-only ones of `config`.
    pub(crate) fn with_write_only(self, config: &'a Value) -> Self {
        Self { write_only: config, ..self }
    }

    /// An attribute or nested block. Where the whole block is unknown, so is
    /// everything in it.
    ///
    /// # Panics
    ///
    /// Where the schema has no attribute or block of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Given<&'a Value> {
        let attribute = self.attributes.iter().find(|each| each.name() == name);
        let exists = attribute.is_some() || self.blocks.iter().any(|each| each.name() == name);
        assert!(exists, "the schema has no attribute or block `{name}`");
        match attribute.is_some_and(Attribute::is_write_only) {
            true => look_up(self.write_only, name),
            false => look_up(self.values, name),
        }
    }

    /// A text attribute.
    ///
    /// # Panics
    ///
    /// As [`View::get`].
    #[must_use]
    pub fn text(&self, name: &str) -> Given<&'a str> {
        self.get(name).and_then(Value::as_str)
    }

    /// A nested block that stands at most once.
    ///
    /// # Panics
    ///
    /// Where the schema has no such block.
    #[must_use]
    pub fn block(&self, name: &str) -> Given<View<'a>> {
        let block: Option<&block::Block> = self.blocks.iter().find(|each| each.name() == name);
        let block = block.unwrap_or_else(|| panic!("the schema has no block `{name}`"));
        let view = |values| View {
            attributes: block.all_attributes(),
            blocks: &[],
            values,
            write_only: values,
        };
        look_up(self.values, name).and_then(|values| Some(view(values)))
    }

    /// A map attribute and its write-only twin, where it has one, as one map.
    ///
    /// # Panics
    ///
    /// As [`View::get`].
    #[must_use]
    pub fn entries(&self, name: &str) -> Entries<'a> {
        let attribute = self.attributes.iter().find(|each| each.name() == name);
        let attribute = attribute.unwrap_or_else(|| panic!("the schema has no map `{name}`"));
        let twin = attribute.twin().map(|twin| (twin, look_up(self.write_only, twin)));
        Entries::new(attribute, look_up(self.values, name), twin)
    }
}

fn look_up<'a>(block: &'a Value, name: &str) -> Given<&'a Value> {
    match block {
        Value::Unknown => Given::Unknown,
        block => Given::of(block.get(name)),
    }
}

impl fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.values, f)
    }
}
