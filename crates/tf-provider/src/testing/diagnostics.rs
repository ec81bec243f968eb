//! The diagnostics of a step, for a test to look at.

use crate::diagnostics::{Diagnostic, Diagnostics, Severity};

/// The diagnostics of a step, in the order in which the provider reported them.
///
/// A test states its expectation with [`succeeds`](Self::succeeds),
/// [`fails`](Self::fails) or [`warns`](Self::warns), which panic with all diagnostics where
/// it is not met.
#[derive(Clone, Debug, Default)]
#[must_use = "a step may have failed"]
pub struct StepDiagnostics(Diagnostics);

impl StepDiagnostics {
    pub(super) fn new(diagnostics: Diagnostics) -> Self {
        Self(diagnostics)
    }

    pub(super) fn into_inner(self) -> Diagnostics {
        self.0
    }

    pub(super) fn has_errors(&self) -> bool {
        self.0.has_errors()
    }

    /// Returns the errors.
    #[must_use]
    pub fn errors(&self) -> Vec<&Diagnostic> {
        self.of(Severity::Error)
    }

    /// Returns the warnings.
    #[must_use]
    pub fn warnings(&self) -> Vec<&Diagnostic> {
        self.of(Severity::Warning)
    }

    /// Expects no error.
    ///
    /// # Panics
    ///
    /// If there is an error.
    #[track_caller]
    pub fn succeeds(&self) {
        assert!(!self.has_errors(), "the step failed:{}", self.list());
    }

    /// Expects an error with `text` in its summary or detail, and returns it.
    ///
    /// # Panics
    ///
    /// If there is no such error.
    #[track_caller]
    pub fn fails(&self, text: &str) -> &Diagnostic {
        self.find(Severity::Error, text)
            .unwrap_or_else(|| panic!("no error says \"{text}\":{}", self.list()))
    }

    /// Expects a warning with `text` in its summary or detail, and returns it.
    ///
    /// # Panics
    ///
    /// If there is no such warning.
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

    /// All diagnostics, a line for each.
    pub(super) fn list(&self) -> String {
        if self.0.is_empty() {
            return " there are no diagnostics".to_owned();
        }
        let line = |each: &Diagnostic| {
            let place = each.path().map(|path| format!(" at `{path}`")).unwrap_or_default();
            format!("\n  {:?}{place}: {}: {}", each.severity(), each.summary(), each.text())
        };
        self.0.iter().map(line).collect()
    }
}
