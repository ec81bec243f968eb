//! What a provider told the user, for a test to look at.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};

/// The diagnostics of a step.
///
/// A test says what it expects of them: [`succeeds`](Told::succeeds),
/// [`fails`](Told::fails), [`warns`](Told::warns). An expectation that is not met
/// panics with everything that was told.
#[derive(Clone, Debug, Default)]
#[must_use = "a step may have failed"]
pub struct Told(Diagnostics);

impl Told {
    pub(super) fn new(told: Diagnostics) -> Self {
        Self(told)
    }

    pub(super) fn extend(&mut self, more: Diagnostics) {
        self.0.extend(more);
    }

    pub(super) fn has_errors(&self) -> bool {
        self.0.has_errors()
    }

    /// The errors, in the order they were told.
    #[must_use]
    pub fn errors(&self) -> Vec<&Diagnostic> {
        self.of(Severity::Error)
    }

    /// The warnings, in the order they were told.
    #[must_use]
    pub fn warnings(&self) -> Vec<&Diagnostic> {
        self.of(Severity::Warning)
    }

    /// Expects no error.
    ///
    /// # Panics
    ///
    /// With the errors, where there are any.
    #[track_caller]
    pub fn succeeds(&self) {
        assert!(!self.has_errors(), "the step failed:{}", self.list());
    }

    /// Expects an error that says `text`, in its summary or below it.
    ///
    /// # Panics
    ///
    /// Where there is none.
    #[track_caller]
    pub fn fails(&self, text: &str) -> &Diagnostic {
        self.find(Severity::Error, text)
            .unwrap_or_else(|| panic!("no error says \"{text}\":{}", self.list()))
    }

    /// Expects a warning that says `text`, in its summary or below it.
    ///
    /// # Panics
    ///
    /// Where there is none.
    #[track_caller]
    pub fn warns(&self, text: &str) -> &Diagnostic {
        self.find(Severity::Warning, text)
            .unwrap_or_else(|| panic!("no warning says \"{text}\":{}", self.list()))
    }

    fn of(&self, severity: Severity) -> Vec<&Diagnostic> {
        self.0.iter().filter(|each| each.severity() == severity).collect()
    }

    fn find(&self, severity: Severity, text: &str) -> Option<&Diagnostic> {
        let says = |each: &&Diagnostic| each.summary().contains(text) || each.text().contains(text);
        self.of(severity).into_iter().find(says)
    }

    /// Everything that was told, a line for each.
    pub(super) fn list(&self) -> String {
        if self.0.is_empty() {
            return " nothing was told".to_owned();
        }
        let line = |each: &Diagnostic| {
            let place = each.path().map(|path| format!(" at `{path}`")).unwrap_or_default();
            format!("\n  {:?}{place}: {}: {}", each.severity(), each.summary(), each.text())
        };
        self.0.iter().map(line).collect()
    }
}
