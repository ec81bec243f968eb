//! Between values and the structs of an author: reading, writing, and finding at the
//! start where a struct and its schema disagree.
//!
//! Every error here is a defect of the provider, and is reported as one.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::diagnostics::{Diagnostic, Diagnostics, Result};
use crate::schema::Schema;
use crate::value::{ModelError, Value, model, msgpack};

/// Reads a model. Handlers see nothing unknown: a planned value that is not known yet
/// is null to them. A null attribute is absent, also for a model that flattens another
/// struct into itself.
pub(crate) fn decode<M: DeserializeOwned>(value: Value) -> Result<M> {
    let mut value = value.unknown_as_null();
    if let Some(attributes) = value.as_map_mut() {
        attributes.retain(|_, value| !value.is_null());
    }
    model::from_value(&value).map_err(unfit)
}

/// Writes a model.
pub(crate) fn encode<M: Serialize>(model: &M) -> Result<Value> {
    model::to_value(model).map_err(unfit)
}

/// An error that is a defect of the provider.
pub(crate) fn defect(detail: impl Into<String>) -> Diagnostic {
    Diagnostic::error("This is a bug in the provider").detail(detail)
}

fn unfit(error: ModelError) -> Diagnostics {
    defect(format!("The values do not fit the model: {error}.")).into()
}

/// Describes the first thing that is wrong between a schema and a model.
///
/// Also runs every check of the schema, and panics where one looks at an attribute that
/// the schema does not have.
pub(crate) fn disagreement<M>(schema: &Schema) -> Option<String>
where
    M: Serialize + DeserializeOwned,
{
    if let Some(fault) = schema.beyond_plan() {
        return Some(fault);
    }
    schema.try_checks();
    let example = schema.example();
    let model: M = match model::from_value(&example) {
        Ok(model) => model,
        Err(error) => return Some(format!("the model cannot hold the schema's values: {error}")),
    };
    let encoded = model::to_value(&model)
        .map_err(|error| error.to_string())
        .and_then(|value| msgpack::encode(&value, &schema.ty()).map_err(|error| error.to_string()));
    encoded.err().map(|error| format!("the schema cannot hold the model's values: {error}"))
}
