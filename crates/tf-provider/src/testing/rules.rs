//! The rules by which Terraform checks every response of a provider.
//!
//! They work on values and on the schema as the provider sent it. A [`BrokenRule`] hides
//! the values that the schema calls sensitive. The rules must not know how requests are
//! sent, nor what the framework does to follow them: they are there to find its mistakes.
//!
//! Source: Terraform, `docs/resource-instance-change-lifecycle.md`, and the
//! behaviour of its packages `plans/objchange` and `configs/configschema`.

pub(super) mod compatible;
pub(super) mod planned;
pub(super) mod proposed;
pub(super) mod replaced;
pub(super) mod schema;
pub(super) mod stored;
#[cfg(test)]
mod tests;

use std::fmt;

use crate::proto::client::Attribute;
use crate::value::{Path, Value};

/// A rule that a response breaks, with the place and the values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BrokenRule {
    rule: &'static str,
    path: Path,
    reason: &'static str,
    /// The name of each side of the comparison, with its value as shown.
    sides: Vec<(&'static str, String)>,
}

/// The result of checking a response by a rule.
pub(super) type RuleResult = Result<(), BrokenRule>;

impl BrokenRule {
    fn new(rule: &'static str, path: Path, reason: &'static str) -> Self {
        Self { rule, path, reason, sides: Vec::new() }
    }

    /// Adds a value, shown as `place` allows.
    fn side(mut self, label: &'static str, value: &Value, place: Place<'_>) -> Self {
        self.sides.push((label, place.show(value)));
        self
    }
}

impl fmt::Display for BrokenRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.rule)?;
        if !self.path.is_root() {
            write!(f, " at `{}`", self.path)?;
        }
        write!(f, ": {}", self.reason)?;
        for (label, value) in &self.sides {
            write!(f, "\n  {label}: {value}")?;
        }
        Ok(())
    }
}

/// The place of a value, which decides how much of it may be shown.
#[derive(Clone, Copy)]
enum Place<'a> {
    Attribute(&'a Attribute),
    /// A block may hold anything, so only its shape is shown.
    Block,
}

impl Place<'_> {
    fn show(self, value: &Value) -> String {
        match self {
            Self::Attribute(attribute) if attribute.sensitive || attribute.write_only => {
                match value {
                    Value::Null | Value::Unknown => value.reveal().to_string(),
                    _ => "(sensitive value)".to_owned(),
                }
            }
            Self::Attribute(_) => value.reveal().to_string(),
            Self::Block => value.to_string(),
        }
    }
}

/// The attribute or block of that name; null where the value has none.
fn field<'a>(value: &'a Value, name: &str) -> &'a Value {
    value.get(name).unwrap_or(&Value::Null)
}
