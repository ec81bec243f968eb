//! The form of stored objects: everything known, nothing write-only, and no block that is
//! null where an empty collection belongs.

use super::{BrokenRule, Place, RuleResult, field};
use crate::proto::client::Body;
use crate::schema::Nesting;
use crate::value::{Path, Value};

/// The treatment of values that are not known yet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::testing) enum Unknowns {
    /// In plans.
    Allowed,
    /// In everything that is stored.
    Refused,
}

/// Checks a state or a plan by its schema. A null object is no object.
pub(in crate::testing) fn whole(body: &Body, value: &Value, unknowns: Unknowns) -> RuleResult {
    if value.is_null() {
        return Ok(());
    }
    object(body, value, unknowns, &Path::root())
}

fn object(body: &Body, value: &Value, unknowns: Unknowns, at: &Path) -> RuleResult {
    if value.is_unknown() {
        let broken = BrokenRule::new("WhollyKnown", at.clone(), "an object is not known");
        return Err(broken.side("found", value, Place::Block));
    }
    for attribute in &body.attributes {
        let found = field(value, &attribute.name);
        let broken = |rule, reason| {
            BrokenRule::new(rule, at.clone().attribute(&attribute.name), reason)
                .side("expected", &Value::Null, Place::Attribute(attribute))
                .side("found", found, Place::Attribute(attribute))
        };
        if attribute.write_only && !found.is_null() {
            return Err(broken("WriteOnlyNull", "a write-only value is stored"));
        }
        if unknowns == Unknowns::Refused && !found.is_wholly_known() {
            return Err(broken("WhollyKnown", "a value is stored that is not known"));
        }
    }
    for block in &body.blocks {
        let found = field(value, &block.name);
        let at = at.clone().attribute(&block.name);
        match (block.nesting, found) {
            (Nesting::Single, Value::Null) => {}
            (_, Value::Unknown) if unknowns == Unknowns::Allowed => {}
            (Nesting::Single, found) => object(&block.body, found, unknowns, &at)?,
            (Nesting::List, Value::List(elements)) => {
                for (index, element) in (0..).zip(elements) {
                    object(&block.body, element, unknowns, &at.clone().index(index))?;
                }
            }
            (Nesting::Set, Value::List(elements)) => {
                elements.iter().try_for_each(|each| object(&block.body, each, unknowns, &at))?;
            }
            (Nesting::List | Nesting::Set, found) => {
                let reason = "no blocks are an empty collection, not null and not unknown";
                let broken = BrokenRule::new("BlocksNotNull", at, reason).side(
                    "expected",
                    &block.absent(),
                    Place::Block,
                );
                return Err(broken.side("found", found, Place::Block));
            }
        }
    }
    Ok(())
}
