//! Values in JSON, as states and saved configurations hold them.
//!
//! States outlive the provider that wrote them, so reading is lenient: what an older
//! version called a number may be text by now. Nothing in JSON is unknown. This
//! file must not know versions of schemas or how states are upgraded.
//!
//! Specification: go-cty, `docs/json.md` and `cty/json` (`marshal.go`,
//! `unmarshal.go`).

#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::encode::{Sink, write};
use super::{
    DecodeError, EncodeError, MAX_DEPTH, MAX_VALUES, Number, Step, Type, Value, canonical,
};

/// Reads a value of the given type. No bytes at all are null.
///
/// Absent attributes are null and those the type lacks are ignored. Booleans and
/// numbers may be text and the reverse, as in Terraform's own conversions. Numbers
/// keep every digit.
///
/// # Errors
///
/// If the bytes are not JSON, hold anything but a value of this type, nest deeper than
/// [`MAX_DEPTH`], or hold more than [`MAX_VALUES`].
pub fn decode(bytes: &[u8], ty: &Type) -> Result<Value, DecodeError> {
    Reader::new(Extra::Ignored).read_bytes(bytes, ty)
}

/// Reads as [`decode`] does, but for attributes the type lacks.
///
/// # Errors
///
/// As [`decode`], and if an object has an attribute that is not of its type.
pub fn decode_strict(bytes: &[u8], ty: &Type) -> Result<Value, DecodeError> {
    Reader::new(Extra::Refused).read_bytes(bytes, ty)
}

/// Reads JSON of which no type is known: state of an older version of a schema. Objects
/// and dynamic values are maps.
pub(crate) fn decode_untyped(bytes: &[u8]) -> Result<Value, DecodeError> {
    let json = serde_json::from_slice(bytes).map_err(|_| invalid())?;
    Reader::new(Extra::Ignored).read_untyped(json, 0)
}

/// Writes a value as the given type, in the same form as the other encoding:
/// complete objects, sorted sets and keys, text in NFC.
///
/// # Errors
///
/// If the value is not of this type, is not wholly known, is an infinity, or nests
/// deeper than [`MAX_DEPTH`].
pub fn encode(value: &Value, ty: &Type) -> Result<Vec<u8>, EncodeError> {
    let mut text = Text(Vec::new());
    write(value, ty, &mut text, 0)?;
    Ok(text.0)
}

struct Reader {
    extra_attributes: Extra,
    /// The number of values that may still be read.
    allowed: Cell<usize>,
}

#[derive(Clone, Copy, PartialEq)]
enum Extra {
    Ignored,
    Refused,
}

/// One level of JSON. What is inside stays text until its type is known, so that
/// numbers lose nothing and no level is read that no type asks for.
enum Json<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    String(String),
    Array(Vec<&'a RawValue>),
    Object(BTreeMap<String, &'a RawValue>),
}

/// A dynamic value and its type.
#[derive(Deserialize)]
struct Typed<'a> {
    #[serde(borrow)]
    value: &'a RawValue,
    #[serde(borrow, rename = "type")]
    ty: &'a RawValue,
}

impl Reader {
    const fn new(extra_attributes: Extra) -> Self {
        Self { extra_attributes, allowed: Cell::new(MAX_VALUES) }
    }

    fn enter(&self, depth: usize) -> Result<(), DecodeError> {
        if depth > MAX_DEPTH {
            return Err(DecodeError::too_deep());
        }
        self.count_value()
    }

    fn count_value(&self) -> Result<(), DecodeError> {
        self.allowed.set(self.allowed.get().checked_sub(1).ok_or_else(DecodeError::too_many)?);
        Ok(())
    }

    fn read_bytes(&self, bytes: &[u8], ty: &Type) -> Result<Value, DecodeError> {
        if bytes.is_empty() {
            return Ok(Value::Null);
        }
        let json = serde_json::from_slice(bytes).map_err(|_| invalid())?;
        self.read(json, ty, 0)
    }

