//! A block inside a block.
//!
//! Protocol 5 has no nested attributes, so structure is written as blocks.

use super::attribute::Attribute;
use super::object_fields;
use crate::value::{Type, Value};

/// How often a block may stand, and what it becomes as a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    /// At most once: an object, or null.
    Single,
    /// In order: a list of objects.
    List,
    /// In no order: a set of objects.
    Set,
}

/// A nested block of attributes.
#[derive(Clone, Debug)]
pub struct Block {
    name: String,
    nesting: Nesting,
    description: String,
    attributes: Vec<Attribute>,
}

/// A block that may stand once.
#[must_use]
pub fn block(name: &str, nesting: Nesting) -> Block {
    Block { name: name.to_owned(), nesting, description: String::new(), attributes: Vec::new() }
}

impl Block {
    /// Adds an attribute.
    #[must_use]
    pub fn attribute(mut self, attribute: Attribute) -> Self {
        self.attributes.push(attribute);
        self
    }

    /// What it is for, in Markdown.
    #[must_use]
    pub fn describe(mut self, description: &str) -> Self {
        self.description = description.to_owned();
        self
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How often it may stand.
    #[must_use]
    pub fn nesting(&self) -> Nesting {
        self.nesting
    }

    /// What it is for, in Markdown.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Its attributes.
    #[must_use]
    pub fn all_attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// An attribute that asks for more than the framework plans inside of
    /// blocks, where values are configured and nothing else.
    pub(crate) fn beyond_plan(&self) -> Option<&Attribute> {
        self.attributes
            .iter()
            .find(|each| each.is_computed() || each.replaces() || each.twin().is_some())
    }

    /// The type of its value.
    #[must_use]
    pub fn ty(&self) -> Type {
        let object = Type::Object(object_fields(&self.attributes, &[]));
        match self.nesting {
            Nesting::Single => object,
            Nesting::List => Type::List(Box::new(object)),
            Nesting::Set => Type::Set(Box::new(object)),
        }
    }

    /// Its value where the configuration has no such block: Terraform demands
    /// empty collections, and null only for a single block.
    pub(crate) fn absent(&self) -> Value {
        match self.nesting {
            Nesting::Single => Value::Null,
            Nesting::List | Nesting::Set => Value::List(Vec::new()),
        }
    }
}
