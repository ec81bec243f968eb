//! Applying: a plan is made again with what is known by now, held against the
//! first one, and carried out.

use std::ops::Deref;

use serde_json::Value as Json;

use super::instance::{Instance, Prior};
use super::json;
use super::plan::{Action, Outcome, Plan};
use super::rules::compatible::compatible;
use super::rules::stored::{Unknowns, whole};
use super::state::Stored;
use super::told::Told;
use crate::diagnostics::{Diagnostics, Result};
use crate::server::{ApplyRequest, Kept, Object, PlanRequest};
use crate::value::Value;

/// What a step has done, and what the provider told about it.
#[derive(Debug)]
#[must_use = "a step may have failed"]
pub struct Applied {
    action: Action,
    told: Told,
    state: Json,
}

impl Applied {
    pub(super) fn new(action: Action, told: Diagnostics, stored: Option<Stored>) -> Self {
        let state = stored.map_or(Json::Null, |stored| stored.attributes());
        Self { action, told: Told::new(told), state }
    }

    /// What was done, or tried.
    #[must_use]
    pub fn action(&self) -> Action {
        self.action
    }

    /// What the state file holds now; null where it holds nothing.
    #[must_use]
    pub fn state(&self) -> &Json {
        &self.state
    }
}

impl Deref for Applied {
    type Target = Told;

    fn deref(&self) -> &Told {
        &self.told
    }
}

fn no_object() -> Object {
    Object { state: Value::Null, private: Vec::new() }
}

