//! Values as Terraform knows them: null, unknown or known.
//!
//! A [`Value`] is one attribute, one block or a whole object. A [`Type`] is the set of
//! values that it may be, a [`Number`] keeps every digit, and a [`Path`] names a place
//! inside. [`msgpack`] and [`json`] are the two encodings Terraform exchanges,
//! and [`model`] is the bridge to plain Rust structs.
//!
//! Values may be secrets. `Debug`, `Display` and every error of this module show
//! the shape of a value and never its content; a caller that knows a value to be
//! harmless asks for [`Value::reveal`].
//!
//! This module must not know schemas, the protocol's messages or any resource.
//!
//! Specification: the type system of `github.com/zclconf/go-cty` (`docs/types.md`),
//! as far as it crosses the plugin protocol: capsules and marks do not.

pub(crate) mod canonical;
mod encode;
mod error;
pub mod json;
mod limit;
pub mod model;
pub mod msgpack;
mod number;
mod path;
mod show;
mod ty;

#[cfg(test)]
mod arbitrary;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use error::{DecodeError, EncodeError, ModelError};
pub use limit::{MAX_DEPTH, MAX_VALUES};
pub use number::{Number, NumberError};
pub use path::{Path, Step};
pub use show::Reveal;
pub use ty::Type;

/// One value: null, unknown or known. Closed: these are the kinds of go-cty, and a codec has
/// to handle each.
///
/// Values do not carry their type, except below an attribute of type dynamic.
/// So a set is a [`Value::List`] whose order has no meaning, and objects, maps and
/// blocks are all [`Value::Map`]; what needs the difference takes a [`Type`].
///
/// `==` compares structure: lists in order, maps by key, numbers by value
/// (`1` equals `1.0`). [`Value::same_as`] is Terraform's own, typed equality.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Value {
    /// Set to nothing, or not set at all.
    #[default]
    Null,
    /// Known only after apply.
    Unknown,
    /// A boolean.
    Bool(bool),
    /// A number, exact.
    Number(Number),
    /// Text.
    String(String),
    /// A list, set or tuple.
    List(Vec<Value>),
    /// A map, object or block.
    Map(BTreeMap<String, Value>),
    /// A value with the type that travels with it, for attributes of type dynamic.
    Dynamic(Box<Typed>),
}

/// A value and its type, as an attribute of type dynamic holds them. Closed: it is a pair and
/// nothing more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// The type that travels with the value.
    pub ty: Type,
    /// The value.
    pub value: Value,
}

/// Making values.
impl Value {
    /// Makes the object of the given type with every attribute null.
    ///
    /// Null for types that are no objects.
    #[must_use]
    pub fn null_object(ty: &Type) -> Self {
        ty.attributes().map_or(Self::Null, |attributes| {
            Self::Map(attributes.keys().map(|name| (name.clone(), Self::Null)).collect())
        })
    }

    /// Makes an object or map with these entries.
    #[must_use]
    pub fn map<K: Into<String>, V: Into<Self>>(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }

    /// Makes a list, set or tuple with these elements.
    #[must_use]
    pub fn list<V: Into<Self>>(elements: impl IntoIterator<Item = V>) -> Self {
        Self::List(elements.into_iter().map(Into::into).collect())
    }

    /// Makes a value for an attribute of type dynamic, with its type.
    #[must_use]
    pub fn dynamic(ty: Type, value: Self) -> Self {
        Self::Dynamic(Box::new(Typed { ty, value }))
    }
}