    fn read(&self, json: &RawValue, ty: &Type, depth: usize) -> Result<Value, DecodeError> {
        self.enter(depth)?;
        match (Json::open(json)?, ty) {
            (Json::Null, _) => Ok(Value::Null),
            (_, Type::Dynamic) => self.read_dynamic(json, depth),
            (Json::Bool(yes), Type::Bool) => Ok(Value::Bool(yes)),
            (Json::String(text), Type::Bool) => match text.as_str() {
                "true" => Ok(Value::Bool(true)),
                "false" => Ok(Value::Bool(false)),
                _ => Err(DecodeError::expected(ty.noun(), "text that is neither true nor false")),
            },
            (Json::Number(text), Type::Number) => read_number(text),
            (Json::String(text), Type::Number) => read_number(&text),
            (Json::String(text), Type::String) => Ok(Value::String(text)),
            (Json::Number(text), Type::String) => Ok(Value::String(text.to_owned())),
            (Json::Bool(yes), Type::String) => Ok(Value::String(yes.to_string())),
            (Json::Array(elements), Type::List(ty)) => {
                self.read_elements(elements.into_iter().map(|element| (element, &**ty)), depth)
            }
            // Without places: a path ends at the set.
            (Json::Array(elements), Type::Set(ty)) => {
                elements.into_iter().map(|element| self.read(element, ty, depth + 1)).collect()
            }
            (Json::Array(elements), Type::Tuple(types)) if elements.len() == types.len() => {
                self.read_elements(elements.into_iter().zip(types), depth)
            }
            (Json::Array(_), Type::Tuple(_)) => Err(DecodeError::new("a tuple of another length")),
            (Json::Object(entries), Type::Map(ty)) => self.read_map(entries, ty, depth),
            (Json::Object(entries), Type::Object(types)) => {
                self.read_object(&entries, types, depth)
            }
            (json, ty) => Err(DecodeError::expected(ty.noun(), json.noun())),
        }
    }

    fn read_untyped(&self, json: &RawValue, depth: usize) -> Result<Value, DecodeError> {
        self.enter(depth)?;
        match Json::open(json)? {
            Json::Null => Ok(Value::Null),
            Json::Bool(yes) => Ok(Value::Bool(yes)),
            Json::Number(text) => read_number(text),
            Json::String(text) => Ok(Value::String(text)),
            Json::Array(elements) => {
                elements.into_iter().map(|element| self.read_untyped(element, depth + 1)).collect()
            }
            Json::Object(entries) => {
                let read = |(name, value)| Ok((name, self.read_untyped(value, depth + 1)?));
                entries.into_iter().map(read).collect::<Result<_, _>>().map(Value::Map)
            }
        }
    }

    fn read_dynamic(&self, json: &RawValue, depth: usize) -> Result<Value, DecodeError> {
        let typed: Typed<'_> = serde_json::from_str(json.get())
            .map_err(|_| DecodeError::expected("an object of value and type", "something else"))?;
        let ty = Type::from_json(typed.ty.get().as_bytes())?;
        let value = self.read(typed.value, &ty, depth + 1)?;
        // A value of type dynamic inside one has brought its own type.
        Ok(if ty == Type::Dynamic { value } else { Value::dynamic(ty, value) })
    }

