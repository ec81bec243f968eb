//! The life of a resource, one file for each request of Terraform.

pub(crate) mod apply;
mod import;
mod nested;
pub(crate) mod plan;
mod read;
mod upgrade;
pub(crate) mod validate;

use crate::diagnostics::Diagnostics;
use crate::schema::{Block, Body, Nesting, Schema};
use crate::value::Value;

/// An object as Terraform stores it. A null state is no object.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) state: Value,
    pub(crate) private: Vec<u8>,
}

/// The object that Terraform is to store, and the diagnostics for the user.
#[derive(Debug)]
pub(crate) struct StoredObject {
    pub(crate) object: Object,
    pub(crate) diagnostics: Diagnostics,
}

/// Completes the values of a handler to a whole state.
///
/// Write-only values are null. What the model leaves out is as in `base`, and where two
/// spellings mean the same, the one in `base` stays.
pub(super) fn complete(schema: &Schema, given: &Value, base: &Value) -> Value {
    complete_body(schema.body(), given, base)
}

fn complete_body(body: &Body, given: &Value, base: &Value) -> Value {
    let mut state = body.empty();
    for block in body.blocks() {
        if let Some(slot) = state.get_mut(block.name()) {
            *slot = complete_block(block, given.get(block.name()), base.get(block.name()));
        }
    }
    for attribute in body.attributes().iter().filter(|each| !each.is_write_only()) {
        let kept = base.get(attribute.name()).filter(|kept| kept.is_wholly_known());
        let chosen = match given.get(attribute.name()) {
            None => kept,
            Some(new) => kept.filter(|kept| attribute.means_the_same(kept, new)).or(Some(new)),
        };
        if let (Some(slot), Some(chosen)) = (state.get_mut(attribute.name()), chosen) {
            *slot = chosen.clone();
        }
    }
    state
}

/// The blocks of one name. Those of a list are the same by their position; those of a set
/// are as given.
fn complete_block(block: &Block, given: Option<&Value>, base: Option<&Value>) -> Value {
    let one = |given: Option<&Value>, base: Option<&Value>| {
        let [given, base] = [given, base].map(|side| side.unwrap_or(&Value::Null));
        complete_body(block.body(), given, base)
    };
    match given.or(base) {
        Some(Value::Map(_)) if block.nesting() == Nesting::Single => one(given, base),
        Some(Value::List(many)) if block.nesting() != Nesting::Single => {
            let base = base.filter(|_| given.is_none() || block.nesting() == Nesting::List);
            let [given, base] = [given, base].map(|side| side.and_then(Value::as_list));
            let each = |index: usize| {
                let [given, base] = [given, base].map(|side| side.and_then(|it| it.get(index)));
                one(given, base)
            };
            (0..many.len()).map(each).collect()
        }
        None | Some(Value::Null) => block.absent(),
        Some(other) => other.clone(),
    }
}

/// Takes what must not be stored out of a value that has the whole shape.
fn without_write_only(schema: &Schema, value: &mut Value) {
    for attribute in schema.all_attributes().iter().filter(|each| each.is_write_only()) {
        if let Some(slot) = value.get_mut(attribute.name()) {
            *slot = Value::Null;
        }
    }
}
