//! Errors and warnings for the user, at an attribute where one is at fault.
//!
//! [`Diagnostics`] is the error type of every handler, so `?` is all the error
//! handling a provider needs. Warnings of a call that succeeds go through its
//! context. Nothing here knows of the wire.
//!
//! Source: Terraform plugin protocol 5, message `Diagnostic`.

use std::error::Error;
use std::fmt;

use crate::value::Path;

/// The result of a handler: a value, or the errors for the user.
pub type Result<T, E = Diagnostics> = std::result::Result<T, E>;

/// The severity of a diagnostic. Closed: the protocol has these two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Terraform stops.
    Error,
    /// Terraform goes on and shows the text.
    Warning,
}

/// One error or warning.
///
/// The summary is short and general ("Cannot create the connection"); the
/// detail says what happened, to which object, and what to do next. Neither
/// holds a secret: both are printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    severity: Severity,
    summary: String,
    detail: String,
    path: Option<Path>,
}

impl Diagnostic {
    /// Makes an error.
    #[must_use]
    pub fn error(summary: impl Into<String>) -> Self {
        Self::new(Severity::Error, summary.into())
    }

    /// Makes a warning.
    #[must_use]
    pub fn warning(summary: impl Into<String>) -> Self {
        Self::new(Severity::Warning, summary.into())
    }

    fn new(severity: Severity, summary: String) -> Self {
        Self { severity, summary, detail: String::new(), path: None }
    }

    /// Adds the text below the summary: the cause and the remedy.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// Names the attribute at fault.
    #[must_use]
    pub fn at(mut self, path: impl Into<Path>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Returns the severity.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// Returns the first line that Terraform prints.
    #[must_use]
    pub fn summary(&self) -> &str {
        &self.summary
    }

    /// Returns the text below it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.detail
    }

    /// Returns the attribute at fault.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_ref()
    }
}

/// The errors and warnings of one call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// No diagnostics.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds a diagnostic.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds all of `others`, after those already there.
    pub fn extend(&mut self, others: Diagnostics) {
        self.0.extend(others.0);
    }

    /// Returns true if an error is among them.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|each| each.severity == Severity::Error)
    }

    /// Returns true if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns all of them, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(diagnostics: I) -> Self {
        Self(diagnostics.into_iter().collect())
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, each) in self.0.iter().enumerate() {
            if number > 0 {
                f.write_str("; ")?;
            }
            f.write_str(&each.summary)?;
            if !each.detail.is_empty() {
                write!(f, ": {}", each.detail)?;
            }
        }
        Ok(())
    }
}

impl Error for Diagnostics {}

/// Turns any error into a diagnostic with a summary of the caller's.
pub trait OrDiag<T> {
    /// Returns the value, or an error with this summary whose detail is the error's own text and
    /// that of its sources.
    ///
    /// # Errors
    ///
    /// Where `self` is an error.
    fn or_diag(self, summary: &str) -> Result<T>;
}

impl<T, E: Error> OrDiag<T> for std::result::Result<T, E> {
    fn or_diag(self, summary: &str) -> Result<T> {
        self.map_err(|error| Diagnostic::error(summary).detail(with_sources(&error)).into())
    }
}

/// The error for a handler that panicked. The panic's own text went to the log: it may quote
/// values.
pub(crate) fn panicked() -> Diagnostic {
    Diagnostic::error("This is a bug in the provider").detail(
        "A part of the provider panicked and the operation was given up. Nothing else is \
         affected. Please report it with the log that TF_LOG=debug prints.",
    )
}

fn with_sources(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_text_of_the_sources_of_an_error() {
        let failed: std::result::Result<(), _> = Err(std::io::Error::other("the disk is full"));
        let found = failed.or_diag("Cannot write").unwrap_err();
        assert!(found.has_errors());
        assert_eq!(found.to_string(), "Cannot write: the disk is full");
    }

    #[test]
    fn takes_warnings_alone_for_no_error() {
        let found = Diagnostics::from(Diagnostic::warning("Careful").at("name"));
        assert!(!found.has_errors());
        assert_eq!(found.iter().next().and_then(Diagnostic::path), Some(&Path::from("name")));
    }
}
