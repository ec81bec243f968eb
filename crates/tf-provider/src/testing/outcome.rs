//! The outcome of a step: what was done to the object, what is stored of it now, and the
//! diagnostics.

use std::ops::Deref;

use serde_json::Value as Json;

use super::diagnostics::StepDiagnostics;
use super::state::Stored;
use crate::diagnostics::Diagnostics;

/// The action of a plan, or of a step, on an object. Closed: Terraform knows no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Leaves everything as it is.
    NoOp,
    /// Makes an object where there was none.
    Create,
    /// Changes the object in place.
    Update,
    /// Deletes the object and makes another one in its place.
    Replace,
    /// Deletes the object, or forgets one that is gone.
    Delete,
}

/// The outcome of a step that changes the state file.
#[derive(Debug)]
#[must_use = "a step may have failed"]
pub struct Applied {
    action: Action,
    diagnostics: StepDiagnostics,
    state: Json,
}

impl Applied {
    pub(super) fn new(action: Action, diagnostics: Diagnostics, stored: Option<Stored>) -> Self {
        let state = stored.map_or(Json::Null, |stored| stored.attributes());
        Self { action, diagnostics: StepDiagnostics::new(diagnostics), state }
    }

    /// Returns the action that was done, or tried.
    #[must_use]
    pub fn action(&self) -> Action {
        self.action
    }

    /// Returns the object in the state file; null where there is none.
    #[must_use]
    pub fn state(&self) -> &Json {
        &self.state
    }
}

impl Deref for Applied {
    type Target = StepDiagnostics;

    fn deref(&self) -> &StepDiagnostics {
        &self.diagnostics
    }
}