impl Instance<'_> {
    /// The apply walk of one instance.
    pub(super) async fn apply(&self, plan: Plan, written: &Json) -> Applied {
        let (mut told, outcome) = plan.into_parts();
        let Some(outcome) = outcome else {
            return Applied::failed(told, self.core.stored(self.address));
        };
        let action = outcome.action;
        // What the refresh found is stored, whatever comes of the change.
        self.save(&outcome.prior.object, outcome.prior.tainted);
        let mut more = Diagnostics::none();
        if let Err(errors) = self.carry_out(outcome, written, &mut more).await {
            more.extend(errors);
        }
        told.extend(more);
        let state = self.core.stored(self.address);
        Applied { told, ..Applied::new(action, Diagnostics::none(), state) }
    }

    async fn carry_out(
        &self,
        outcome: Outcome,
        written: &Json,
        told: &mut Diagnostics,
    ) -> Result<()> {
        let Outcome { action, planned: Object { state: first, private }, .. } = outcome;
        if action == Action::NoOp {
            return Ok(());
        }
        let config = json::configuration(&self.shape.body, written)?;
        assert!(
            config.is_wholly_known(),
            "{}: the configuration of an apply is wholly known",
            self.address
        );
        let mut prior = self.upgraded().await?;
        self.hold_stable(&outcome.prior, &prior);
        if action == Action::Replace {
            self.delete(prior.object, private, told).await?;
            prior = Prior { object: no_object(), tainted: false };
        }
        let from = prior.object.clone();
        let again = self.plan_from(prior, &config, told).await?;
        self.hold_consistent(action, &first, &again);
        if again.action == Action::NoOp {
            return Ok(());
        }
        let asked = ApplyRequest { prior: from.state.clone(), planned: again.planned, config };
        let Kept { object, told: new } = self.ask_to_apply(&asked).await;
        let failed = new.has_errors();
        told.extend(new);
        if !failed {
            self.hold(compatible(&self.shape.body, &asked.planned.state, &object.state));
        }
        self.save_outcome(object, from, failed);
        Ok(())
    }

    /// Refreshes and destroys.
    pub(super) async fn destroy(&self) -> Applied {
        let (refreshed, mut told) = self.refreshed().await;
        let prior = match refreshed {
            Ok(prior) => prior.object,
            Err(errors) => {
                told.extend(errors);
                return self.applied(Action::Delete, told);
            }
        };
        if prior.state.is_null() {
            self.core.forget(self.address);
            return self.applied(Action::NoOp, told);
        }
        if let Err(errors) = self.plan_and_delete(prior, &mut told).await {
            told.extend(errors);
        }
        self.applied(Action::Delete, told)
    }

    async fn plan_and_delete(&self, prior: Object, told: &mut Diagnostics) -> Result<()> {
        let asked =
            PlanRequest { prior: prior.clone(), proposed: Value::Null, config: Value::Null };
        let answer = self.core.client().plan(self.type_name, &self.shape.ty, &asked).await;
        let planned = self.answered(answer);
        if planned.told.has_errors() {
            return Err(planned.told);
        }
        told.extend(planned.told);
        if !planned.object.state.is_null() {
            self.broken(&"DestroyIsNull: a plan to destroy holds an object");
        }
        self.delete(prior, planned.object.private, told).await
    }

    /// One `ApplyResourceChange` that deletes.
    async fn delete(&self, prior: Object, private: Vec<u8>, told: &mut Diagnostics) -> Result<()> {
        let planned = Object { state: Value::Null, private };
        let asked = ApplyRequest { prior: prior.state.clone(), planned, config: Value::Null };
        let Kept { object, told: new } = self.ask_to_apply(&asked).await;
        let failed = new.has_errors();
        if !failed && !object.state.is_null() {
            self.broken(&"DeleteIsNull: an object is left of one that was deleted");
        }
        self.save_outcome(object, prior, failed);
        if failed {
            return Err(new);
        }
        told.extend(new);
        Ok(())
    }

    /// One `ApplyResourceChange`, held against the rules for what is stored.
    async fn ask_to_apply(&self, asked: &ApplyRequest) -> Kept {
        let answer = self.core.client().apply(self.type_name, &self.shape.ty, asked).await;
        let mut kept = self.answered(answer);
        if kept.told.has_errors() {
            kept.object.state = without_unknowns(kept.object.state);
        }
        self.hold(whole(&self.shape.body, &kept.object.state, Unknowns::Refused));
        kept
    }

    /// Stores what an apply has left. Where a provider that failed says nothing,
    /// the object it began with stays; what a failed create has left is tainted.
    fn save_outcome(&self, object: Object, prior: Object, failed: bool) {
        let is_new = prior.state.is_null();
        let was_tainted = self.core.stored(self.address).is_some_and(|each| each.is_tainted());
        if failed && object.state.is_null() {
            self.save(&prior, was_tainted);
        } else {
            self.save(&object, failed && (is_new || was_tainted));
        }
    }

    /// What is stored comes back as what it was.
    fn hold_stable(&self, saved: &Prior, upgraded: &Prior) {
        if !saved.object.state.same_as(&upgraded.object.state, &self.shape.ty) {
            self.broken(&"UpgradeResourceState: what was just stored comes back as another object");
        }
    }

    /// A plan made again comes to the same end, or finds nothing left to do.
    fn hold_consistent(&self, action: Action, first: &Value, again: &Outcome) {
        let expected = if action == Action::Replace { Action::Create } else { action };
        let is_settled = expected == Action::Update && again.action == Action::NoOp;
        if again.action != expected && !is_settled {
            let again = again.action;
            self.broken(&format!(
                "ConsistentFinalPlan: the plan was to {expected:?}, and is to {again:?} now"
            ));
        }
        self.hold(compatible(&self.shape.body, first, &again.planned.state));
    }
}

impl Applied {
    /// A step that did not get beyond its plan.
    fn failed(told: Told, stored: Option<Stored>) -> Self {
        Self { told, ..Self::new(Action::NoOp, Diagnostics::none(), stored) }
    }
}

/// What a failed apply does not know is stored as null.
fn without_unknowns(value: Value) -> Value {
    match value {
        Value::Unknown => Value::Null,
        Value::List(elements) => elements.into_iter().map(without_unknowns).collect(),
        Value::Map(entries) => {
            Value::map(entries.into_iter().map(|(name, entry)| (name, without_unknowns(entry))))
        }
        known => known,
    }
}
