//! A rule over a whole configuration.

use std::fmt;

use super::view::View;
use crate::diagnostics::Diagnostics;

type Rule = Box<dyn Fn(&View<'_>) -> Diagnostics + Send + Sync>;

/// A rule that sees every attribute as set, unset or unknown.
pub(crate) struct Check(Rule);

impl Check {
    pub(crate) fn new(rule: impl Fn(&View<'_>) -> Diagnostics + Send + Sync + 'static) -> Self {
        Self(Box::new(rule))
    }

    pub(crate) fn run(&self, view: &View<'_>) -> Diagnostics {
        (self.0)(view)
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Check")
    }
}
