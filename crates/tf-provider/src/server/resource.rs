//! The life of a resource, one file per question that Terraform asks.

pub(crate) mod apply;
mod import;
pub(crate) mod plan;
mod read;
mod upgrade;
pub(crate) mod validate;

use crate::diagnostics::Diagnostics;
use crate::schema::Schema;
use crate::value::Value;

/// An object as Terraform stores it. A null state is no object.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) state: Value,
    pub(crate) private: Vec<u8>,
}

/// What Terraform is to store, and what the user is to be told.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) object: Object,
    pub(crate) told: Diagnostics,
}

/// Makes a whole state of what a handler gave.
///
/// Write-only values are nowhere; what the model leaves out stays as in `base`;
/// where two spellings mean the same, the one in `base` stays.
pub(super) fn complete(schema: &Schema, given: &Value, base: &Value) -> Value {
    let mut state = schema.empty();
    for block in schema.all_blocks() {
        if let Some(slot) = state.get_mut(block.name())
            && let Some(kept) = given.get(block.name()).or_else(|| base.get(block.name()))
            && !kept.is_null()
        {
            *slot = kept.clone();
        }
    }
    for attribute in schema.all_attributes().iter().filter(|each| !each.is_write_only()) {
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

/// Takes what must not be stored out of a value that has the whole shape.
fn without_write_only(schema: &Schema, value: &mut Value) {
    for attribute in schema.all_attributes().iter().filter(|each| each.is_write_only()) {
        if let Some(slot) = value.get_mut(attribute.name()) {
            *slot = Value::Null;
        }
    }
}
