//! Strict reading of a JSON object, field by field.
//!
//! A message names the field at fault and the rule, never the value that was sent:
//! any value may hold a credential. This file knows no field by name.

use serde_json::{Map, Value};

use crate::error::Failure;

/// An object of a body whose fields are taken one by one.
#[derive(Debug)]
pub(crate) struct Fields {
    pointer: String,
    fields: Map<String, Value>,
}

impl Fields {
    /// An object that may have these fields and no others.
    pub(crate) fn of(
        pointer: &str,
        fields: Map<String, Value>,
        allowed: &[&str],
    ) -> Result<Self, Failure> {
        match fields.keys().find(|name| !allowed.contains(&name.as_str())) {
            Some(name) => {
                let pointer = format!("{pointer}/{name}");
                Err(Failure::malformed(&pointer, format!("There is no field '{name}' here.")))
            }
            None => Ok(Self { pointer: pointer.to_owned(), fields }),
        }
    }

    /// Takes a text, if there is one.
    pub(crate) fn string(&mut self, name: &str) -> Result<Option<String>, Failure> {
        match self.fields.remove(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.invalid(name, "must be a string")),
        }
    }

    /// Takes a text that must be there.
    pub(crate) fn require_string(&mut self, name: &str) -> Result<String, Failure> {
        self.string(name)?.ok_or_else(|| self.missing(name))
    }

    /// Takes an object, if there is one.
    pub(crate) fn object(&mut self, name: &str, allowed: &[&str]) -> Result<Option<Self>, Failure> {
        match self.fields.remove(name) {
            None => Ok(None),
            Some(Value::Object(fields)) => {
                Self::of(&format!("{}/{name}", self.pointer), fields, allowed).map(Some)
            }
            Some(_) => Err(self.invalid(name, "must be an object")),
        }
    }

    /// Takes an object that must be there.
    pub(crate) fn require_object(&mut self, name: &str, allowed: &[&str]) -> Result<Self, Failure> {
        self.object(name, allowed)?.ok_or_else(|| self.missing(name))
    }

    /// Refuses a field that can only have one value and has another.
    pub(crate) fn check_value(&self, name: &str, expected: &str) -> Result<(), Failure> {
        match self.fields.get(name) {
            Some(value) if value != expected => {
                Err(self.invalid(name, &format!("must be {expected}")))
            }
            _ => Ok(()),
        }
    }

    /// The fields that were not taken, by their pointers.
    pub(crate) fn rest(self) -> impl Iterator<Item = (String, Value)> {
        let pointer = self.pointer;
        self.fields.into_iter().map(move |(name, value)| (format!("{pointer}/{name}"), value))
    }

    /// The failure of a field that breaks a rule.
    pub(crate) fn invalid(&self, name: &str, rule: &str) -> Failure {
        let pointer = format!("{}/{name}", self.pointer);
        Failure::invalid(&pointer, format!("The field '{name}' {rule}."))
    }

    fn missing(&self, name: &str) -> Failure {
        self.invalid(name, "is required")
    }
}
