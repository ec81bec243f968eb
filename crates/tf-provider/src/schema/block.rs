//! Nested blocks, and the body of arguments and blocks that a schema and each block have.
//!
//! Protocol 5 has no nested attributes, so structure that a user writes is written as
//! blocks, to any depth. Looking at the values of a body is the matter of `view`.
//!
//! Source: Terraform plugin protocol 5, message `Schema.NestedBlock`.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::attribute::Attribute;
use crate::diagnostics::Diagnostics;
use crate::value::{Path, Type, Value};

/// The number of times a block may stand, and the form of its value. Closed: code that
/// shows a schema has to handle each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    /// At most once: an object, or null.
    Single,
    /// In order: a list of objects.
    List,
    /// In no order: a set of objects. Terraform tells two elements apart by their values
    /// alone, so nothing in a set may be computed, have a default or replace the object.
    Set,
}

/// A nested block.
#[derive(Clone, Debug)]
pub struct Block {
    name: String,
    nesting: Nesting,
    description: String,
    min_items: u32,
    max_items: u32,
    body: Body,
}

/// An optional block with nothing in it yet.
#[must_use]
pub fn block(name: &str, nesting: Nesting) -> Block {
    let (name, description) = (name.to_owned(), String::new());
    Block { name, nesting, description, min_items: 0, max_items: 0, body: Body::default() }
}

/// Builder methods.
impl Block {
    /// Adds an attribute. A block has no write-only and no local attributes.
    #[must_use]
    pub fn attribute(mut self, attribute: Attribute) -> Self {
        self.body.attributes.push(attribute);
        self
    }

    /// Adds a block in this block.
    #[must_use]
    pub fn block(mut self, block: Self) -> Self {
        self.body.blocks.push(block);
        self
    }

    /// Requires the block to stand at least once.
    #[must_use]
    pub fn required(self) -> Self {
        self.min_items(1)
    }

    /// Sets the least number of blocks.
    #[must_use]
    pub fn min_items(mut self, least: u32) -> Self {
        self.min_items = least;
        self
    }

    /// Sets the greatest number of blocks; 0, the default, is no limit.
    #[must_use]
    pub fn max_items(mut self, most: u32) -> Self {
        self.max_items = most;
        self
    }

    /// Sets the description, in Markdown.
    #[must_use]
    pub fn describe(mut self, description: &str) -> Self {
        self.description = description.to_owned();
        self
    }
}

/// Access for the framework and the documentation.
impl Block {
    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the number of times it may stand, and the form of its value.
    #[must_use]
    pub fn nesting(&self) -> Nesting {
        self.nesting
    }

    /// Returns the description, in Markdown.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Returns the least and the greatest number of blocks; 0 is no limit.
    #[must_use]
    pub fn items(&self) -> (u32, u32) {
        match self.nesting {
            Nesting::Single => (self.min_items, self.min_items),
            Nesting::List | Nesting::Set => (self.min_items, self.max_items),
        }
    }

    /// Returns the attributes, in the order in which they were added.
    #[must_use]
    pub fn all_attributes(&self) -> &[Attribute] {
        &self.body.attributes
    }

    /// Returns the blocks in it, in the order in which they were added.
    #[must_use]
    pub fn all_blocks(&self) -> &[Self] {
        &self.body.blocks
    }

    /// Returns the type of its value.
    #[must_use]
    pub fn ty(&self) -> Type {
        match self.nesting {
            Nesting::Single => self.body.ty(),
            Nesting::List => Type::list(self.body.ty()),
            Nesting::Set => Type::set(self.body.ty()),
        }
    }

    pub(crate) fn body(&self) -> &Body {
        &self.body
    }

    pub(super) fn body_mut(&mut self) -> &mut Body {
        &mut self.body
    }

    /// The value where the configuration has no such block: Terraform demands empty
    /// collections, and null only for a single block.
    pub(crate) fn absent(&self) -> Value {
        match self.nesting {
            Nesting::Single => Value::Null,
            Nesting::List | Nesting::Set => Value::List(Vec::new()),
        }
    }

