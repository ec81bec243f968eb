//! How rules look at values that may not be known yet: by name, as set, unset
//! or unknown.

use std::fmt;

use crate::value::Value;

/// What is known of one attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given<T> {
    /// Null: nothing was given.
    Unset,
    /// Something will be given, but not before the apply.
    Unknown,
    /// This was given.
    Set(T),
}

impl<T> Given<T> {
    /// The value, where there is one that is known.
    #[must_use]
    pub fn known(self) -> Option<T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Unset | Self::Unknown => None,
        }
    }

    /// Whether nothing was given.
    #[must_use]
    pub fn is_unset(&self) -> bool {
        matches!(self, Self::Unset)
    }

    /// Whether what was given is not known yet.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    fn and_then<U>(self, known: impl FnOnce(T) -> Option<U>) -> Given<U> {
        match self {
            Self::Unset => Given::Unset,
            Self::Unknown => Given::Unknown,
            Self::Set(value) => known(value).map_or(Given::Unset, Given::Set),
        }
    }
}

/// A block of values, seen by name.
#[derive(Clone, Copy)]
pub struct View<'a>(&'a Value);

impl<'a> View<'a> {
    /// A view of a block's value.
    #[must_use]
    pub fn new(value: &'a Value) -> Self {
        Self(value)
    }

    /// An attribute or block.
    ///
    /// A name that the schema does not have is unset; where the whole block is
    /// unknown, so is everything in it.
    #[must_use]
    pub fn get(&self, name: &str) -> Given<&'a Value> {
        match self.0 {
            Value::Unknown => Given::Unknown,
            block => match block.get(name) {
                None | Some(Value::Null) => Given::Unset,
                Some(Value::Unknown) => Given::Unknown,
                Some(value) => Given::Set(value),
            },
        }
    }

    /// A text attribute.
    #[must_use]
    pub fn text(&self, name: &str) -> Given<&'a str> {
        self.get(name).and_then(Value::as_str)
    }

    /// A single nested block.
    #[must_use]
    pub fn block(&self, name: &str) -> Given<View<'a>> {
        self.get(name).and_then(|value| Some(View(value)))
    }
}

impl fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0, f)
    }
}
