//! A block of values with its schema, for rules and handlers: by attribute name, each
//! null, unknown or known.
//!
//! A name that the schema does not have is a mistake in the provider's code and never
//! "not given": it panics. [`Provider::resource`](crate::Provider::resource) runs every
//! check of a schema in debug builds, so that a test which builds the provider finds
//! such a name.

use std::fmt;

use super::attribute::Attribute;
use super::block::{Block, Body, Nesting};
use super::entries::Entries;
use super::given::Given;
use crate::value::{Path, Value};

/// A block of values with its schema, looked at by name.
#[derive(Clone)]
pub struct View<'a> {
    body: &'a Body,
    values: &'a Value,
    /// Where write-only values are: a plan and a state have none.
    write_only: &'a Value,
    path: Path,
}

impl<'a> View<'a> {
    pub(super) fn of(body: &'a Body, values: &'a Value, path: Path) -> Self {
        Self { body, values, write_only: values, path }
    }

    /// The same values, but with the write-only ones of `config`.
    pub(crate) fn with_write_only(self, config: &'a Value) -> Self {
        Self { write_only: config, ..self }
    }

    /// Returns an attribute or nested block. Where the whole block is unknown, so is
    /// everything in it.
    ///
    /// # Panics
    ///
    /// Where the schema has no attribute or block of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Given<&'a Value> {
        match self.body.attributes().iter().find(|each| each.name() == name) {
            Some(attribute) if attribute.is_write_only() => look_up(self.write_only, name),
            Some(_) => look_up(self.values, name),
            None => self.look_up_block(name).1,
        }
    }

    /// Returns a text attribute.
    ///
    /// # Panics
    ///
    /// As [`View::get`].
    #[must_use]
    pub fn text(&self, name: &str) -> Given<&'a str> {
        self.get(name).and_then(Value::as_str)
    }

    /// Returns a nested block that stands at most once.
    ///
    /// # Panics
    ///
    /// Where the schema has no such block, or the block may stand more than once.
    #[must_use]
    pub fn block(&self, name: &str) -> Given<View<'a>> {
        let (block, values) = self.look_up_block(name);
        assert!(block.nesting() == Nesting::Single, "the block `{name}` may stand more than once");
        values.and_then(|values| Some(View::of(block.body(), values, self.path_of(name))))
    }

    /// Returns the nested blocks of this name, in the order in which they stand. A block
    /// of which the values are not known yet is a view in which everything is unknown; the
    /// whole is unknown where not even their number is known.
    ///
    /// # Panics
    ///
    /// Where the schema has no such block.
    #[must_use]
    pub fn blocks(&self, name: &str) -> Given<Vec<View<'a>>> {
        let (block, values) = self.look_up_block(name);
        values.and_then(|values| Some(elements(block, values, &self.path_of(name))))
    }

    /// Returns a map attribute and its write-only twin, where it has one, as one map.
    ///
    /// # Panics
    ///
    /// As [`View::get`].
    #[must_use]
    pub fn entries(&self, name: &str) -> Entries<'a> {
        let attribute = self.body.attributes().iter().find(|each| each.name() == name);
        let attribute = attribute.unwrap_or_else(|| panic!("the schema has no map `{name}`"));
        let map = |name, values| (self.path_of(name), look_up(values, name));
        Entries::new(
            attribute.declared_keys(),
            map(attribute.name(), self.values),
            attribute.twin().map(|twin| map(twin, self.write_only)),
        )
    }

    /// Returns the place of an argument or block of this block, for a diagnostic.
    #[must_use]
    pub fn path_of(&self, name: &str) -> Path {
        self.path.clone().attribute(name)
    }

    /// Returns the place of this block; the root for a resource and the provider.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn look_up_block(&self, name: &str) -> (&'a Block, Given<&'a Value>) {
        let block = self.body.blocks().iter().find(|each| each.name() == name);
        let block = block.unwrap_or_else(|| panic!("the schema has no `{name}`"));
        (block, look_up(self.values, name))
    }
}

/// For the framework's own rules.
impl<'a> View<'a> {
    /// This block, and every block in it that stands and is known, to any depth.
    pub(crate) fn with_nested(self) -> Vec<Self> {
        let nested: Vec<Self> = self
            .body
            .blocks()
            .iter()
            .filter_map(|block| self.blocks(block.name()).known())
            .flatten()
            .filter(|each| !each.values.is_unknown())
            .flat_map(Self::with_nested)
            .collect();
        std::iter::once(self).chain(nested).collect()
    }

    pub(crate) fn attributes(&self) -> &'a [Attribute] {
        self.body.attributes()
    }

    pub(crate) fn nested_blocks(&self) -> &'a [Block] {
        self.body.blocks()
    }

    /// Runs the author's checks of this block.
    pub(crate) fn check(&self) -> crate::Diagnostics {
        self.body.check(self.values, &self.path)
    }
}

/// The views of a nested block's values. Elements of sets cannot be addressed, so they
/// share the path of the set.
fn elements<'a>(block: &'a Block, values: &'a Value, path: &Path) -> Vec<View<'a>> {
    let view = |values, path| View::of(block.body(), values, path);
    let Some(many) = values.as_list() else { return vec![view(values, path.clone())] };
    let place = |index| match block.nesting() {
        Nesting::List => path.clone().index(index),
        Nesting::Single | Nesting::Set => path.clone(),
    };
    (0_i64..).zip(many).map(|(index, each)| view(each, place(index))).collect()
}

fn look_up<'a>(block: &'a Value, name: &str) -> Given<&'a Value> {
    match block {
        Value::Unknown => Given::Unknown,
        block => Given::of(block.get(name)),
    }
}

impl fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.values, f)
    }
}
