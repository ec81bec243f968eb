//! The three things that can be known of one value while Terraform plans.

use crate::value::Value;

/// A value as a rule sees it: null, unknown or known. Closed: Terraform has these three,
/// and a rule has to decide each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given<T> {
    /// No value is given.
    Null,
    /// A value may be given, but it is known only after an apply.
    Unknown,
    /// This value is given.
    Known(T),
}

impl<T> Given<T> {
    /// Returns the value if there is one that is known.
    #[must_use]
    pub fn known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// Returns true if no value is given.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Returns true if the value is known only after an apply.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// Returns true if a value is given and known.
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
    pub(super) fn of(value: Option<&'a Value>) -> Self {
        match value {
            None => Self::Null,
            Some(value) if value.is_null() => Self::Null,
            Some(value) if value.is_unknown() => Self::Unknown,
            Some(value) => Self::Known(value),
        }
    }
}
