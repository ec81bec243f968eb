//! What the author of a data source writes.
//!
//! A data source says what it is with a [`Schema`] and has one handler, which reads. It
//! has no plan, no stored object and no private data: Terraform reads it anew in every
//! plan, and in the apply where an argument is not known before.

mod adapter;

use std::future::Future;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) use self::adapter::{Adapter, Handlers};
use crate::call::Call;
use crate::diagnostics::Result;
use crate::schema::Schema;

/// A data source type.
///
/// `Model` is the struct that carries the attributes, named as in the schema. Attributes
/// that it leaves out keep what is configured.
pub trait DataSource: Sized + Send + Sync + 'static {
    /// The result of configuring the provider.
    type Provider: Send + Sync + 'static;
    /// The attributes: the arguments, and what is read.
    ///
    /// In what [`read`](DataSource::read) is given, every attribute that is not configured
    /// is null, which serde reads as `None`, or as the default of a field that is marked
    /// with `#[serde(default)]`. So a computed text is an `Option<String>`, and a computed
    /// list is a `Vec` with `#[serde(default)]`. Building the provider fails in debug
    /// builds where a field is neither.
    type Model: Serialize + DeserializeOwned + Send + 'static;

    /// The shape of the data source, from [`Schema::data_source`].
    fn schema(&self) -> Schema;

    /// Reads the object or the objects that `config` names.
    ///
    /// The arguments come back as they were configured: another value is an error of the
    /// provider, but for another spelling by
    /// [`semantic_equality`](crate::schema::Attribute::semantic_equality), of which the
    /// configured one is kept. What is not found is an error: Terraform has no notion of a
    /// data source without a value.
    ///
    /// # Errors
    ///
    /// As the handler reports them. Nothing is stored then.
    fn read(
        &self,
        config: Self::Model,
        cx: &mut Read<Self>,
    ) -> impl Future<Output = Result<Self::Model>> + Send;
}

/// The rest of the request: what every operation has, and nothing beyond.
pub type Read<D> = Call<<D as DataSource>::Provider>;
