//! Planning: what would applying a configuration do?

use std::ops::Deref;

use serde_json::Value as Json;

use super::instance::{Instance, Prior};
use super::json;
use super::rules::planned::plan_valid;
use super::rules::proposed::proposed_new;
use super::rules::replaced::replaced;
use super::rules::stored::{Unknowns, whole};
use super::told::Told;
use crate::diagnostics::{Diagnostics, Result};
use crate::server::{Object, PlanRequest, Planned};
use crate::value::{Path, Value};

/// What a plan does to an object, or a step has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Nothing.
    NoOp,
    /// There was none, and now there is.
    Create,
    /// It changes in place.
    Update,
    /// It goes, and another one takes its place.
    Replace,
    /// It goes.
    Delete,
}

/// What applying a configuration would do, and what the provider told about it.
///
/// Where the provider told errors there is no plan to look at, and everything but
/// the diagnostics panics with them.
#[derive(Debug)]
#[must_use = "a plan may have failed"]
pub struct Plan {
    address: String,
    told: Told,
    outcome: Option<Outcome>,
}

/// A plan that was made.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) prior: Prior,
    pub(super) action: Action,
    pub(super) planned: Object,
    pub(super) replaced: Vec<Path>,
}

impl Plan {
    /// What it does.
    ///
    /// # Panics
    ///
    /// Where planning failed; with what the provider told.
    #[must_use]
    #[track_caller]
    pub fn action(&self) -> Action {
        self.outcome().action
    }

    /// Whether it changes nothing.
    ///
    /// # Panics
    ///
    /// Where planning failed; with what the provider told.
    #[must_use]
    #[track_caller]
    pub fn is_empty(&self) -> bool {
        self.action() == Action::NoOp
    }

    /// The planned object, with [`unknown`](super::unknown) for what the apply
    /// will find out.
    ///
    /// # Panics
    ///
    /// Where planning failed; with what the provider told.
    #[must_use]
    #[track_caller]
    pub fn planned(&self) -> Json {
        json::shown(&self.outcome().planned.state)
    }

    /// The attributes that make it a replacement, as they would be written.
    ///
    /// # Panics
    ///
    /// Where planning failed; with what the provider told.
    #[must_use]
    #[track_caller]
    pub fn replaced_by(&self) -> Vec<String> {
        self.outcome().replaced.iter().map(ToString::to_string).collect()
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    pub(super) fn into_parts(self) -> (Told, Option<Outcome>) {
        (self.told, self.outcome)
    }

    #[track_caller]
    fn outcome(&self) -> &Outcome {
        self.outcome.as_ref().unwrap_or_else(|| panic!("planning failed:{}", self.told.list()))
    }
}

impl Deref for Plan {
    type Target = Told;

    fn deref(&self) -> &Told {
        &self.told
    }
}

/// The plan walk of one instance: upgrade, refresh, validate, plan.
pub(super) async fn plan(instance: &Instance<'_>, written: &Json) -> Plan {
    let mut told = Diagnostics::none();
    let planned = plan_with(instance, written, &mut told).await;
    let outcome = planned.map_err(|errors| told.extend(errors)).ok();
    Plan { address: instance.address.to_owned(), told: Told::new(told), outcome }
}

async fn plan_with(
    instance: &Instance<'_>,
    written: &Json,
    told: &mut Diagnostics,
) -> Result<Outcome> {
    let config = json::configuration(&instance.shape.body, written)?;
    let (prior, warnings) = instance.refreshed().await;
    told.extend(warnings);
    instance.plan_from(prior?, &config, told).await
}

impl Instance<'_> {
    /// Validates a configuration and plans it from a given object.
    pub(super) async fn plan_from(
        &self,
        prior: Prior,
        config: &Value,
        told: &mut Diagnostics,
    ) -> Result<Outcome> {
        kept_apart(self.validated(config).await, told)?;
        let fresh = Object { state: Value::Null, private: Vec::new() };
        // What is left of a failed create is planned as if it were not there.
        let from = if prior.tainted { fresh } else { prior.object.clone() };
        let first = self.ask(from.clone(), config, told).await?;
        let paths = match from.state.is_null() {
            true => Vec::new(),
            false => {
                replaced(self.shape, &from.state, &first.object.state, &first.requires_replace)
                    .unwrap_or_else(|broken| self.rule_broken(&broken))
            }
        };
        if prior.tainted {
            let Planned { object: planned, .. } = first;
            return Ok(Outcome { prior, action: Action::Replace, planned, replaced: paths });
        }
        if !paths.is_empty() {
            let nothing = Object { state: Value::Null, private: first.object.private };
            let Planned { object: planned, .. } = self.ask(nothing, config, told).await?;
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

    /// One `PlanResourceChange`, held against the rules.
    async fn ask(&self, prior: Object, config: &Value, told: &mut Diagnostics) -> Result<Planned> {
        let body = &self.shape.body;
        let proposed = proposed_new(body, &prior.state, config);
        let asked = PlanRequest { prior, proposed, config: config.clone() };
        let answer = self.core.client().plan(self.type_name, &self.shape.ty, &asked).await;
        let mut planned = self.answered(answer);
        kept_apart(std::mem::take(&mut planned.told), told)?;
        self.hold(whole(body, &planned.object.state, Unknowns::Allowed));
        self.hold(plan_valid(body, &asked.prior.state, config, &planned.object.state));
        Ok(planned)
    }
}

/// Errors end a walk; warnings are collected.
fn kept_apart(new: Diagnostics, told: &mut Diagnostics) -> Result<()> {
    if new.has_errors() {
        return Err(new);
    }
    told.extend(new);
    Ok(())
}
