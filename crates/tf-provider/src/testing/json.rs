//! Values as a test writes and reads them: JSON, with a mark for what is not
//! known yet.
//!
//! Configuration is checked by the schema here, as Terraform does before it sends a request,
//! and errors are diagnostics.

#[cfg(test)]
mod tests;

use serde_json::{Value as Json, json};

use crate::diagnostics::{Diagnostic, Diagnostics, Result};
use crate::proto::client::{Attribute, Body, Nested};
use crate::schema::Nesting;
use crate::value::{Path, Step, Type, Value, json};

const MARK: &str = "$unknown";

/// A mark for a value that is not known before the apply, in a configuration and in a
/// [`Plan`](super::Plan).
#[must_use]
pub fn unknown() -> Json {
    json!({ MARK: true })
}

fn is_unknown(written: &Json) -> bool {
    written.get(MARK).is_some()
}

/// A configuration as it is sent: complete, and of the schema's types.
pub(super) fn configuration(body: &Body, written: &Json) -> Result<Value> {
    let mut reader = Reader { errors: Diagnostics::none() };
    let value = reader.object(body, written, &Path::root());
    if reader.errors.has_errors() { Err(reader.errors) } else { Ok(value) }
}

/// A value for a test to look at.
pub(super) fn shown(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Unknown => unknown(),
        Value::Bool(yes) => Json::Bool(*yes),
        // Infinities, and what JSON's own numbers cannot hold, are text.
        Value::Number(number) => serde_json::from_str(&number.to_string())
            .unwrap_or_else(|_| Json::String(number.to_string())),
        Value::String(text) => Json::String(text.clone()),
        Value::List(elements) => elements.iter().map(shown).collect(),
        Value::Map(entries) => {
            entries.iter().map(|(name, entry)| (name.clone(), shown(entry))).collect()
        }
        Value::Dynamic(typed) => shown(&typed.value),
    }
}

/// Reads a configuration and collects errors.
struct Reader {
    errors: Diagnostics,
}

impl Reader {
    fn object(&mut self, body: &Body, written: &Json, at: &Path) -> Value {
        let Json::Object(entries) = written else {
            self.report("Incorrect block", "A block is an object.", at);
            return Value::Null;
        };
        for name in entries.keys() {
            let is_known = body.attributes.iter().any(|each| each.name == *name)
                || body.blocks.iter().any(|each| each.name == *name);
            if !is_known {
                let detail = format!("Nothing named `{name}` is expected here.");
                self.report("Unsupported argument", &detail, &at.clone().attribute(name));
            }
        }
        let entry = |name: &str| entries.get(name).unwrap_or(&Json::Null);
        let mut value = body.empty();
        for attribute in &body.attributes {
            let at = at.clone().attribute(&attribute.name);
            let read = self.attribute(attribute, entry(&attribute.name), &at);
            set(&mut value, &attribute.name, read);
        }
        for block in &body.blocks {
            let at = at.clone().attribute(&block.name);
            let read = self.block(block, entry(&block.name), &at);
            set(&mut value, &block.name, read);
        }
        value
    }

    fn attribute(&mut self, attribute: &Attribute, written: &Json, at: &Path) -> Value {
        let name = &attribute.name;
        if written.is_null() {
            if attribute.required {
                let detail = format!("The argument `{name}` is required, but is not given.");
                self.report("Missing required argument", &detail, at);
            }
            return Value::Null;
        }
        self.value(&attribute.ty, written, at)
    }

    fn block(&mut self, block: &Nested, written: &Json, at: &Path) -> Value {
        let body = &block.body;
        match (block.nesting, written) {
            (_, Json::Null) => block.absent(),
            (_, written) if is_unknown(written) => Value::Unknown,
            (Nesting::Single, written) => self.object(body, written, at),
            (Nesting::List, Json::Array(blocks)) => (0..)
                .zip(blocks)
                .map(|(index, each)| self.object(body, each, &at.clone().index(index)))
                .collect(),
            (Nesting::Set, Json::Array(blocks)) => {
                blocks.iter().map(|each| self.object(body, each, at)).collect()
            }
            (Nesting::List | Nesting::Set, one) => Value::list([self.object(body, one, at)]),
        }
    }

    /// A value with nothing unknown in it is read as stored JSON is. Only containers have to
    /// be opened to find the marks.
    fn value(&mut self, ty: &Type, written: &Json, at: &Path) -> Value {
        match (ty, written) {
            (_, written) if is_unknown(written) => Value::Unknown,
            (Type::List(element), Json::Array(elements)) => {
                let numbered = (0..).zip(elements);
                let read = numbered.map(|(index, each)| {
                    self.value(element, each, &at.clone().step(Step::Index(index)))
                });
                read.collect()
            }
            (Type::Set(element), Json::Array(elements)) => {
                elements.iter().map(|each| self.value(element, each, at)).collect()
            }
            (Type::Map(element), Json::Object(entries)) => {
                let read = entries.iter().map(|(key, each)| {
                    (key.clone(), self.value(element, each, &at.clone().key(key)))
                });
                Value::Map(read.collect())
            }
            (ty, written) => self.known(ty, written, at),
        }
    }

    fn known(&mut self, ty: &Type, written: &Json, at: &Path) -> Value {
        let read = json::decode_strict(written.to_string().as_bytes(), ty);
        read.unwrap_or_else(|error| {
            self.report("Incorrect attribute value type", &format!("{error}."), at);
            Value::Null
        })
    }

    fn report(&mut self, summary: &str, detail: &str, at: &Path) {
        self.errors.push(Diagnostic::error(summary).detail(detail).at(at.clone()));
    }
}

fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(slot) = object.get_mut(name) {
        *slot = value;
    }
}
