//! The rules that Terraform holds every answer of a provider against.
//!
//! They work on values and on the schema as the provider sent it. Each says no
//! with a [`Broken`], which hides what the schema calls sensitive. They must not
//! know how a provider is asked, nor what the framework does to follow them: a
//! mistake there is what they are for.
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

/// An answer that Terraform would not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Broken {
    rule: &'static str,
    path: Path,
    reason: &'static str,
    /// What each side of the comparison is called, and its value as shown.
    sides: Vec<(&'static str, String)>,
}

/// What holding an answer against a rule ends with.
pub(super) type Held = Result<(), Broken>;

impl Broken {
    fn new(rule: &'static str, path: Path, reason: &'static str) -> Self {
        Self { rule, path, reason, sides: Vec::new() }
    }

    /// Adds a value, shown as `place` allows.
    fn side(mut self, label: &'static str, value: &Value, place: Place<'_>) -> Self {
        self.sides.push((label, place.show(value)));
        self
    }
}

impl fmt::Display for Broken {
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

/// What a value is, and so how much of it may be shown.
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
