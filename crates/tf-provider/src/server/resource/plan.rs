//! `PlanResourceChange`: what applying this configuration would do.
//!
//! Terraform proposes a state in which computed values are the stored ones.
//! The plan then follows, in this order: required values, defaults, no write-only
//! values, stored spellings, the resource's own hook, unknown marks, replacement.
//!
//! Source: Terraform, `docs/resource-instance-change-lifecycle.md`.

use super::super::Server;
use super::validate::missing_values;
use super::{Object, without_write_only};
use crate::diagnostics::{Diagnostics, Result};
use crate::resource::{Draft, Request};
use crate::schema::{Schema, TIMEOUTS};
use crate::value::{Path, Type, Value};

/// What Terraform asks a plan for. A null proposal is a plan to destroy.
#[derive(Debug)]
pub(crate) struct PlanRequest {
    pub(crate) prior: Object,
    pub(crate) proposed: Value,
    pub(crate) config: Value,
}

/// What is planned.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) object: Object,
    pub(crate) requires_replace: Vec<Path>,
    pub(crate) told: Diagnostics,
}

impl Server {
    pub(crate) async fn plan_resource(
        &self,
        type_name: &str,
        request: PlanRequest,
    ) -> Result<Planned> {
        let PlanRequest { prior, proposed, config } = request;
        if proposed.is_null() {
            let object = Object { state: Value::Null, private: prior.private };
            return Ok(Planned { object, requires_replace: Vec::new(), told: Diagnostics::none() });
        }
        let handlers = self.handlers(type_name)?;
        let schema = handlers.schema();
        let missing = missing_values(schema, &config);
        if missing.has_errors() {
            return Err(missing);
        }
        let planned = propose(schema, &prior.state, &config, proposed);
        let draft = Draft {
            prior: prior.state,
            config,
            planned,
            decided: std::collections::BTreeSet::new(),
            touched: false,
        };
        let call = Request { call: self.call(None)?, private: prior.private };
        let reply = handlers.plan(call, draft).await;
        let mut draft = reply.outcome?;
        mark_unknown(schema, &mut draft);
        Ok(Planned {
            requires_replace: replacements(schema, &draft),
            object: Object { state: draft.planned, private: reply.private },
            told: reply.warnings,
        })
    }
}

/// Terraform's proposal with defaults, without write-only values, and in the
/// stored spelling where only the spelling differs.
fn propose(schema: &Schema, prior: &Value, config: &Value, mut planned: Value) -> Value {
    for attribute in schema.all_attributes() {
        let name = attribute.name();
        let Some(slot) = planned.get_mut(name) else { continue };
        if is_unset(config, name)
            && let Some(default) = attribute.default_value()
        {
            *slot = default.clone();
        }
        if let Some(stored) = prior.get(name)
            && attribute.means_the_same(stored, slot)
        {
            *slot = stored.clone();
        }
    }
    without_write_only(schema, &mut planned);
    planned
}

/// Marks what the apply will find out: every computed value of a new object,
/// and of one that changes those that an update can move.
fn mark_unknown(schema: &Schema, draft: &mut Draft) {
    let is_new = draft.prior.is_null();
    let changes = is_new || draft.touched || differs(schema, &draft.prior, &draft.planned);
    for attribute in schema.all_attributes() {
        let name = attribute.name();
        let computed = attribute.is_computed()
            && attribute.default_value().is_none()
            && is_unset(&draft.config, name)
            && !draft.decided.contains(name);
        let Some(slot) = draft.planned.get_mut(name) else { continue };
        if computed && (is_new || changes && !attribute.is_stable()) {
            *slot = Value::Unknown;
        }
    }
}

/// Whether anything differs that the service would see.
pub(super) fn differs(schema: &Schema, prior: &Value, planned: &Value) -> bool {
    let mut attributes = schema.all_attributes().iter().filter(|each| !each.is_local());
    let mut blocks = schema.all_blocks().iter().filter(|each| each.name() != TIMEOUTS);
    attributes.any(|each| changes(prior, planned, each.name(), each.ty()))
        || blocks.any(|each| changes(prior, planned, each.name(), &each.ty()))
}

/// The attributes whose change makes the object another one.
fn replacements(schema: &Schema, draft: &Draft) -> Vec<Path> {
    if draft.prior.is_null() {
        return Vec::new();
    }
    let replacing = schema.all_attributes().iter().filter(|each| each.replaces());
    replacing
        .filter(|each| changes(&draft.prior, &draft.planned, each.name(), each.ty()))
        .map(|each| Path::from(each.name()))
        .collect()
}

/// Whether Terraform would call the two values of that name different.
fn changes(prior: &Value, planned: &Value, name: &str, ty: &Type) -> bool {
    let [prior, planned] = [prior, planned].map(|side| side.get(name).unwrap_or(&Value::Null));
    !prior.same_as(planned, ty)
}

fn is_unset(config: &Value, name: &str) -> bool {
    config.get(name).is_none_or(Value::is_null)
}
