//! The form of plans: what is configured stays, and the provider decides only what is left
//! to it.
//!
//! Source: Terraform, `plans/objchange.AssertPlanValid`.

use super::{BrokenRule, Place, RuleResult, field};
use crate::proto::client::{Attribute, Body, Nested};
use crate::schema::Nesting;
use crate::value::{Path, Value};

const RULE: &str = "AssertPlanValid";

/// The three values of one place.
#[derive(Clone, Copy)]
struct Sides<'a> {
    prior: &'a Value,
    config: &'a Value,
    planned: &'a Value,
}

/// Checks a plan by the stored object, null for none, and the configuration.
pub(in crate::testing) fn plan_valid(
    body: &Body,
    prior: &Value,
    config: &Value,
    planned: &Value,
) -> RuleResult {
    object(body, Sides { prior, config, planned }, &Path::root())
}

impl<'a> Sides<'a> {
    fn field(self, name: &str) -> Self {
        let [prior, config, planned] =
            [self.prior, self.config, self.planned].map(|side| field(side, name));
        Self { prior, config, planned }
    }

    fn element(self, index: usize) -> Self {
        let [prior, config, planned] = [self.prior, self.config, self.planned].map(|side| {
            side.as_list().and_then(|elements| elements.get(index)).unwrap_or(&Value::Null)
        });
        Self { prior, config, planned }
    }

    fn broken(self, at: &Path, reason: &'static str, place: Place<'_>) -> RuleResult {
        Err(BrokenRule::new(RULE, at.clone(), reason)
            .side("stored", self.prior, place)
            .side("configured", self.config, place)
            .side("planned", self.planned, place))
    }
}

fn object(body: &Body, sides: Sides<'_>, at: &Path) -> RuleResult {
    let Sides { config, planned, .. } = sides;
    if planned.is_unknown() {
        return sides.broken(at, "a whole object is planned as unknown", Place::Block);
    }
    if config.is_null() != planned.is_null() {
        return sides.broken(at, "an object appears or vanishes", Place::Block);
    }
    if planned.is_null() {
        return Ok(());
    }
    for each in &body.attributes {
        attribute(each, sides.field(&each.name), &at.clone().attribute(&each.name))?;
    }
    for each in &body.blocks {
        block(each, sides.field(&each.name), &at.clone().attribute(&each.name))?;
    }
    Ok(())
}

/// A planned value is the configured one, or the stored one if both are set, which keeps a
/// spelling. The provider decides what is computed and not configured.
fn attribute(attribute: &Attribute, sides: Sides<'_>, at: &Path) -> RuleResult {
    let Sides { prior, config, planned } = sides;
    let place = Place::Attribute(attribute);
    if attribute.write_only {
        return match planned.is_null() {
            true => Ok(()),
            false => sides.broken(at, "a write-only value is planned", place),
        };
    }
    let keeps_spelling =
        !prior.is_null() && !config.is_null() && planned.same_as(prior, &attribute.ty);
    let is_the_providers = attribute.computed && config.is_null();
    if planned.same_as(config, &attribute.ty) || keeps_spelling || is_the_providers {
        return Ok(());
    }
    sides.broken(at, "what is planned is neither configured nor stored", place)
}

/// Blocks are those configured, element by element; those of a set are not compared.
fn block(block: &Nested, sides: Sides<'_>, at: &Path) -> RuleResult {
    let Sides { config, planned, .. } = sides;
    if block.nesting == Nesting::Single && !config.is_unknown() {
        return object(&block.body, sides, at);
    }
    if planned.is_null() {
        return sides.broken(at, "no blocks are an empty collection, not null", Place::Block);
    }
    if planned.is_unknown() || config.is_unknown() {
        if planned.is_unknown() && config.is_unknown() {
            return Ok(());
        }
        return sides.broken(at, "blocks are unknown on one side only", Place::Block);
    }
    let [configured, elements] = [config, planned].map(|side| side.as_list().unwrap_or_default());
    if block.nesting == Nesting::Set {
        // Elements of sets have no identity, so Terraform trusts the provider here.
        return match elements.iter().any(Value::is_unknown) {
            false => Ok(()),
            true => sides.broken(at, "a block of a set is unknown", Place::Block),
        };
    }
    if configured.len() != elements.len() {
        return sides.broken(at, "the number of blocks differs", Place::Block);
    }
    (0_i64..).zip(0..elements.len()).try_for_each(|(step, index)| {
        object(&block.body, sides.element(index), &at.clone().index(step))
    })
}
