//! Walking a value along its type, to write it down.
//!
//! Common to both encodings are the values that a type takes, the canonical form, the types that travel with dynamic values, the depth limit and
//! the places of errors. This file must not know bytes: a [`Sink`] does.
//!
//! Specification: go-cty, `cty/msgpack/marshal.go` and `cty/json/marshal.go`, which
//! agree on all of this.

use std::collections::BTreeMap;

use super::{EncodeError, MAX_DEPTH, Number, Step, Type, Value, canonical};

/// An encoding: a receiver of one part of a value after the other.
pub(super) trait Sink {
    fn null(&mut self);
    /// Fails where the encoding has no form for a value that is not known.
    fn unknown(&mut self) -> Result<(), EncodeError>;
    fn bool(&mut self, yes: bool);
    /// Fails for numbers that the encoding cannot express.
    fn number(&mut self, number: &Number) -> Result<(), EncodeError>;
    fn string(&mut self, text: &str);
    /// `length` elements follow, each announced.
    fn begin_list(&mut self, length: usize);
    fn element(&mut self, position: usize);
    fn end_list(&mut self);
    /// `length` entries follow, each announced.
    fn begin_map(&mut self, length: usize);
    fn entry(&mut self, position: usize, key: &str);
    fn end_map(&mut self);
    /// A value that brings its type; `value` writes it.
    fn dynamic(
        &mut self,
        ty: &Type,
        value: impl FnOnce(&mut Self) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError>;
}

/// Writes `value`, taken as `ty`, `depth` levels below the root.
pub(super) fn write<S: Sink>(
    value: &Value,
    ty: &Type,
    sink: &mut S,
    depth: usize,
) -> Result<(), EncodeError> {
    if depth > MAX_DEPTH {
        return Err(EncodeError::too_deep());
    }
    match (value, ty) {
        (Value::Null, _) => sink.null(),
        (Value::Unknown, _) => sink.unknown()?,
        (Value::Dynamic(typed), Type::Dynamic) => {
            write_dynamic(&typed.value, &typed.ty, sink, depth)?;
        }
        (value, Type::Dynamic) => write_dynamic(value, &value.implied_type(), sink, depth)?,
        (Value::Dynamic(typed), ty) => write(&typed.value, ty, sink, depth + 1)?,
        (Value::Bool(yes), Type::Bool) => sink.bool(*yes),
        (Value::Number(number), Type::Number) => sink.number(number)?,
        (Value::String(text), Type::String) => sink.string(&canonical::text(text)),
        (Value::List(elements), Type::List(ty)) => {
            write_elements(elements.iter().map(|element| (element, &**ty)), sink, depth)?;
        }
        (Value::List(elements), Type::Set(ty)) => write_set(elements, ty, sink, depth)?,
        (Value::List(elements), Type::Tuple(types)) if elements.len() == types.len() => {
            write_elements(elements.iter().zip(types), sink, depth)?;
        }
        (Value::List(_), Type::Tuple(_)) => {
            return Err(EncodeError::new("a tuple of another length"));
        }
        (Value::Map(entries), Type::Map(ty)) => write_map(entries, ty, sink, depth)?,
        (Value::Map(entries), Type::Object(types)) => write_object(entries, types, sink, depth)?,
        (value, ty) => return Err(EncodeError::expected(ty.noun(), value.noun())),
    }
    Ok(())
}

fn write_dynamic<S: Sink>(
    value: &Value,
    ty: &Type,
    sink: &mut S,
    depth: usize,
) -> Result<(), EncodeError> {
    // A value of type dynamic inside one brings the type of its own.
    if *ty == Type::Dynamic {
        return write(value, ty, sink, depth + 1);
    }
    sink.dynamic(ty, |sink| write(value, ty, sink, depth + 1))
}

fn write_elements<'a, S: Sink>(
    elements: impl ExactSizeIterator<Item = (&'a Value, &'a Type)>,
    sink: &mut S,
    depth: usize,
) -> Result<(), EncodeError> {
    sink.begin_list(elements.len());
    for (position, (element, ty)) in elements.enumerate() {
        sink.element(position);
        write(element, ty, sink, depth + 1).map_err(|error| error.under(Step::at(position)))?;
    }
    sink.end_list();
    Ok(())
}

/// As a list, but for the places of errors: elements of a set have none.
fn write_set<S: Sink>(
    elements: &[Value],
    ty: &Type,
    sink: &mut S,
    depth: usize,
) -> Result<(), EncodeError> {
    let elements = canonical::set(elements, ty);
    sink.begin_list(elements.len());
    for (position, element) in elements.into_iter().enumerate() {
        sink.element(position);
        write(element, ty, sink, depth + 1)?;
    }
    sink.end_list();
    Ok(())
}

fn write_map<S: Sink>(
    map: &BTreeMap<String, Value>,
    ty: &Type,
    sink: &mut S,
    depth: usize,
) -> Result<(), EncodeError> {
    let entries = canonical::entries(map);
    if entries.len() < map.len() {
        return Err(EncodeError::new("two keys are the same after Unicode normalisation"));
    }
    sink.begin_map(entries.len());
    for (position, (key, value)) in entries.into_iter().enumerate() {
        sink.entry(position, &key);
        write(value, ty, sink, depth + 1)
            .map_err(|error| error.under(Step::Key(key.into_owned())))?;
    }
    sink.end_map();
    Ok(())
}

fn write_object<S: Sink>(
    entries: &BTreeMap<String, Value>,
    types: &BTreeMap<String, Type>,
    sink: &mut S,
    depth: usize,
) -> Result<(), EncodeError> {
    if let Some(name) = entries.keys().find(|name| !types.contains_key(*name)) {
        return Err(
            EncodeError::new("the type has no such attribute").under(Step::Attribute(name.clone()))
        );
    }
    sink.begin_map(types.len());
    for (position, (name, ty)) in types.iter().enumerate() {
        sink.entry(position, name);
        let value = entries.get(name).unwrap_or(&Value::Null);
        write(value, ty, sink, depth + 1)
            .map_err(|error| error.under(Step::Attribute(name.clone())))?;
    }
    sink.end_map();
    Ok(())
}
