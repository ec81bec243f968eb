//! The outcome of a plan: what was known stays, what was unknown becomes anything of its
//! type.
//!
//! The rule applies twice: between the plan and the plan that is made again before the
//! apply, and between that one and the result of the apply.
//!
//! Source: Terraform, `plans/objchange.AssertObjectCompatible`.

use super::{BrokenRule, Place, RuleResult, field};
use crate::proto::client::{Attribute, Body, Nested};
use crate::schema::Nesting;
use crate::value::{Path, Type, Value};

const RULE: &str = "AssertObjectCompatible";

/// Checks the outcome of a plan by the plan. Null objects are no objects.
pub(in crate::testing) fn compatible(body: &Body, planned: &Value, actual: &Value) -> RuleResult {
    object(body, planned, actual, &Path::root())
}

fn broken(
    at: &Path,
    reason: &'static str,
    planned: &Value,
    actual: &Value,
    place: Place<'_>,
) -> RuleResult {
    let broken = BrokenRule::new(RULE, at.clone(), reason);
    Err(broken.side("planned", planned, place).side("found", actual, place))
}

fn object(body: &Body, planned: &Value, actual: &Value, at: &Path) -> RuleResult {
    if planned.is_unknown() {
        return Ok(());
    }
    if planned.is_null() != actual.is_null() {
        let reason = match planned.is_null() {
            true => "an object is there that was planned to be absent",
            false => "an object is absent that was planned to be there",
        };
        return broken(at, reason, planned, actual, Place::Block);
    }
    if planned.is_null() {
        return Ok(());
    }
    for each in &body.attributes {
        let [planned, actual] = [planned, actual].map(|side| field(side, &each.name));
        attribute(each, planned, actual, &at.clone().attribute(&each.name))?;
    }
    for each in &body.blocks {
        let [planned, actual] = [planned, actual].map(|side| field(side, &each.name));
        block(each, planned, actual, &at.clone().attribute(&each.name))?;
    }
    Ok(())
}

fn attribute(attribute: &Attribute, planned: &Value, actual: &Value, at: &Path) -> RuleResult {
    if may_become(planned, actual, &attribute.ty) {
        return Ok(());
    }
    broken(at, "a planned value became another one", planned, actual, Place::Attribute(attribute))
}

/// Returns true if a planned value may turn out to be `actual`.
fn may_become(planned: &Value, actual: &Value, ty: &Type) -> bool {
    match (planned, actual, ty) {
        (planned, ..) if planned.is_unknown() => true,
        (Value::List(planned), Value::List(actual), Type::List(element)) => {
            planned.len() == actual.len()
                && planned.iter().zip(actual).all(|(one, other)| may_become(one, other, element))
        }
        (Value::List(planned), Value::List(actual), Type::Tuple(elements)) => {
            let mut sides = planned.iter().zip(actual).zip(elements);
            planned.len() == actual.len()
                && sides.all(|((one, other), element)| may_become(one, other, element))
        }
        (Value::List(planned), Value::List(actual), Type::Set(element)) => {
            correlate(planned, actual, |one, other| may_become(one, other, element))
        }
        (Value::Map(planned), Value::Map(actual), Type::Map(element)) => {
            planned.keys().eq(actual.keys())
                && planned.iter().all(|(key, one)| may_become(one, &actual[key], element))
        }
        (Value::Map(_), Value::Map(_), Type::Object(attributes)) => attributes
            .iter()
            .all(|(name, ty)| may_become(field(planned, name), field(actual, name), ty)),
        (planned, actual, ty) => planned.same_as(actual, ty),
    }
}

/// Returns true if each element of one set can stand for one of the other. What was not
/// known yet may turn out equal, so a set may shrink; it never grows.
fn correlate(
    planned: &[Value],
    actual: &[Value],
    stands_for: impl Fn(&Value, &Value) -> bool,
) -> bool {
    actual.len() <= planned.len()
        && planned.iter().all(|one| actual.iter().any(|other| stands_for(one, other)))
        && actual.iter().all(|other| planned.iter().any(|one| stands_for(one, other)))
}

/// Blocks are those planned, by position; those of a set, each by some other.
fn block(block: &Nested, planned: &Value, actual: &Value, at: &Path) -> RuleResult {
    let body = &block.body;
    match (block.nesting, planned, actual) {
        (_, Value::Unknown, _) => Ok(()),
        (Nesting::Single, planned, actual) => object(body, planned, actual, at),
        (Nesting::List, Value::List(before), Value::List(after)) if before.len() == after.len() => {
            let mut pairs = (0..).zip(before.iter().zip(after));
            pairs.try_for_each(|(index, (one, other))| {
                object(body, one, other, &at.clone().index(index))
            })
        }
        (Nesting::Set, Value::List(before), Value::List(after))
            if correlate(before, after, |one, other| object(body, one, other, at).is_ok()) =>
        {
            Ok(())
        }
        _ => broken(at, "the blocks are not those planned", planned, actual, Place::Block),
    }
}
