//! Planning: the changes that applying a configuration would make.

use std::ops::Deref;

use serde_json::Value as Json;

use super::diagnostics::StepDiagnostics;
use super::instance::{Instance, Prior};
use super::json;
use super::outcome::Action;
use super::rules::planned::plan_valid;
use super::rules::proposed::proposed_new;
use super::rules::replaced::replaced;
use super::rules::stored::{Unknowns, whole};
use crate::diagnostics::{Diagnostics, Result};
use crate::server::{Object, PlanRequest, Planned};
use crate::value::{Path, Value};

/// The changes that applying a configuration would make, and the diagnostics of planning.
///
/// If planning failed, everything but the diagnostics panics with them.
#[derive(Debug)]
#[must_use = "a plan may have failed"]
pub struct Plan {
    address: String,
    diagnostics: StepDiagnostics,
    outcome: Option<Outcome>,
}

/// A plan that was made.
#[derive(Debug)]
pub(super) struct Outcome {
    /// The object that was refreshed before planning.
    pub(super) prior: Prior,
    pub(super) action: Action,
    /// The planned object; for a replacement, the new one.
    pub(super) planned: Object,
    /// The attributes that make it a replacement. Empty for a tainted object.
    pub(super) replaced: Vec<Path>,
}

impl Plan {
    /// Returns the action on the object.
    ///
    /// # Panics
    ///
    /// If planning failed.
    #[must_use]
    #[track_caller]
    pub fn action(&self) -> Action {
        self.outcome().action
    }

    /// Returns true if nothing changes.
    ///
    /// # Panics
    ///
    /// If planning failed.
    #[must_use]
    #[track_caller]
    pub fn is_empty(&self) -> bool {
        self.action() == Action::NoOp
    }

    /// Returns the planned object, with [`unknown`](super::unknown) for each value that
    /// only the apply finds out.
    ///
    /// # Panics
    ///
    /// If planning failed.
    #[must_use]
    #[track_caller]
    pub fn planned(&self) -> Json {
        json::shown(&self.outcome().planned.state)
    }

    /// Returns the attributes that make it a replacement, as references are written.
    ///
    /// # Panics
    ///
    /// If planning failed.
    #[must_use]
    #[track_caller]
    pub fn replaced_by(&self) -> Vec<String> {
        self.outcome().replaced.iter().map(ToString::to_string).collect()
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    pub(super) fn into_parts(self) -> (Diagnostics, Option<Outcome>) {
        (self.diagnostics.into_inner(), self.outcome)
    }

    #[track_caller]
    fn outcome(&self) -> &Outcome {
        self.outcome
            .as_ref()
            .unwrap_or_else(|| panic!("planning failed:{}", self.diagnostics.list()))
    }
}

impl Deref for Plan {
    type Target = StepDiagnostics;

    fn deref(&self) -> &StepDiagnostics {
        &self.diagnostics
    }
}

/// The plan walk of one instance: upgrade, refresh, validate, plan.
pub(super) async fn plan(instance: &Instance<'_>, written: &Json) -> Plan {
    let mut found = Diagnostics::none();
    let planned = plan_with(instance, written, &mut found).await;
    let outcome = planned.map_err(|errors| found.extend(errors)).ok();
    let diagnostics = StepDiagnostics::new(found);
    Plan { address: instance.address.to_owned(), diagnostics, outcome }
}

async fn plan_with(
    instance: &Instance<'_>,
    written: &Json,
    warnings: &mut Diagnostics,
) -> Result<Outcome> {
    let config = json::configuration(&instance.shape.body, written)?;
    let (prior, new) = instance.refreshed().await;
    warnings.extend(new);
    instance.plan_from(prior?, &config, warnings).await
}

impl Instance<'_> {
    /// Validates a configuration and plans it from a given object.
    pub(super) async fn plan_from(
        &self,
        prior: Prior,
        config: &Value,
        warnings: &mut Diagnostics,
    ) -> Result<Outcome> {
        split_errors(self.validated(config).await, warnings)?;
        let fresh = Object { state: Value::Null, private: Vec::new() };
        // What is left of a failed create is planned as if it were not there.
        let from = if prior.tainted { fresh } else { prior.object.clone() };
        let first = self.request_plan(from.clone(), config, warnings).await?;
        let paths = match from.state.is_null() {
            true => Vec::new(),
            false => {
                replaced(self.shape, &from.state, &first.object.state, &first.requires_replace)
                    .unwrap_or_else(|rule| self.broken(&rule))
            }
        };
        if prior.tainted {
            let Planned { object: planned, .. } = first;
            return Ok(Outcome { prior, action: Action::Replace, planned, replaced: paths });
        }
        if !paths.is_empty() {
            let nothing = Object { state: Value::Null, private: first.object.private };
            let Planned { object: planned, .. } =
                self.request_plan(nothing, config, warnings).await?;
            return Ok(Outcome { prior, action: Action::Replace, planned, replaced: paths });
        }
        let action = if from.state.is_null() {
            Action::Create
        } else if first.object.state.same_as(&from.state, &self.shape.ty) {
            Action::NoOp
        } else {
            Action::Update
        };
        Ok(Outcome { prior, action, planned: first.object, replaced: paths })
    }

    /// One `PlanResourceChange`, checked by the rules.
    async fn request_plan(
        &self,
        prior: Object,
        config: &Value,
        warnings: &mut Diagnostics,
    ) -> Result<Planned> {
        let body = &self.shape.body;
        let proposed = proposed_new(body, &prior.state, config);
        let request = PlanRequest { prior, proposed, config: config.clone() };
        let response = self.core.client().plan(self.type_name, &self.shape.ty, &request).await;
        let mut planned = self.received(response);
        split_errors(std::mem::take(&mut planned.diagnostics), warnings)?;
        self.check(whole(body, &planned.object.state, Unknowns::Allowed));
        self.check(plan_valid(body, &request.prior.state, config, &planned.object.state));
        Ok(planned)
    }
}

/// Ends a walk where there are errors, and collects warnings.
fn split_errors(new: Diagnostics, warnings: &mut Diagnostics) -> Result<()> {
    if new.has_errors() {
        return Err(new);
    }
    warnings.extend(new);
    Ok(())
}
