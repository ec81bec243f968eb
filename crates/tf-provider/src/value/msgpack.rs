//! Values in MessagePack, as they travel between Terraform and a provider.
//!
//! Reading is lenient where Terraform is (any width of integers, text as `bin`, any
//! extension as unknown, absent attributes) and strict where a mistake would go
//! unseen (unknown attributes, repeated keys, bytes left over). Writing gives the
//! bytes Terraform itself would send, but for what has no meaning: how a long number
//! is spelled, and the order of sets of anything but primitives. This file must not
//! know which message the bytes are part of.
//!
//! Specification: go-cty, `docs/` on the msgpack encoding and `cty/msgpack`
//! (`marshal.go`, `unmarshal.go`, `unknown.go`). The refinements an unknown value
//! may carry are not read, which is always allowed, and none are sent.

mod reader;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::iter::repeat_n;

use rmp::encode::{self as wire, ByteBuf};

use self::reader::{Reader, Token};
use super::encode::{Sink, write};
use super::{DecodeError, EncodeError, MAX_DEPTH, Number, Step, Type, Value, canonical};

/// An unknown value: extension 0 with one byte that means nothing.
const UNKNOWN: [u8; 3] = [0xd4, 0, 0];

/// Reads a value of the given type. No bytes at all are null.
///
/// Objects come back with every attribute of the type.
///
/// # Errors
///
/// If the bytes are not MessagePack, hold anything but a value of this type, nest
/// deeper than [`MAX_DEPTH`], hold more than [`MAX_VALUES`](super::MAX_VALUES), or go
/// on after the value.
pub fn decode(bytes: &[u8], ty: &Type) -> Result<Value, DecodeError> {
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    let mut reader = Reader::new(bytes);
    let value = read(&mut reader, ty, 0)?;
    reader.finish()?;
    Ok(value)
}

/// Writes a value as the given type, in the one form Terraform has for it.
///
/// Objects are written with every attribute of the type, absent ones as null; sets
/// sorted and without repeats; text and map keys in NFC. A plain value as dynamic
/// takes [its own type](Value::implied_type) along.
///
/// # Errors
///
/// If the value is not of this type, has an attribute the type lacks, or nests
/// deeper than [`MAX_DEPTH`].
pub fn encode(value: &Value, ty: &Type) -> Result<Vec<u8>, EncodeError> {
    let mut bytes = Bytes(ByteBuf::new());
    write(value, ty, &mut bytes, 0)?;
    Ok(bytes.0.into_vec())
}

fn read(reader: &mut Reader<'_>, ty: &Type, depth: usize) -> Result<Value, DecodeError> {
    if depth > MAX_DEPTH {
        return Err(DecodeError::too_deep());
    }
    reader.count_value()?;
    match (reader.token()?, ty) {
        (Token::Nil, _) => Ok(Value::Null),
        (Token::Extension, _) => Ok(Value::Unknown),
        (Token::Bool(yes), Type::Bool) => Ok(Value::Bool(yes)),
        (Token::Signed(number), Type::Number) => Ok(Value::Number(number.into())),
        (Token::Unsigned(number), Type::Number) => Ok(Value::Number(number.into())),
        (Token::Float(number), Type::Number) => {
            Number::try_from(number).map(Value::Number).map_err(DecodeError::no_number)
        }
        (Token::Text(text), Type::Number) => {
            Number::parse(utf8(text)?).map(Value::Number).map_err(DecodeError::no_number)
        }
        (Token::Text(text), Type::String) => Ok(Value::String(utf8(text)?.to_owned())),
        (Token::Array(2), Type::Dynamic) => read_dynamic(reader, depth),
        (Token::Array(length), Type::List(ty)) => {
            read_elements(reader, repeat_n(&**ty, length), depth)
        }
        // Without places: a path ends at the set.
        (Token::Array(length), Type::Set(ty)) => {
            (0..length).map(|_| read(reader, ty, depth + 1)).collect()
        }
        (Token::Array(length), Type::Tuple(types)) if length == types.len() => {
            read_elements(reader, types, depth)
        }
        (Token::Array(_), Type::Tuple(_)) => Err(DecodeError::new("a tuple of another length")),
        (Token::Map(length), Type::Map(ty)) => read_map(reader, length, ty, depth),
        (Token::Map(length), Type::Object(types)) => read_object(reader, length, types, depth),
        (token, ty) => Err(DecodeError::expected(ty.noun(), token.noun())),
    }
}

fn read_dynamic(reader: &mut Reader<'_>, depth: usize) -> Result<Value, DecodeError> {
    let ty = match reader.token()? {
        Token::Text(json) => Type::from_json(json)?,
        token => return Err(DecodeError::expected("a type as JSON", token.noun())),
    };
    let value = read(reader, &ty, depth + 1)?;
    // Anything said to be of any type already is what it is.
    Ok(if ty == Type::Dynamic { value } else { Value::dynamic(ty, value) })
}

