//! The types of Terraform's language.
//!
//! Types travel as JSON: in schemas, in function signatures and beside every
//! dynamic value. This file must not know schemas or values.
//!
//! Specification: the type JSON of go-cty (`cty/json.go`: `Type.MarshalJSON` and
//! `Type.UnmarshalJSON`).

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

use super::error::DecodeError;
use super::limit::MAX_DEPTH;

/// A type of Terraform's language. Closed: a codec has to handle each.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// Text.
    String,
    /// A number of any size and precision.
    Number,
    /// A boolean.
    Bool,
    /// Anything; the type travels with the value.
    ///
    /// Not for elements of lists, sets and maps: Terraform panics when it reads a
    /// collection whose elements bring different types.
    Dynamic,
    /// Elements of one type, in order.
    List(Box<Self>),
    /// Elements of one type, without order or repeats.
    Set(Box<Self>),
    /// Entries of one type under arbitrary keys.
    Map(Box<Self>),
    /// A fixed number of elements, each of its own type.
    Tuple(Vec<Self>),
    /// Named attributes, each of its own type. Blocks are objects too.
    Object(BTreeMap<String, Self>),
}

impl Type {
    /// Makes a list of `element`.
    #[must_use]
    pub fn list(element: Self) -> Self {
        Self::List(Box::new(element))
    }

    /// Makes a set of `element`.
    #[must_use]
    pub fn set(element: Self) -> Self {
        Self::Set(Box::new(element))
    }

    /// Makes a map to `element`.
    #[must_use]
    pub fn map(element: Self) -> Self {
        Self::Map(Box::new(element))
    }

    /// Makes a tuple of these elements.
    #[must_use]
    pub fn tuple(elements: impl IntoIterator<Item = Self>) -> Self {
        Self::Tuple(elements.into_iter().collect())
    }

    /// Makes an object with these attributes.
    #[must_use]
    pub fn object<N: Into<String>>(attributes: impl IntoIterator<Item = (N, Self)>) -> Self {
        Self::Object(attributes.into_iter().map(|(name, ty)| (name.into(), ty)).collect())
    }

    /// Returns the attributes if this is an object type.
    #[must_use]
    pub const fn attributes(&self) -> Option<&BTreeMap<String, Self>> {
        match self {
            Self::Object(attributes) => Some(attributes),
            _ => None,
        }
    }

    /// Returns the type JSON, as schemas and dynamic values carry it. Keys are sorted.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a type is text, arrays and objects with text keys")
    }

    /// Reads type JSON.
    ///
    /// The list of optional attributes that an object type may carry is accepted
    /// and dropped: it says how to convert to the type, not what the type is.
    ///
    /// # Errors
    ///
    /// If the bytes are not JSON, name no type, or nest deeper than [`MAX_DEPTH`].
    pub fn from_json(bytes: &[u8]) -> Result<Self, DecodeError> {
        let json = serde_json::from_slice(bytes)
            .map_err(|_| DecodeError::new("the type is not valid JSON"))?;
        Self::read(json, 0)
    }

    /// Works through raw JSON one level at a time, so that the depth is counted in
    /// types and the limit is the same for every kind of them.
    fn read(json: &RawValue, depth: usize) -> Result<Self, DecodeError> {
        if depth > MAX_DEPTH {
            return Err(DecodeError::too_deep());
        }
        if let Ok(keyword) = serde_json::from_str::<String>(json.get()) {
            return Self::primitive(&keyword);
        }
        let parts: Vec<&RawValue> = part(json)?;
        let (kind, parts) = parts.split_first().ok_or_else(no_type)?;
        match (part::<String>(kind)?.as_str(), parts) {
            ("list", [element]) => Ok(Self::list(Self::read(element, depth + 1)?)),
            ("set", [element]) => Ok(Self::set(Self::read(element, depth + 1)?)),
            ("map", [element]) => Ok(Self::map(Self::read(element, depth + 1)?)),
            ("tuple", [elements]) => part::<Vec<&RawValue>>(elements)?
                .into_iter()
                .map(|element| Self::read(element, depth + 1))
                .collect::<Result<_, _>>()
                .map(Self::Tuple),
            ("object", [attributes]) => Self::read_object(attributes, depth),
            ("object", [attributes, optional]) => {
                part::<Vec<String>>(optional)?;
                Self::read_object(attributes, depth)
            }
            _ => Err(no_type()),
        }
    }

    fn read_object(attributes: &RawValue, depth: usize) -> Result<Self, DecodeError> {
        part::<BTreeMap<String, &RawValue>>(attributes)?
            .into_iter()
            .map(|(name, ty)| Ok((name, Self::read(ty, depth + 1)?)))
            .collect::<Result<_, _>>()
            .map(Self::Object)
    }

    fn primitive(keyword: &str) -> Result<Self, DecodeError> {
        match keyword {
            "string" => Ok(Self::String),
            "number" => Ok(Self::Number),
            "bool" => Ok(Self::Bool),
            "dynamic" => Ok(Self::Dynamic),
            _ => Err(no_type()),
        }
    }

    /// The name in errors of a value of this type.
    pub(super) const fn noun(&self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::Number => "a number",
            Self::Bool => "a bool",
            Self::Dynamic => "a value with its type",
            Self::List(_) => "a list",
            Self::Set(_) => "a set",
            Self::Map(_) => "a map",
            Self::Tuple(_) => "a tuple",
            Self::Object(_) => "an object",
        }
    }
}

fn part<'a, T: Deserialize<'a>>(json: &'a RawValue) -> Result<T, DecodeError> {
    serde_json::from_str(json.get()).map_err(|_| no_type())
}

fn no_type() -> DecodeError {
    DecodeError::new("the JSON is not that of a type")
}

/// The type JSON.
impl Serialize for Type {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::String => "string".serialize(serializer),
            Self::Number => "number".serialize(serializer),
            Self::Bool => "bool".serialize(serializer),
            Self::Dynamic => "dynamic".serialize(serializer),
            Self::List(element) => ("list", element).serialize(serializer),
            Self::Set(element) => ("set", element).serialize(serializer),
            Self::Map(element) => ("map", element).serialize(serializer),
            Self::Tuple(elements) => ("tuple", elements).serialize(serializer),
            Self::Object(attributes) => ("object", attributes).serialize(serializer),
        }
    }
}

/// As a type constraint would be written: `list(string)`, `object({name = string})`.
impl Display for Type {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::String => f.write_str("string"),
            Self::Number => f.write_str("number"),
            Self::Bool => f.write_str("bool"),
            Self::Dynamic => f.write_str("any"),
            Self::List(element) => write!(f, "list({element})"),
            Self::Set(element) => write!(f, "set({element})"),
            Self::Map(element) => write!(f, "map({element})"),
            Self::Tuple(elements) => {
                f.write_str("tuple([")?;
                for (position, element) in elements.iter().enumerate() {
                    write!(f, "{}{element}", if position == 0 { "" } else { ", " })?;
                }
                f.write_str("])")
            }
            Self::Object(attributes) => {
                f.write_str("object({")?;
                for (position, (name, ty)) in attributes.iter().enumerate() {
                    write!(f, "{}{name} = {ty}", if position == 0 { "" } else { ", " })?;
                }
                f.write_str("})")
            }
        }
    }
}
