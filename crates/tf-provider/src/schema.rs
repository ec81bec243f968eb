//! The arguments and results of a resource or of the provider block, written down once by
//! the author.
//!
//! Validation, planning, the schema Terraform asks for and the generated documentation all
//! follow from it. A schema knows nothing of the wire and nothing of the Rust struct that
//! carries the values.
//!
//! Source: Terraform plugin protocol 5, message `Schema`.

mod attribute;
mod block;
mod check;
mod entries;
mod given;
mod key;
mod shape;
mod timeouts;
mod validator;
mod view;
mod word;

use std::fmt;
use std::time::Duration;

pub use self::attribute::{Attribute, Presence, bool, list, map, number, object, set, string};
pub(crate) use self::block::Body;
use self::block::Check;
pub use self::block::{Block, Nesting, block};
pub use self::check::{conflicts_with, exactly_one_of, required_with};
pub use self::entries::{Entries, Entry};
pub use self::given::Given;
pub use self::key::{Key, key};
pub use self::shape::{Field, Shape, field, object_type};
pub use self::timeouts::{Operation, parse_duration};
pub(crate) use self::timeouts::{TIMEOUTS, Timeouts};
pub use self::validator::{
    Validator, Violation, between, length, max_items, min_items, one_of, rule, whole,
};
pub use self::view::View;
pub use self::word::{nearest, same_word};
use crate::diagnostics::Diagnostics;
use crate::value::{Path, Type, Value};

/// The shape of a provider block or of a resource.
pub struct Schema {
    name: String,
    description: String,
    version: u32,
    body: Body,
    timeouts: Option<Timeouts>,
}

impl Schema {
    /// Starts the schema of a resource. The type's name in Terraform is the provider's name,
    /// an underscore and `noun`.
    #[must_use]
    pub fn resource(noun: &str, description: &str) -> Self {
        Self::named(noun, description)
    }

    /// Starts the schema of a data source. The type's name in Terraform is made as that of a
    /// resource.
    #[must_use]
    pub fn data_source(noun: &str, description: &str) -> Self {
        Self::named(noun, description)
    }

    /// Starts the schema of the provider block.
    #[must_use]
    pub fn provider(description: &str) -> Self {
        Self::named("", description)
    }

    fn named(name: &str, description: &str) -> Self {
        Self {
            name: name.to_owned(),
            description: description.to_owned(),
            version: 0,
            body: Body::default(),
            timeouts: None,
        }
    }

    /// Adds an attribute, and its write-only twin where it has one.
    #[must_use]
    pub fn attribute(mut self, attribute: Attribute) -> Self {
        let twin = attribute.write_only_twin();
        self.body.attributes.push(attribute);
        self.body.attributes.extend(twin);
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
        self.body.blocks.push(block);
        self
    }

    /// Adds a `timeouts` block with an argument for each of `operations` and its default.
    #[must_use]
    pub fn timeouts(mut self, operations: impl IntoIterator<Item = (Operation, Duration)>) -> Self {
        let timeouts = Timeouts::new(operations);
        self.body.blocks.push(timeouts.block());
        self.timeouts = Some(timeouts);
        self
    }

    /// Ends every operation after `limit`, where there is no `timeouts` block.
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.timeouts = Some(Timeouts::fixed(limit));
        self
    }

    /// Adds a rule over the whole configuration, such as [`exactly_one_of`].
    ///
    /// It runs at validation, where values may be unknown, and again before
    /// every plan, where more are known.
    #[must_use]
    pub fn check(
        mut self,
        check: impl Fn(&View<'_>) -> Diagnostics + Send + Sync + 'static,
    ) -> Self {
        self.body.add_check(Check::new(check));
        self
    }

    /// Sets the version that state is stored under; 0 where it is never set. It goes up by
    /// one where an attribute changes its meaning or type: see
    /// [`Resource::upgrades`](crate::Resource::upgrades). An attribute may be added or
    /// removed without a new version.
    #[must_use]
    pub fn version(mut self, version: u32) -> Self {
        self.version = version;
        self
    }

    /// Returns the noun, without the provider's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the description, in Markdown.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Returns the version that state is stored under.
    #[must_use]
    pub fn state_version(&self) -> u32 {
        self.version
    }

    /// Returns the attributes, in the order in which they were added.
    #[must_use]
    pub fn all_attributes(&self) -> &[Attribute] {
        self.body.attributes()
    }

    /// Returns the nested blocks, in the order in which they were added.
    #[must_use]
    pub fn all_blocks(&self) -> &[Block] {
        self.body.blocks()
    }

    /// Finds the attribute of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Attribute> {
        self.body.attributes().iter().find(|each| each.name() == name)
    }

    pub(crate) fn configured_timeouts(&self) -> Option<&Timeouts> {
        self.timeouts.as_ref()
    }

    pub(crate) fn body(&self) -> &Body {
        &self.body
    }

    /// Returns the type of a whole value: an object of attributes and blocks.
    #[must_use]
    pub fn ty(&self) -> Type {
        self.body.ty()
    }

    /// A value with nothing set.
    pub(crate) fn empty(&self) -> Value {
        self.body.empty()
    }

    /// A value in which everything has a plain example, to hold a model against.
    pub(crate) fn example(&self) -> Value {
        self.body.example()
    }

    /// Runs every check on made-up values, so that one which looks at an attribute that the
    /// schema does not have panics here and not at a user's.
    pub(crate) fn try_checks(&self) {
        self.body.try_checks();
    }

    /// Finds an attribute of a nested block that the framework does not plan there.
    pub(crate) fn beyond_plan(&self) -> Option<String> {
        self.body.beyond_plan()
    }
}

impl<'a> View<'a> {
    /// A view of values that have the whole shape of `schema`.
    #[must_use]
    pub fn new(schema: &'a Schema, values: &'a Value) -> Self {
        Self::of(&schema.body, values, Path::root())
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schema").field("name", &self.name).finish_non_exhaustive()
    }
}