    fn example(&self) -> Value {
        match self.nesting {
            Nesting::Single => self.body.example(),
            Nesting::List | Nesting::Set => Value::list([self.body.example()]),
        }
    }
}

/// The arguments and blocks between two braces, and the rules over them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body {
    pub(super) attributes: Vec<Attribute>,
    pub(super) blocks: Vec<Block>,
    checks: Vec<Check>,
}

impl Body {
    pub(crate) fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    pub(crate) fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    pub(super) fn add_check(&mut self, check: Check) {
        self.checks.push(check);
    }

    /// Runs every rule on values of this body, which stand at `path`.
    pub(crate) fn check(&self, values: &Value, path: &Path) -> Diagnostics {
        self.checks.iter().flat_map(|check| (check.0)(self, values, path)).collect()
    }

    /// The type of its value: an object of attributes and blocks.
    pub(super) fn ty(&self) -> Type {
        let attributes = self.attributes.iter().map(|each| (each.name(), each.ty().clone()));
        Type::object(attributes.chain(self.blocks.iter().map(|each| (each.name(), each.ty()))))
    }

    /// A value with nothing set.
    pub(crate) fn empty(&self) -> Value {
        self.value(|_| Value::Null, Block::absent)
    }

    /// A value in which everything has a plain example, to hold a model against.
    pub(super) fn example(&self) -> Value {
        let attribute = |each: &Attribute| {
            each.default_value().cloned().unwrap_or_else(|| example_of(each.ty()))
        };
        self.value(attribute, Block::example)
    }

    fn value(
        &self,
        attribute: impl Fn(&Attribute) -> Value,
        block: impl Fn(&Block) -> Value,
    ) -> Value {
        let attributes = self.attributes.iter().map(|each| (each.name(), attribute(each)));
        Value::map(attributes.chain(self.blocks.iter().map(|each| (each.name(), block(each)))))
    }

    /// Runs every rule, those of nested blocks too, on values in which nothing, everything
    /// and everything unknown is given, so that one which looks at an attribute that the
    /// schema does not have panics here and not at a user's.
    pub(super) fn try_checks(&self) {
        let unknown = self.value(|_| Value::Unknown, |_| Value::Unknown);
        for values in [self.empty(), self.example(), unknown] {
            self.check(&values, &Path::root());
        }
        self.blocks.iter().for_each(|block| block.body.try_checks());
    }

    /// Finds an attribute of a nested block that asks for more than the framework plans
    /// there, and names the block.
    pub(super) fn beyond_plan(&self) -> Option<String> {
        self.blocks.iter().find_map(|block| block.beyond_plan(false))
    }
}

impl Block {
    fn beyond_plan(&self, in_set: bool) -> Option<String> {
        let in_set = in_set || self.nesting == Nesting::Set;
        let name = &self.name;
        let fault = self.body.attributes.iter().find_map(|each| {
            let why = if each.twin().is_some() || each.is_local() {
                "neither write-only nor local"
            } else if in_set && (each.is_computed() || each.replaces() || each.has_spellings()) {
                "required or optional and no more, as the block is in a set"
            } else {
                return None;
            };
            Some(format!("`{}` in the block `{name}` has to be {why}", each.name()))
        });
        let nested = || self.body.blocks.iter().find_map(|block| block.beyond_plan(in_set));
        fault.or_else(nested)
    }
}

type Rule = Arc<dyn Fn(&Body, &Value, &Path) -> Diagnostics + Send + Sync>;

/// A rule over the values of a whole body.
#[derive(Clone)]
pub(super) struct Check(pub(super) Rule);

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Check")
    }
}

fn example_of(ty: &Type) -> Value {
    match ty {
        Type::String => Value::from(""),
        Type::Number => Value::from(1),
        Type::Bool => Value::from(false),
        Type::List(element) | Type::Set(element) => Value::list([example_of(element)]),
        Type::Map(_) => Value::Map(BTreeMap::new()),
        Type::Dynamic => Value::Null,
        Type::Tuple(elements) => elements.iter().map(example_of).collect(),
        Type::Object(fields) => Value::map(fields.iter().map(|(name, ty)| (name, example_of(ty)))),
    }
}
