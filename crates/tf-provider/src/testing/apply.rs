//! Applying: a plan is made again with what is known by now, compared with the first one,
//! and carried out.

use serde_json::Value as Json;

use super::instance::{Instance, Prior};
use super::json;
use super::outcome::{Action, Applied};
use super::plan::{Outcome, Plan};
use super::rules::compatible::compatible;
use super::rules::stored::{Unknowns, whole};
use crate::diagnostics::{Diagnostics, Result};
use crate::server::{ApplyRequest, Object, PlanRequest, StoredObject};
use crate::value::Value;

fn no_object() -> Object {
    Object { state: Value::Null, private: Vec::new() }
}

impl Instance<'_> {
    /// The apply walk of one instance.
    pub(super) async fn apply(&self, plan: Plan, written: &Json) -> Applied {
        let (mut diagnostics, outcome) = plan.into_parts();
        let Some(outcome) = outcome else { return self.applied(Action::NoOp, diagnostics) };
        let action = outcome.action;
        // The result of the refresh is stored, whatever comes of the change.
        self.save(&outcome.prior.object, outcome.prior.tainted);
        if let Err(errors) = self.carry_out(outcome, written, &mut diagnostics).await {
            diagnostics.extend(errors);
        }
        self.applied(action, diagnostics)
    }

    /// Plans again from the stored object, because Terraform does so in the apply, and
    /// applies that plan. A replacement is a delete and then a create, each with the private
    /// data of the plan.
    async fn carry_out(
        &self,
        outcome: Outcome,
        written: &Json,
        diagnostics: &mut Diagnostics,
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
        self.check_stable(&outcome.prior, &prior);
        if action == Action::Replace {
            self.delete(prior.object, private, diagnostics).await?;
            prior = Prior { object: no_object(), tainted: false };
        }
        let from = prior.object.clone();
        let again = self.plan_from(prior, &config, diagnostics).await?;
        self.check_consistent(action, &first, &again);
        if again.action == Action::NoOp {
            return Ok(());
        }
        let request = ApplyRequest { prior: from.state.clone(), planned: again.planned, config };
        let StoredObject { object, diagnostics: new } = self.request_apply(&request).await;
        let failed = new.has_errors();
        diagnostics.extend(new);
        if !failed {
            self.check(compatible(&self.shape.body, &request.planned.state, &object.state));
        }
        self.save_outcome(object, from, failed);
        Ok(())
    }

    /// Refreshes and destroys.
    pub(super) async fn destroy(&self) -> Applied {
        let (refreshed, mut diagnostics) = self.refreshed().await;
        let prior = match refreshed {
            Ok(prior) => prior.object,
            Err(errors) => {
                diagnostics.extend(errors);
                return self.applied(Action::Delete, diagnostics);
            }
        };
        if prior.state.is_null() {
            self.core.forget(self.address);
            return self.applied(Action::NoOp, diagnostics);
        }
        if let Err(errors) = self.plan_and_delete(prior, &mut diagnostics).await {
            diagnostics.extend(errors);
        }
        self.applied(Action::Delete, diagnostics)
    }

    /// Plans to destroy, which has to come to nothing, and deletes with the private data of
    /// that plan.
    async fn plan_and_delete(&self, prior: Object, diagnostics: &mut Diagnostics) -> Result<()> {
        let request =
            PlanRequest { prior: prior.clone(), proposed: Value::Null, config: Value::Null };
        let response = self.core.client().plan(self.type_name, &self.shape.ty, &request).await;
        let planned = self.received(response);
        if planned.diagnostics.has_errors() {
            return Err(planned.diagnostics);
        }
        diagnostics.extend(planned.diagnostics);
        if !planned.object.state.is_null() {
            self.fail(&"DestroyIsNull: a plan to destroy holds an object");
        }
        self.delete(prior, planned.object.private, diagnostics).await
    }

    /// One `ApplyResourceChange` that deletes.
    async fn delete(
        &self,
        prior: Object,
        private: Vec<u8>,
        diagnostics: &mut Diagnostics,
    ) -> Result<()> {
        let planned = Object { state: Value::Null, private };
        let request = ApplyRequest { prior: prior.state.clone(), planned, config: Value::Null };
        let StoredObject { object, diagnostics: new } = self.request_apply(&request).await;
        let failed = new.has_errors();
        if !failed && !object.state.is_null() {
            self.fail(&"DeleteIsNull: an object is left of one that was deleted");
        }
        self.save_outcome(object, prior, failed);
        if failed {
            return Err(new);
        }
        diagnostics.extend(new);
        Ok(())
    }

    /// One `ApplyResourceChange`, checked by the rules for stored objects.
    async fn request_apply(&self, request: &ApplyRequest) -> StoredObject {
        let response = self.core.client().apply(self.type_name, &self.shape.ty, request).await;
        let mut made = self.received(response);
        if made.diagnostics.has_errors() {
            made.object.state = without_unknowns(made.object.state);
        }
        self.check(whole(&self.shape.body, &made.object.state, Unknowns::Refused));
        made
    }

    /// Stores the result of an apply. If a failed provider returns no object, the one it
    /// began with stays; the object of a failed create is tainted.
    fn save_outcome(&self, object: Object, prior: Object, failed: bool) {
        let is_new = prior.state.is_null();
        let was_tainted = self.core.stored(self.address).is_some_and(|each| each.is_tainted());
        if failed && object.state.is_null() {
            self.save(&prior, was_tainted);
        } else {
            self.save(&object, failed && (is_new || was_tainted));
        }
    }

    /// The stored object comes back unchanged.
    fn check_stable(&self, saved: &Prior, upgraded: &Prior) {
        if !saved.object.state.same_as(&upgraded.object.state, &self.shape.ty) {
            self.fail(&"UpgradeResourceState: what was just stored comes back as another object");
        }
    }

    /// A plan made again comes to the same end, or finds nothing left to do.
    fn check_consistent(&self, action: Action, first: &Value, again: &Outcome) {
        let expected = if action == Action::Replace { Action::Create } else { action };
        let is_settled = expected == Action::Update && again.action == Action::NoOp;
        if again.action != expected && !is_settled {
            let again = again.action;
            self.fail(&format!(
                "ConsistentFinalPlan: the plan was to {expected:?}, and is to {again:?} now"
            ));
        }
        self.check(compatible(&self.shape.body, first, &again.planned.state));
    }
}

/// The result of a failed apply, in which unknown values are stored as null.
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