fn read_elements<'a>(
    reader: &mut Reader<'_>,
    types: impl IntoIterator<Item = &'a Type>,
    depth: usize,
) -> Result<Value, DecodeError> {
    types
        .into_iter()
        .enumerate()
        .map(|(position, ty)| {
            read(reader, ty, depth + 1).map_err(|error| error.under(Step::at(position)))
        })
        .collect()
}

fn read_map(
    reader: &mut Reader<'_>,
    length: usize,
    ty: &Type,
    depth: usize,
) -> Result<Value, DecodeError> {
    let mut entries = BTreeMap::new();
    for _ in 0..length {
        let key = read_key(reader)?;
        let value =
            read(reader, ty, depth + 1).map_err(|error| error.under(Step::Key(key.to_owned())))?;
        // Keys that differ in their normal form only are one to Terraform.
        if entries.insert(canonical::text(key).into_owned(), value).is_some() {
            return Err(DecodeError::new("the key is there twice").under(Step::Key(key.to_owned())));
        }
    }
    Ok(Value::Map(entries))
}

fn read_object(
    reader: &mut Reader<'_>,
    length: usize,
    types: &BTreeMap<String, Type>,
    depth: usize,
) -> Result<Value, DecodeError> {
    let mut entries = BTreeMap::new();
    for _ in 0..length {
        let name = read_key(reader)?;
        let step = || Step::Attribute(name.to_owned());
        let ty = types
            .get(name)
            .ok_or_else(|| DecodeError::new("the type has no such attribute").under(step()))?;
        let value = read(reader, ty, depth + 1).map_err(|error| error.under(step()))?;
        if entries.insert(name.to_owned(), value).is_some() {
            return Err(DecodeError::new("the attribute is there twice").under(step()));
        }
    }
    for name in types.keys() {
        if !entries.contains_key(name) {
            reader.count_value()?;
            entries.insert(name.clone(), Value::Null);
        }
    }
    Ok(Value::Map(entries))
}

fn read_key<'a>(reader: &mut Reader<'a>) -> Result<&'a str, DecodeError> {
    match reader.token()? {
        Token::Text(text) => utf8(text),
        token => Err(DecodeError::expected("a string as key", token.noun())),
    }
}

fn utf8(text: &[u8]) -> Result<&str, DecodeError> {
    std::str::from_utf8(text).map_err(|_| DecodeError::new("a string that is not UTF-8"))
}

/// The bytes written so far. A buffer in memory takes every write, and the
/// patterns below hold the compiler to it.
struct Bytes(ByteBuf);

impl Sink for Bytes {
    fn null(&mut self) {
        let Ok(()) = wire::write_nil(&mut self.0);
    }

    fn unknown(&mut self) -> Result<(), EncodeError> {
        self.0.as_mut_vec().extend_from_slice(&UNKNOWN);
        Ok(())
    }

    fn bool(&mut self, yes: bool) {
        let Ok(()) = wire::write_bool(&mut self.0, yes);
    }

    /// Integers beyond 64 signed bits are text, as Terraform sends them: it reads
    /// an unsigned one with less precision than text.
    fn number(&mut self, number: &Number) -> Result<(), EncodeError> {
        if let Some(whole) = number.as_i64() {
            let Ok(_) = wire::write_sint(&mut self.0, whole);
        } else if let Some(float) = number.as_exact_fraction().or_else(|| number.as_infinity()) {
            let Ok(()) = wire::write_f64(&mut self.0, float);
        } else {
            self.string(&number.to_string());
        }
        Ok(())
    }

    fn string(&mut self, text: &str) {
        let Ok(()) = wire::write_str(&mut self.0, text);
    }

    fn begin_list(&mut self, length: usize) {
        let Ok(_) = wire::write_array_len(&mut self.0, wire_length(length));
    }

    fn element(&mut self, _: usize) {}

    fn end_list(&mut self) {}

    fn begin_map(&mut self, length: usize) {
        let Ok(_) = wire::write_map_len(&mut self.0, wire_length(length));
    }

    fn entry(&mut self, _: usize, key: &str) {
        self.string(key);
    }

    fn end_map(&mut self) {}

    fn dynamic(
        &mut self,
        ty: &Type,
        value: impl FnOnce(&mut Self) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        self.begin_list(2);
        let Ok(()) = wire::write_bin(&mut self.0, ty.to_json().as_bytes());
        value(self)
    }
}

fn wire_length(length: usize) -> u32 {
    u32::try_from(length).expect("no message carries four billion elements")
}
