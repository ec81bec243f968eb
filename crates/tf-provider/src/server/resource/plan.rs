//! `PlanResourceChange`: the changes that applying a configuration would make.
//!
//! Terraform proposes a state in which computed values are the stored ones.
//! The plan then follows, in this order: required values, defaults, no write-only
//! values, stored spellings, the resource's own hook, unknown marks, replacement.
//!
//! Source: Terraform, `docs/resource-instance-change-lifecycle.md`.

use super::super::Server;
use super::nested::{self, Sides, changes};
use super::validate::missing_values;
use super::{Object, without_write_only};
use crate::diagnostics::{Diagnostics, Result};
use crate::resource::{Draft, Request};
use crate::schema::{Schema, TIMEOUTS};
use crate::value::{Path, Value};

/// The values to plan from. A null proposal is a plan to destroy.
#[derive(Debug)]
pub(crate) struct PlanRequest {
    /// The stored object; a null state is none.
    pub(crate) prior: Object,
    /// The configuration, with the stored values where the provider decides.
    pub(crate) proposed: Value,
    /// The configuration as it is written, with write-only values.
    pub(crate) config: Value,
}

/// A plan.
#[derive(Debug)]
pub(crate) struct Planned {
    /// The planned state, and the private data that the apply is given.
    pub(crate) object: Object,
    /// The attributes whose change replaces the object.
    pub(crate) requires_replace: Vec<Path>,
    pub(crate) diagnostics: Diagnostics,
}

impl Server {
    /// Plans a change. A plan to destroy is null, calls no hook, and keeps the private data.
    pub(crate) async fn plan_resource(
        &self,
        type_name: &str,
        request: PlanRequest,
    ) -> Result<Planned> {
        let PlanRequest { prior, proposed, config } = request;
        if proposed.is_null() {
            let object = Object { state: Value::Null, private: prior.private };
            return Ok(Planned {
                object,
                requires_replace: Vec::new(),
                diagnostics: Diagnostics::none(),
            });
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
            diagnostics: reply.warnings,
        })
    }
}

/// Terraform's proposal with defaults, without write-only values, and in the
/// stored spelling where only the spelling differs.
fn propose(schema: &Schema, prior: &Value, config: &Value, mut planned: Value) -> Value {
    nested::propose(schema.body(), &mut Sides { prior, config, planned: &mut planned });
    without_write_only(schema, &mut planned);
    planned
}

/// Marks the values that the apply will find out: every computed value of a new object,
/// and of one that changes those that an update can change.
fn mark_unknown(schema: &Schema, draft: &mut Draft) {
    let Draft { prior, config, planned, decided, touched } = draft;
    let changes = prior.is_null() || *touched || differs(schema, prior, planned);
    nested::mark_unknown(schema.body(), &mut Sides { prior, config, planned }, changes, decided);
}

/// Returns true if anything differs that the service would see.
pub(super) fn differs(schema: &Schema, prior: &Value, planned: &Value) -> bool {
    let mut attributes = schema.all_attributes().iter().filter(|each| !each.is_local());
    let mut blocks = schema.all_blocks().iter().filter(|each| each.name() != TIMEOUTS);
    attributes.any(|each| changes(prior, planned, each.name(), each.ty()))
        || blocks.any(|each| changes(prior, planned, each.name(), &each.ty()))
}

/// The attributes whose change replaces the object.
fn replacements(schema: &Schema, draft: &Draft) -> Vec<Path> {
    match draft.prior.is_null() {
        true => Vec::new(),
        false => nested::replacements(schema.body(), &draft.prior, &draft.planned, &Path::root()),
    }
}
