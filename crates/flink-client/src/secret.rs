//! Values that must never be shown, and the search for them in the text of servers.
//!
//! Knows neither the sender nor the receiver of a secret.

mod redact;

use std::fmt;

pub(crate) use redact::Redactor;

/// The text that replaces a secret in messages.
pub(crate) const REDACTED: &str = "(redacted)";

/// A value that is sent but never shown.
///
/// `Debug` prints a placeholder, there is no `Display` and no `Serialize`, and the only
/// way to the value is [`Secret::expose`], which is easy to search for. The memory
/// is not wiped: copies of the value pass through TLS and HTTP buffers that this
/// crate does not own.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Secret(String);

impl Secret {
    /// Takes over a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns true if the value is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self(value)
    }
}

impl From<&str> for Secret {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}
