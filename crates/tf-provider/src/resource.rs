//! The trait that the author of a resource implements.
//!
//! A resource says what it is with a [`Schema`] and makes its calls in five
//! handlers. Handlers see plain Rust structs with nothing unknown in them; what
//! every resource would otherwise copy (defaults, unknown marking, write-only
//! values, replacement, timeouts, private data) is the framework's.

mod adapter;
mod context;
mod plan;
mod upgrades;

pub(crate) use self::adapter::{Adapter, Handlers};
pub(crate) use self::context::{Checkpoint, Reply, Request};
pub use self::context::{Create, Delete, Import, Read, Update};
pub(crate) use self::plan::Draft;
pub use self::plan::Plan;
pub use self::upgrades::Upgrades;

use std::future::Future;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::diagnostics::{Diagnostic, Result};
use crate::schema::Schema;
use crate::value::Value;

/// A managed resource type.
///
/// `Model` is the struct that carries an object's attributes, named as in the
/// schema. Attributes that it leaves out keep what was planned or stored.
pub trait Resource: Sized + Send + Sync + 'static {
    /// The result of configuring the provider.
    type Provider: Send + Sync + 'static;
    /// The attributes of one object.
    type Model: Serialize + DeserializeOwned + Send + 'static;
    /// Data that the provider remembers of an object and Terraform never shows. It is
    /// stored in state, so it holds no secret.
    type Private: Serialize + DeserializeOwned + Default + Send + 'static;

    /// Returns the shape of the resource.
    fn schema(&self) -> Schema;

    /// Returns the steps by which state of older [versions](Schema::version) of the schema
    /// becomes today's model. Attributes that the model leaves out stay as stored.
    fn upgrades(&self) -> Upgrades<Self::Model> {
        Upgrades::new()
    }

    /// Creates the object.
    ///
    /// A handler that fails after the object exists calls
    /// [`checkpoint`](Create::checkpoint) first: Terraform stores what was last saved
    /// there beside the error.
    fn create(
        &self,
        planned: Self::Model,
        cx: &mut Create<Self>,
    ) -> impl Future<Output = Result<Self::Model>> + Send;

    /// Refreshes the object; `None` where it is gone.
    ///
    /// After an import, `state` holds no more than what the import gave.
    fn read(
        &self,
        state: Self::Model,
        cx: &mut Read<Self>,
    ) -> impl Future<Output = Result<Option<Self::Model>>> + Send;

    /// Updates the object in place.
    fn update(
        &self,
        change: Change<Self::Model>,
        cx: &mut Update<Self>,
    ) -> impl Future<Output = Result<Self::Model>> + Send;

    /// Deletes the object. One that is already gone is a success.
    fn delete(
        &self,
        state: Self::Model,
        cx: &mut Delete<Self>,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Looks at a plan before computed values are marked unknown, and may fill
    /// in values that only the provider knows. It must give the same answer
    /// every time: Terraform plans again before it applies.
    fn plan(&self, plan: &mut Plan<Self>) -> impl Future<Output = Result<()>> + Send {
        let _ = plan;
        async { Ok(()) }
    }

    /// Turns an import id into the attributes that [`read`](Resource::read)
    /// needs to find the object.
    fn import(
        &self,
        id: String,
        cx: &mut Import<Self>,
    ) -> impl Future<Output = Result<ImportState>> + Send {
        let _ = (id, cx);
        async {
            Err(Diagnostic::error("This resource cannot be imported")
                .detail("Its type does not say how an id names an object.")
                .into())
        }
    }
}

/// An object before and after an update. Closed: there are these two sides, and handlers
/// take them apart.
#[derive(Debug)]
pub struct Change<M> {
    /// The object as it is stored.
    pub before: M,
    /// The object as it is planned.
    pub after: M,
}

/// The first attributes of an imported object; everything else is null until
/// the refresh that follows.
#[derive(Clone, Debug, Default)]
pub struct ImportState(Vec<(String, Value)>);

impl ImportState {
    /// Nothing known yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets an attribute.
    #[must_use]
    pub fn set(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn into_fields(self) -> impl Iterator<Item = (String, Value)> {
        self.0.into_iter()
    }
}