    fn read_elements<'a>(
        &self,
        elements: impl Iterator<Item = (&'a RawValue, &'a Type)>,
        depth: usize,
    ) -> Result<Value, DecodeError> {
        elements
            .enumerate()
            .map(|(position, (element, ty))| {
                self.read(element, ty, depth + 1).map_err(|error| error.under(Step::at(position)))
            })
            .collect()
    }

    fn read_map(
        &self,
        entries: BTreeMap<String, &RawValue>,
        ty: &Type,
        depth: usize,
    ) -> Result<Value, DecodeError> {
        entries
            .into_iter()
            .map(|(key, value)| match self.read(value, ty, depth + 1) {
                // Of keys that are one to Terraform the last counts, as of equal ones.
                Ok(value) => Ok((canonical::text(&key).into_owned(), value)),
                Err(error) => Err(error.under(Step::Key(key))),
            })
            .collect::<Result<_, _>>()
            .map(Value::Map)
    }

    fn read_object(
        &self,
        entries: &BTreeMap<String, &RawValue>,
        types: &BTreeMap<String, Type>,
        depth: usize,
    ) -> Result<Value, DecodeError> {
        let extra = entries.keys().find(|name| !types.contains_key(*name));
        if let (Some(name), Extra::Refused) = (extra, self.extra_attributes) {
            return Err(DecodeError::new("the type has no such attribute")
                .under(Step::Attribute(name.clone())));
        }
        types
            .iter()
            .map(|(name, ty)| {
                let value = match entries.get(name) {
                    Some(value) => self.read(value, ty, depth + 1),
                    None => self.count_value().map(|()| Value::Null),
                };
                let under = |error: DecodeError| error.under(Step::Attribute(name.clone()));
                Ok((name.clone(), value.map_err(under)?))
            })
            .collect::<Result<_, _>>()
            .map(Value::Map)
    }
}

impl<'a> Json<'a> {
    fn open(json: &'a RawValue) -> Result<Self, DecodeError> {
        let text = json.get();
        let opened = match text.as_bytes() {
            [b'n', ..] => Ok(Self::Null),
            [b't', ..] => Ok(Self::Bool(true)),
            [b'f', ..] => Ok(Self::Bool(false)),
            [b'"', ..] => serde_json::from_str(text).map(Self::String),
            [b'[', ..] => serde_json::from_str(text).map(Self::Array),
            [b'{', ..] => serde_json::from_str(text).map(Self::Object),
            _ => Ok(Self::Number(text)),
        };
        opened.map_err(|_| invalid())
    }

    /// The name in errors.
    const fn noun(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a bool",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

fn read_number(text: &str) -> Result<Value, DecodeError> {
    Number::parse(text).map(Value::Number).map_err(DecodeError::no_number)
}

fn invalid() -> DecodeError {
    DecodeError::new("not valid JSON")
}

/// The JSON written so far.
struct Text(Vec<u8>);

impl Text {
    fn push(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }
}

impl Sink for Text {
    fn null(&mut self) {
        self.push("null");
    }

    fn unknown(&mut self) -> Result<(), EncodeError> {
        Err(EncodeError::new("the value is not known yet, which JSON cannot say"))
    }

    fn bool(&mut self, yes: bool) {
        self.push(if yes { "true" } else { "false" });
    }

    fn number(&mut self, number: &Number) -> Result<(), EncodeError> {
        if number.as_infinity().is_some() {
            return Err(EncodeError::new("JSON has no infinite numbers"));
        }
        self.push(&number.to_string());
        Ok(())
    }

    fn string(&mut self, text: &str) {
        serde_json::to_writer(&mut self.0, text).expect("a buffer in memory takes every text");
    }

    fn begin_list(&mut self, _: usize) {
        self.push("[");
    }

    fn element(&mut self, position: usize) {
        self.push(if position == 0 { "" } else { "," });
    }

    fn end_list(&mut self) {
        self.push("]");
    }

    fn begin_map(&mut self, _: usize) {
        self.push("{");
    }

    fn entry(&mut self, position: usize, key: &str) {
        self.element(position);
        self.string(key);
        self.push(":");
    }

    fn end_map(&mut self) {
        self.push("}");
    }

    fn dynamic(
        &mut self,
        ty: &Type,
        value: impl FnOnce(&mut Self) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        self.push(r#"{"value":"#);
        value(self)?;
        self.push(r#","type":"#);
        self.push(&ty.to_json());
        self.push("}");
        Ok(())
    }
}
