//! Errors about values, each with its place.
//!
//! The three errors of this module are one thing with three names: a place and a
//! sentence. They must not know the content of any value: sentences name kinds
//! and limits, and the only text taken from a value is the names in its path.

use std::borrow::Cow;
use std::error::Error;
use std::fmt::{self, Display, Formatter};

use super::limit::{MAX_DEPTH, MAX_VALUES};
use super::number::NumberError;
use super::path::{Path, Step};

/// The three types differ in name only, so that a caller knows the side at fault: the peer
/// (decode), the provider (encode) or the model.
macro_rules! located_error {
    ($(#[$docs:meta])* $name:ident) => {
        $(#[$docs])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            path: Path,
            message: Cow<'static, str>,
        }

        impl $name {
            pub(super) fn new(message: impl Into<Cow<'static, str>>) -> Self {
                Self { path: Path::root(), message: message.into() }
            }

            /// One kind of value where another belongs, both as nouns.
            pub(super) fn expected(wanted: impl Display, found: &str) -> Self {
                Self::new(format!("expected {wanted}, found {found}"))
            }

            /// The same error seen from one step further out.
            #[must_use]
            pub(super) fn under(self, step: Step) -> Self {
                Self { path: self.path.under(step), ..self }
            }

            /// Returns the place, counted from the value the caller passed.
            #[must_use]
            pub fn path(&self) -> &Path {
                &self.path
            }

            /// Returns the fault there. It never holds content of a value.
            #[must_use]
            pub fn message(&self) -> &str {
                &self.message
            }
        }

        impl Display for $name {
            fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                if self.path.is_root() {
                    f.write_str(&self.message)
                } else {
                    write!(f, "{}: {}", self.path, self.message)
                }
            }
        }

        impl Error for $name {}
    };
}

located_error! {
    /// Bytes that are not a value of the expected type.
    DecodeError
}

located_error! {
    /// A value that is not of the type it was to be encoded as.
    EncodeError
}

located_error! {
    /// A value and a Rust type that do not fit each other.
    ModelError
}

/// For the two that nest as deep as a peer or a schema says.
macro_rules! bounded_depth {
    ($($name:ident),*) => {$(
        impl $name {
            pub(super) fn too_deep() -> Self {
                Self::new(format!("nested deeper than {MAX_DEPTH} levels"))
            }
        }
    )*};
}

bounded_depth!(DecodeError, EncodeError);

impl DecodeError {
    pub(super) fn too_many() -> Self {
        Self::new(format!("more than {MAX_VALUES} values"))
    }

    /// Returns true if the value is refused for its size and not for its content.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        [Self::too_deep(), Self::too_many()].iter().any(|limit| limit.message == self.message)
    }

    pub(super) fn no_number(error: NumberError) -> Self {
        Self::expected("a number", error.noun())
    }
}
