//! Value to Rust: a serde deserializer over a [`Value`].
//!
//! Knows serde's data model and nothing of the models read with it. Whether a
//! message of serde can be kept is decided at the bottom, in one place.

use std::collections::btree_map;
use std::fmt::Display;
use std::slice;

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeSeed, Deserializer, Expected, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;

use crate::value::{ModelError, Number, Step, Value};

/// Reads one value. Sees through dynamic ones.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a>(&'a Value);

impl<'a> Reader<'a> {
    pub(super) fn new(value: &'a Value) -> Self {
        Self(value.held())
    }
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = ModelError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ModelError> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Unknown => Err(not_known()),
            Value::Bool(yes) => visitor.visit_bool(*yes),
            Value::Number(number) => visit_number(number, visitor),
            Value::String(text) => visitor.visit_str(text),
            Value::List(elements) => visit_elements(elements, visitor),
            Value::Map(_) => self.deserialize_map(visitor),
            Value::Dynamic(typed) => Reader::new(&typed.value).deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ModelError> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, ModelError> {
        visitor.visit_newtype_struct(self)
    }

    /// Every entry is one of the map, null ones too.
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ModelError> {
        match self.0 {
            Value::Map(map) => {
                visitor.visit_map(Entries { rest: map.iter(), value: None, kind: Kind::Map })
            }
            _ => Err(self.unfit("a map")),
        }
    }

    /// Null entries are absent, so that defaults apply.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ModelError> {
        match self.0 {
            Value::Map(map) => {
                visitor.visit_map(Entries { rest: map.iter(), value: None, kind: Kind::Object })
            }
            _ => Err(self.unfit("an object")),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ModelError> {
        match self.0 {
            Value::String(text) => visitor.visit_enum(text.as_str().into_deserializer()),
            _ => Err(self.unfit("a string")),
        }
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, _: V) -> Result<V::Value, ModelError> {
        Err(ModelError::new("no value has the form of bytes; read text and decode it"))
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ModelError> {
        self.deserialize_bytes(visitor)
    }

    /// A value that is ignored may be unknown.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ModelError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string
        unit unit_struct seq tuple tuple_struct identifier
    }
}

impl Reader<'_> {
    fn unfit(self, wanted: &str) -> ModelError {
        match self.0 {
            Value::Unknown => not_known(),
            value => ModelError::expected(wanted, value.noun()),
        }
    }
}

fn not_known() -> ModelError {
    ModelError::new("the value is not known yet")
}

/// As an integer if it is one, however spelled; serde checks the range from there.
fn visit_number<'de, V: Visitor<'de>>(number: &Number, visitor: V) -> Result<V::Value, ModelError> {
    if let Some(whole) = number.as_i64() {
        return visitor.visit_i64(whole);
    }
    if let Some(whole) = number.as_u64() {
        return visitor.visit_u64(whole);
    }
    let float = number.as_f64();
    if float.is_infinite() && number.as_infinity().is_none() {
        return Err(ModelError::new("the number is out of the range of floats"));
    }
    visitor.visit_f64(float)
}

fn visit_elements<'de, V: Visitor<'de>>(
    elements: &[Value],
    visitor: V,
) -> Result<V::Value, ModelError> {
    let mut rest = Elements { length: elements.len(), rest: elements.iter() };
    let read = visitor.visit_seq(&mut rest)?;
    match rest.rest.len() {
        0 => Ok(read),
        extra => Err(ModelError::new(format!(
            "expected {} elements, found {}",
            elements.len() - extra,
            elements.len()
        ))),
    }
}

/// The elements of a list, of which some have been read.
struct Elements<'a> {
    length: usize,
    rest: slice::Iter<'a, Value>,
}

impl<'de> SeqAccess<'de> for Elements<'_> {
    type Error = ModelError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, ModelError> {
        let position = self.length - self.rest.len();
        self.rest
            .next()
            .map(|element| seed.deserialize(Reader::new(element)))
            .transpose()
            .map_err(|error| error.under(Step::at(position)))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

/// The entries of a map or object, of which some have been read.
struct Entries<'a> {
    rest: btree_map::Iter<'a, String, Value>,
    /// The one whose key has been read.
    value: Option<(&'a str, &'a Value)>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Map,
    Object,
}

impl Entries<'_> {
    fn step(&self, key: &str) -> Step {
        match self.kind {
            Kind::Map => Step::Key(key.to_owned()),
            Kind::Object => Step::Attribute(key.to_owned()),
        }
    }
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = ModelError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, ModelError> {
        let kind = self.kind;
        let Some((key, value)) = self.rest.find(|(_, value)| kind == Kind::Map || !value.is_null())
        else {
            return Ok(None);
        };
        self.value = Some((key, value));
        let text: StrDeserializer<'_, ModelError> = key.as_str().into_deserializer();
        seed.deserialize(text).map(Some).map_err(|error| error.under(self.step(key)))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, ModelError> {
        let (key, value) = self.value.take().expect("serde reads each key before its value");
        seed.deserialize(Reader::new(value)).map_err(|error| error.under(self.step(key)))
    }
}

/// The words for serde's messages. They quote the value by default, so each kind is worded
/// here, from the type that was expected and the kind that was found.
impl de::Error for ModelError {
    /// The message may quote the value, so it is not kept.
    fn custom<T: Display>(_: T) -> Self {
        Self::new("the model refuses the value; its message may quote the value and is withheld")
    }

    fn invalid_type(found: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        Self::expected(wanted, kind(found))
    }

    fn invalid_value(found: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        Self::expected(
            wanted,
            match found {
                Unexpected::Unsigned(_) | Unexpected::Signed(_) => "a number out of range",
                Unexpected::Char(_) | Unexpected::Str(_) => "a string of another form",
                other => kind(other),
            },
        )
    }

    fn invalid_length(length: usize, wanted: &dyn Expected) -> Self {
        Self::expected(wanted, &format!("a length of {length}"))
    }

    fn unknown_variant(_: &str, known: &'static [&'static str]) -> Self {
        Self::expected(format!("one of {}", known.join(", ")), "another string")
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self::new("the model has no such attribute")
    }

    fn missing_field(name: &'static str) -> Self {
        Self::new("a value is required, and there is none").under(Step::Attribute(name.to_owned()))
    }

    fn duplicate_field(name: &'static str) -> Self {
        Self::new("the attribute is there twice").under(Step::Attribute(name.to_owned()))
    }
}

/// The kind of a value that was found, without the value.
const fn kind(found: Unexpected<'_>) -> &'static str {
    match found {
        Unexpected::Bool(_) => "a bool",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) => "a whole number",
        Unexpected::Float(_) => "a number that is not whole or too large",
        Unexpected::Char(_) | Unexpected::Str(_) => "a string",
        Unexpected::Bytes(_) => "bytes",
        Unexpected::Unit | Unexpected::Option => "null",
        Unexpected::NewtypeStruct => "a newtype",
        Unexpected::Seq | Unexpected::TupleVariant => "a list",
        Unexpected::Map | Unexpected::StructVariant => "a map or object",
        Unexpected::Enum | Unexpected::UnitVariant | Unexpected::NewtypeVariant => "an enum",
        Unexpected::Other(_) => "something else",
    }
}
