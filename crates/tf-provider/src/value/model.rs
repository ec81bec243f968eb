//! The bridge between values and plain Rust structs.
//!
//! A resource describes its data with ordinary serde types; this turns them into
//! values and back. Both directions go by what serde's attributes say, so `rename`,
//! `default`, `transparent` and `skip_serializing_if` mean what they always do.
//!
//! Secrets pass through here, and the messages of serde and of hand-written
//! implementations quote what they refuse. Those messages are dropped: errors name
//! the place, what was expected and the kind of what was found. This file must not
//! know schemas: whether a model fits one is checked elsewhere.
//!
//! Specification: the data model of serde (`https://serde.rs/data-model.html`).

mod reader;
#[cfg(test)]
mod tests;
mod writer;

use serde::Serialize;
use serde::de::DeserializeOwned;

use self::reader::Reader;
use self::writer::Writer;
use super::{ModelError, Value};

/// Writes a model as a value, which is always wholly known.
///
/// `None` and unit are null, structs and maps are maps, sequences and tuples are
/// lists, unit variants of enums are text, and newtypes are what they wrap.
///
/// # Errors
///
/// If the model holds what no value can be: bytes, enum variants with data, maps
/// with keys that are no text, or a float that is not a number; or if one of its
/// `Serialize` implementations fails.
pub fn to_value<T: Serialize + ?Sized>(model: &T) -> Result<Value, ModelError> {
    model.serialize(Writer)
}

/// Reads a model from a value.
///
/// For a field of a struct, null is the same as absent: `None` for an `Option`, the
/// default of a `#[serde(default)]` field, an error for others. A field with
/// `deserialize_with` needs a `default` too, as serde does not ask it about absent
/// values. Attributes the model lacks are ignored unless it denies them. The fields
/// of a struct that has a `#[serde(flatten)]` field are read as entries of a map, in
/// which null is a value: there, only an `Option` takes it.
///
/// A value alone does not tell a set from a list, so errors inside a set count its
/// elements too.
///
/// # Errors
///
/// If something the model asks for is null, absent, not known yet, of another kind,
/// or out of its type's range; or if one of its `Deserialize` implementations
/// refuses the value.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, ModelError> {
    T::deserialize(Reader::new(value))
}
