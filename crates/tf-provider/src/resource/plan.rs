//! A plan in the making, as a resource's plan hook sees it.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::Resource;
use super::context::{Exchange, context};
use crate::call::Call;
use crate::schema::{Schema, View};
use crate::value::Value;

/// The values a plan is made from, and what was decided so far.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    /// The stored object; null where there is none.
    pub(crate) prior: Value,
    pub(crate) config: Value,
    pub(crate) planned: Value,
    /// Attributes whose planned value the hook has decided.
    pub(crate) decided: BTreeSet<String>,
    /// Whether the hook demands a change where none shows.
    pub(crate) touched: bool,
}

context! {
    /// A plan to create or change an object.
    Plan { schema: Arc<Schema>, draft: Draft }
}

impl<R: Resource> Plan<R> {
    /// The stored object, where there is one.
    #[must_use]
    pub fn prior(&self) -> Option<View<'_>> {
        (!self.draft.prior.is_null()).then(|| View::new(&self.schema, &self.draft.prior))
    }

    /// The configuration as it is written, also what `ignore_changes` excludes.
    #[must_use]
    pub fn config(&self) -> View<'_> {
        View::new(&self.schema, &self.draft.config)
    }

    /// What is planned so far: the configuration but for what `ignore_changes`
    /// excludes, defaults, stored computed values, and the write-only values.
    #[must_use]
    pub fn planned(&self) -> View<'_> {
        View::new(&self.schema, &self.draft.planned).with_write_only(&self.draft.config)
    }

    /// Decides a computed value that is known already.
    ///
    /// # Panics
    ///
    /// In debug builds, where the schema has no such attribute.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        debug_assert!(self.draft.planned.get(name).is_some(), "the schema has no `{name}`");
        if let Some(slot) = self.draft.planned.get_mut(name) {
            *slot = value.into();
            self.draft.decided.insert(name.to_owned());
        }
    }

    /// Plans an update even where no attribute differs.
    pub fn touch(&mut self) {
        self.draft.touched = true;
    }
}
