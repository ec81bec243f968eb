//! What a block of configuration may hold, written down once by the author.
//!
//! Validation, planning, the schema Terraform asks for and the generated
//! documentation all follow from it. A schema knows nothing of the wire and
//! nothing of the Rust struct that carries the values.
//!
//! Source: Terraform plugin protocol 5, message `Schema`.

mod attribute;
mod block;
mod check;
mod entries;
mod key;
mod shape;
mod timeouts;
mod validator;
mod view;
mod word;

use std::collections::BTreeMap;
use std::fmt;

pub use self::attribute::{Attribute, Presence, bool, list, map, number, object, set, string};
pub use self::block::{Block, Nesting, block};
pub(crate) use self::check::Check;
pub use self::entries::{Entries, Entry};
pub use self::key::{Key, key};
pub use self::shape::{Field, Shape, field, object_type};
pub use self::timeouts::{Operation, parse_duration};
pub(crate) use self::timeouts::{TIMEOUTS, Timeouts};
pub use self::validator::{Validator, Violation, length, one_of, rule};
pub use self::view::{Given, View};
pub use self::word::{nearest, same_word};
use crate::diagnostics::Diagnostics;
use crate::value::{Type, Value};

/// The shape of a provider block or of a resource.
pub struct Schema {
    name: String,
    description: String,
    version: u32,
    attributes: Vec<Attribute>,
    blocks: Vec<Block>,
    timeouts: Option<Timeouts>,
    checks: Vec<Check>,
}

impl Schema {
    /// A resource's schema. The type's name in Terraform is the provider's name,
    /// an underscore and `noun`.
    #[must_use]
    pub fn resource(noun: &str, description: &str) -> Self {
        Self::named(noun, description)
    }

    /// A data source's schema. The type's name in Terraform is made as that of a resource.
    #[must_use]
    pub fn data_source(noun: &str, description: &str) -> Self {
        Self::named(noun, description)
    }

    /// The schema of the provider block.
    #[must_use]
    pub fn provider(description: &str) -> Self {
        Self::named("", description)
    }

    fn named(name: &str, description: &str) -> Self {
        Self {
            name: name.to_owned(),
            description: description.to_owned(),
            version: 0,
            attributes: Vec::new(),
            blocks: Vec::new(),
            timeouts: None,
            checks: Vec::new(),
        }
    }

    /// Adds an attribute, and its write-only twin where it has one.
    #[must_use]
    pub fn attribute(mut self, attribute: Attribute) -> Self {
        let twin = attribute.write_only_twin();
        self.attributes.push(attribute);
        self.attributes.extend(twin);
        self
    }

    /// Adds several attributes.
    #[must_use]
    pub fn attributes(self, attributes: impl IntoIterator<Item = Attribute>) -> Self {
        attributes.into_iter().fold(self, Self::attribute)
    }

    /// Adds a nested block.
    #[must_use]
    pub fn block(mut self, block: Block) -> Self {
        self.blocks.push(block);
        self
    }

    /// Adds a `timeouts` block with an argument for each of `operations` and
    /// what holds where it is not given.
    #[must_use]
    pub fn timeouts(
        mut self,
        operations: impl IntoIterator<Item = (Operation, std::time::Duration)>,
    ) -> Self {
        let timeouts = Timeouts::new(operations);
        self.blocks.push(timeouts.block());
        self.timeouts = Some(timeouts);
        self
    }

    /// Ends every operation after `limit`, where there is no `timeouts` block.
    #[must_use]
    pub fn time_limit(mut self, limit: std::time::Duration) -> Self {
        self.timeouts = Some(Timeouts::fixed(limit));
        self
    }

    /// Adds a rule over the whole configuration.
    ///
    /// It runs at validation, where values may be unknown, and again before
    /// every plan, where more are known.
    #[must_use]
    pub fn check(
        mut self,
        check: impl Fn(&View<'_>) -> Diagnostics + Send + Sync + 'static,
    ) -> Self {
        self.checks.push(Check::new(check));
        self
    }

    /// Sets the version that state is stored under; 0 where it is never set.
    #[must_use]
    pub fn version(mut self, version: u32) -> Self {
        self.version = version;
        self
    }

    /// The noun, without the provider's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is for, in Markdown.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The version that state is stored under.
    #[must_use]
    pub fn state_version(&self) -> u32 {
        self.version
    }

    /// The attributes, in the order the author gave them.
    #[must_use]
    pub fn all_attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The nested blocks.
    #[must_use]
    pub fn all_blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The attribute of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|each| each.name() == name)
    }

    pub(crate) fn configured_timeouts(&self) -> Option<&Timeouts> {
        self.timeouts.as_ref()
    }

    pub(crate) fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// The type of a whole value: an object of attributes and blocks.
    #[must_use]
    pub fn ty(&self) -> Type {
        Type::Object(object_fields(&self.attributes, &self.blocks))
    }

    /// A value with nothing set.
    pub(crate) fn empty(&self) -> Value {
        let mut fields: BTreeMap<String, Value> =
            self.attributes.iter().map(|each| (each.name().to_owned(), Value::Null)).collect();
        fields.extend(self.blocks.iter().map(|each| (each.name().to_owned(), each.absent())));
        Value::Map(fields)
    }

    /// A value in which everything has a plain example, to hold a model against.
    pub(crate) fn example(&self) -> Value {
        let mut fields: BTreeMap<String, Value> = self
            .attributes
            .iter()
            .map(|each| {
                let example =
                    each.default_value().cloned().unwrap_or_else(|| example_of(each.ty()));
                (each.name().to_owned(), example)
            })
            .collect();
        fields.extend(self.blocks.iter().map(|each| (each.name().to_owned(), each.absent())));
        Value::Map(fields)
    }
}

/// Finding mistakes in a schema.
impl Schema {
    /// Runs every check on a block in which nothing, everything and everything unknown is
    /// given, so that one which looks at an attribute that the schema does not have
    /// panics here and not at a user's.
    pub(crate) fn try_checks(&self) {
        let unknown = Value::Map(
            self.ty()
                .attributes()
                .into_iter()
                .flatten()
                .map(|(name, _)| (name.clone(), Value::Unknown))
                .collect(),
        );
        for values in [self.empty(), self.example(), unknown] {
            let view = View::new(self, &values);
            self.checks.iter().for_each(|check| _ = check.run(&view));
        }
    }
}

fn example_of(ty: &Type) -> Value {
    match ty {
        Type::String => Value::String(String::new()),
        Type::Number => Value::from(1_i64),
        Type::Bool => Value::Bool(false),
        Type::List(element) | Type::Set(element) => Value::List(vec![example_of(element)]),
        Type::Map(_) => Value::Map(BTreeMap::new()),
        Type::Dynamic => Value::Null,
        Type::Tuple(elements) => Value::List(elements.iter().map(example_of).collect()),
        Type::Object(fields) => {
            Value::Map(fields.iter().map(|(name, ty)| (name.clone(), example_of(ty))).collect())
        }
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schema").field("name", &self.name).finish_non_exhaustive()
    }
}

fn object_fields(attributes: &[Attribute], blocks: &[Block]) -> BTreeMap<String, Type> {
    attributes
        .iter()
        .map(|each| (each.name().to_owned(), each.ty().clone()))
        .chain(blocks.iter().map(|each| (each.name().to_owned(), each.ty())))
        .collect()
}
