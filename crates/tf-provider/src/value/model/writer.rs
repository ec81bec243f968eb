//! Rust to value: a serde serializer that makes a [`Value`].
//!
//! Knows serde's data model and nothing of the models written with it.

use std::collections::BTreeMap;
use std::fmt::Display;

use serde::ser::{self, Impossible, Serialize, Serializer};

use crate::value::{ModelError, Number, NumberError, Step, Value};

/// Makes one value.
pub(super) struct Writer;

/// The error for a form that no part of Terraform could read.
const DATA_IN_ENUM: &str = "an enum variant with data has no form as a value";

impl Serializer for Writer {
    type Ok = Value;
    type Error = ModelError;
    type SerializeSeq = Elements;
    type SerializeTuple = Elements;
    type SerializeTupleStruct = Elements;
    type SerializeTupleVariant = Impossible<Value, ModelError>;
    type SerializeMap = Entries;
    type SerializeStruct = Entries;
    type SerializeStructVariant = Impossible<Value, ModelError>;

    fn serialize_bool(self, yes: bool) -> Result<Value, ModelError> {
        Ok(Value::Bool(yes))
    }

    fn serialize_i8(self, number: i8) -> Result<Value, ModelError> {
        self.serialize_i64(number.into())
    }

    fn serialize_i16(self, number: i16) -> Result<Value, ModelError> {
        self.serialize_i64(number.into())
    }

    fn serialize_i32(self, number: i32) -> Result<Value, ModelError> {
        self.serialize_i64(number.into())
    }

    fn serialize_i64(self, number: i64) -> Result<Value, ModelError> {
        Ok(Value::Number(number.into()))
    }

    fn serialize_i128(self, number: i128) -> Result<Value, ModelError> {
        written(Number::parse(&number.to_string()))
    }

    fn serialize_u8(self, number: u8) -> Result<Value, ModelError> {
        self.serialize_u64(number.into())
    }

    fn serialize_u16(self, number: u16) -> Result<Value, ModelError> {
        self.serialize_u64(number.into())
    }

    fn serialize_u32(self, number: u32) -> Result<Value, ModelError> {
        self.serialize_u64(number.into())
    }

    fn serialize_u64(self, number: u64) -> Result<Value, ModelError> {
        Ok(Value::Number(number.into()))
    }

    fn serialize_u128(self, number: u128) -> Result<Value, ModelError> {
        written(Number::parse(&number.to_string()))
    }

    /// By its own shortest text: as an `f64` it would show more digits.
    fn serialize_f32(self, number: f32) -> Result<Value, ModelError> {
        if number.is_finite() {
            written(Number::parse(&number.to_string()))
        } else {
            self.serialize_f64(number.into())
        }
    }

    fn serialize_f64(self, number: f64) -> Result<Value, ModelError> {
        written(Number::try_from(number))
    }

    fn serialize_char(self, character: char) -> Result<Value, ModelError> {
        Ok(Value::String(character.into()))
    }

    fn serialize_str(self, text: &str) -> Result<Value, ModelError> {
        Ok(text.into())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Value, ModelError> {
        Err(ModelError::new("bytes have no form as a value; encode them as text"))
    }

    fn serialize_none(self) -> Result<Value, ModelError> {
        Ok(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, ModelError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, ModelError> {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Value, ModelError> {
        Ok(Value::Null)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Value, ModelError> {
        Ok(variant.into())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Value, ModelError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Value, ModelError> {
        Err(ModelError::new(DATA_IN_ENUM))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Elements, ModelError> {
        Ok(Elements::default())
    }

    fn serialize_tuple(self, _: usize) -> Result<Elements, ModelError> {
        Ok(Elements::default())
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Elements, ModelError> {
        Ok(Elements::default())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, ModelError> {
        Err(ModelError::new(DATA_IN_ENUM))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Entries, ModelError> {
        Ok(Entries::default())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Entries, ModelError> {
        Ok(Entries::default())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, ModelError> {
        Err(ModelError::new(DATA_IN_ENUM))
    }
}

fn written(number: Result<Number, NumberError>) -> Result<Value, ModelError> {
    number.map(Value::Number).map_err(|error| ModelError::expected("a number", error.noun()))
}

/// The elements of a list, so far.
#[derive(Default)]
pub(super) struct Elements(Vec<Value>);

impl Elements {
    fn push<T: Serialize + ?Sized>(&mut self, element: &T) -> Result<(), ModelError> {
        let position = self.0.len();
        let value = element.serialize(Writer).map_err(|error| error.under(Step::at(position)))?;
        self.0.push(value);
        Ok(())
    }
}

/// Serde tells sequences, tuples and tuple structs apart; values do not.
macro_rules! takes_elements {
    ($($kind:ident::$take:ident),*) => {$(
        impl ser::$kind for Elements {
            type Ok = Value;
            type Error = ModelError;

            fn $take<T: Serialize + ?Sized>(&mut self, element: &T) -> Result<(), ModelError> {
                self.push(element)
            }

            fn end(self) -> Result<Value, ModelError> {
                Ok(Value::List(self.0))
            }
        }
    )*};
}

takes_elements!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field
);

/// The entries of a map or object, so far.
#[derive(Default)]
pub(super) struct Entries {
    entries: BTreeMap<String, Value>,
    /// Written, but still without its value.
    key: Option<String>,
}

impl ser::SerializeMap for Entries {
    type Ok = Value;
    type Error = ModelError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), ModelError> {
        match key.serialize(Writer)? {
            Value::String(key) => {
                self.key = Some(key);
                Ok(())
            }
            other => Err(ModelError::expected("a string as key", other.noun())),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ModelError> {
        let key = self.key.take().expect("serde writes each key before its value");
        match value.serialize(Writer) {
            Ok(value) => {
                self.entries.insert(key, value);
                Ok(())
            }
            Err(error) => Err(error.under(Step::Key(key))),
        }
    }

    fn end(self) -> Result<Value, ModelError> {
        Ok(Value::Map(self.entries))
    }
}

impl ser::SerializeStruct for Entries {
    type Ok = Value;
    type Error = ModelError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), ModelError> {
        let value =
            value.serialize(Writer).map_err(|error| error.under(Step::Attribute(name.into())))?;
        self.entries.insert(name.to_owned(), value);
        Ok(())
    }

    fn end(self) -> Result<Value, ModelError> {
        Ok(Value::Map(self.entries))
    }
}

impl ser::Error for ModelError {
    /// The message may quote the value, so it is not kept.
    fn custom<T: Display>(_: T) -> Self {
        Self::new("the model failed to serialize; its message may quote the value and is withheld")
    }
}