/// Looking at values. A dynamic value answers for what it holds.
impl Value {
    /// Returns true if this is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.held(), Self::Null)
    }

    /// Returns true if this is unknown. Values inside do not count: see
    /// [`Value::is_wholly_known`].
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self.held(), Self::Unknown)
    }

    /// Returns true if nothing in here is unknown, at any depth.
    #[must_use]
    pub fn is_wholly_known(&self) -> bool {
        match self.held() {
            Self::Unknown => false,
            Self::List(elements) => elements.iter().all(Self::is_wholly_known),
            Self::Map(entries) => entries.values().all(Self::is_wholly_known),
            _ => true,
        }
    }

    /// Returns the same value with null wherever it is unknown, at any depth.
    #[must_use]
    pub fn unknown_as_null(self) -> Self {
        match self {
            Self::Unknown => Self::Null,
            Self::List(elements) => elements.into_iter().map(Self::unknown_as_null).collect(),
            Self::Map(entries) => {
                Self::map(entries.into_iter().map(|(name, entry)| (name, entry.unknown_as_null())))
            }
            Self::Dynamic(typed) => Self::dynamic(typed.ty, typed.value.unknown_as_null()),
            known => known,
        }
    }

    /// Returns the text if this is a known string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self.held() {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the boolean if this is a known one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.held() {
            Self::Bool(yes) => Some(*yes),
            _ => None,
        }
    }

    /// Returns the number if this is a known one.
    #[must_use]
    pub fn as_number(&self) -> Option<&Number> {
        match self.held() {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Returns the number if this is a known, whole one in range.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number()?.as_i64()
    }

    /// Returns the elements if this is a known list, set or tuple.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Self]> {
        match self.held() {
            Self::List(elements) => Some(elements),
            _ => None,
        }
    }

    /// Returns the entries if this is a known map, object or block.
    #[must_use]
    pub fn as_map(&self) -> Option<&BTreeMap<String, Self>> {
        match self.held() {
            Self::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// Returns the attribute or map entry of that name if there is one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.as_map()?.get(name)
    }

    /// Returns the value at `path`, which counts from here.
    ///
    /// `None` where the path leads nowhere, and below anything null or unknown.
    #[must_use]
    pub fn at(&self, path: &Path) -> Option<&Self> {
        path.steps().iter().try_fold(self, |value, step| match step {
            Step::Attribute(name) | Step::Key(name) => value.get(name),
            Step::Index(index) => value.as_list()?.get(usize::try_from(*index).ok()?),
        })
    }

    /// Returns the type that this value would have on its own.
    ///
    /// Lists become tuples and maps become objects, as their elements may differ. Null and
    /// unknown are dynamic, as nothing is known of their type.
    #[must_use]
    pub fn implied_type(&self) -> Type {
        match self {
            Self::Null | Self::Unknown => Type::Dynamic,
            Self::Bool(_) => Type::Bool,
            Self::Number(_) => Type::Number,
            Self::String(_) => Type::String,
            Self::List(elements) => Type::tuple(elements.iter().map(Self::implied_type)),
            Self::Map(entries) => {
                Type::object(entries.iter().map(|(name, value)| (name, value.implied_type())))
            }
            Self::Dynamic(typed) => typed.ty.clone(),
        }
    }

    fn held(&self) -> &Self {
        let mut value = self;
        while let Self::Dynamic(typed) = value {
            value = &typed.value;
        }
        value
    }
}

/// Changing values in place. A dynamic value hands out what it holds.
impl Value {
    /// Returns the elements if this is a known list, set or tuple.
    pub fn as_list_mut(&mut self) -> Option<&mut Vec<Self>> {
        match self.held_mut() {
            Self::List(elements) => Some(elements),
            _ => None,
        }
    }

    /// Returns the entries if this is a known map, object or block.
    pub fn as_map_mut(&mut self) -> Option<&mut BTreeMap<String, Self>> {
        match self.held_mut() {
            Self::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// Returns the attribute or map entry of that name if there is one.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Self> {
        self.as_map_mut()?.get_mut(name)
    }

    /// Returns the value at `path`, as [`Value::at`] finds it.
    pub fn at_mut(&mut self, path: &Path) -> Option<&mut Self> {
        path.steps().iter().try_fold(self, |value, step| match step {
            Step::Attribute(name) | Step::Key(name) => value.get_mut(name),
            Step::Index(index) => value.as_list_mut()?.get_mut(usize::try_from(*index).ok()?),
        })
    }

    fn held_mut(&mut self) -> &mut Self {
        match self {
            Self::Dynamic(typed) => typed.value.held_mut(),
            value => value,
        }
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::Bool(yes)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(number.into())
    }
}

impl From<Vec<Self>> for Value {
    fn from(elements: Vec<Self>) -> Self {
        Self::List(elements)
    }
}

impl From<BTreeMap<String, Self>> for Value {
    fn from(entries: BTreeMap<String, Self>) -> Self {
        Self::Map(entries)
    }
}

/// None is null.
impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl FromIterator<Self> for Value {
    /// A list, set or tuple with these elements.
    fn from_iter<I: IntoIterator<Item = Self>>(elements: I) -> Self {
        Self::List(elements.into_iter().collect())
    }
}
