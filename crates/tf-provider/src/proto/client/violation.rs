//! A breach of the protocol, which Terraform would report as a failure of the plugin.

use std::fmt;

/// A response that Terraform could not use at all, in words.
#[derive(Debug)]
pub(crate) struct Violation(String);

impl Violation {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
