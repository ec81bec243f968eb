//! A provider: its configuration and the list of everything it serves.
//!
//! The author builds one with [`Provider::new`] and ends `main` with
//! [`Provider::serve`](crate::Provider::serve). From here on down nothing knows the author's types.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::data_source::{self, DataSource, Handlers as _};
use crate::diagnostics::{Diagnostic, Diagnostics, Result};
use crate::resource::{self, Handlers as _, Resource};
use crate::schema::{Schema, View};
use crate::value::Value;

/// A Terraform provider whose configuration becomes a `P`.
pub struct Provider<P> {
    parts: Parts,
    configured: PhantomData<fn() -> P>,
}

/// The parts of a provider that the server needs, free of the author's types.
pub(crate) struct Parts {
    /// The prefix of all type names, without the underscore.
    pub(crate) name: String,
    /// The source address, by which a developer's configuration finds the process.
    pub(crate) address: String,
    pub(crate) version: String,
    /// The schema of the provider block.
    pub(crate) schema: Arc<Schema>,
    /// Makes what all handlers share. Returns warnings with an error, too.
    pub(crate) configure: Configuring,
    pub(crate) resources: BTreeMap<String, Box<dyn resource::Handlers>>,
    pub(crate) data_sources: BTreeMap<String, Box<dyn data_source::Handlers>>,
}

type Shared = Arc<dyn Any + Send + Sync>;
type Configuring =
    Box<dyn Fn(Configure) -> BoxFuture<'static, (Result<Shared>, Diagnostics)> + Send + Sync>;

impl<P: Send + Sync + 'static> Provider<P> {
    /// A provider called `name`, which serves nothing yet. `configure` turns the provider
    /// block into the value that all handlers share. It runs before anything is planned, so
    /// values of the block may be unknown.
    #[must_use]
    pub fn new<F>(name: &str, schema: Schema, configure: F) -> Self
    where
        F: for<'a> AsyncConfigure<'a, P> + Send + Sync + 'static,
    {
        if cfg!(debug_assertions) {
            schema.try_checks();
        }
        let configure = Arc::new(configure);
        let parts = Parts {
            name: name.to_owned(),
            address: format!("registry.terraform.io/hashicorp/{name}"),
            version: "0.0.0".to_owned(),
            schema: Arc::new(schema),
            configure: Box::new(move |mut cx| {
                let configure = Arc::clone(&configure);
                Box::pin(async move {
                    let shared = configure.call(&mut cx).await;
                    (shared.map(|shared| Arc::new(shared) as Shared), cx.warnings)
                })
            }),
            resources: BTreeMap::new(),
            data_sources: BTreeMap::new(),
        };
        Self { parts, configured: PhantomData }
    }

    /// Sets the source address, as `registry.terraform.io/<namespace>/<name>`.
    #[must_use]
    pub fn address(mut self, address: &str) -> Self {
        self.parts.address = address.to_owned();
        self
    }

    /// Sets the version, as `--version` prints it.
    #[must_use]
    pub fn version(mut self, version: &str) -> Self {
        self.parts.version = version.to_owned();
        self
    }

    /// Serves a resource.
    ///
    /// # Panics
    ///
    /// In debug builds, if the resource's model and schema do not agree, if a check looks at
    /// an attribute that the schema does not have, or if the provider already has a resource
    /// of this name.
    #[must_use]
    pub fn resource<R: Resource<Provider = P>>(mut self, resource: R) -> Self {
        let adapter = resource::Adapter::new(resource);
        let name = self.type_name(adapter.schema());
        if cfg!(debug_assertions) {
            assert_servable(
                &name,
                adapter.disagreement(),
                self.parts.resources.contains_key(&name),
            );
        }
        self.parts.resources.insert(name, Box::new(adapter));
        self
    }

    /// Serves a data source.
    ///
    /// # Panics
    ///
    /// In debug builds, as [`resource`](Self::resource); also if the schema has a rule for
    /// plans (such as `requires_replace` or `default`), or if the model cannot hold a
    /// configuration without optional arguments.
    #[must_use]
    pub fn data_source<D: DataSource<Provider = P>>(mut self, data_source: D) -> Self {
        let adapter = data_source::Adapter::new(data_source);
        let name = self.type_name(adapter.schema());
        if cfg!(debug_assertions) {
            let is_served = self.parts.data_sources.contains_key(&name);
            assert_servable(&format!("data.{name}"), adapter.disagreement(), is_served);
        }
        self.parts.data_sources.insert(name, Box::new(adapter));
        self
    }

    fn type_name(&self, schema: &Schema) -> String {
        format!("{}_{}", self.parts.name, schema.name())
    }

    /// Returns the schema of the provider block.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.parts.schema
    }

    /// Returns the resources by type name, for documentation.
    pub fn resource_schemas(&self) -> impl Iterator<Item = (&str, &Schema)> {
        self.parts.resources.iter().map(|(name, handlers)| (name.as_str(), handlers.schema()))
    }

    /// Returns the data sources by type name, for documentation.
    pub fn data_source_schemas(&self) -> impl Iterator<Item = (&str, &Schema)> {
        self.parts.data_sources.iter().map(|(name, handlers)| (name.as_str(), handlers.schema()))
    }

    /// The parts to be served.
    pub(crate) fn into_parts(self) -> Parts {
        self.parts
    }
}

fn assert_servable(name: &str, disagreement: Option<String>, is_served: bool) {
    assert!(disagreement.is_none(), "{name}: {}", disagreement.unwrap_or_default());
    assert!(!is_served, "{name} is served twice");
}

impl<P> fmt::Debug for Provider<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("name", &self.parts.name).finish_non_exhaustive()
    }
}

/// The request that a provider's `configure` is given.
pub struct Configure {
    pub(crate) schema: Arc<Schema>,
    pub(crate) config: Value,
    pub(crate) terraform_version: String,
    pub(crate) warnings: Diagnostics,
}

impl Configure {
    /// Returns the provider block, in which values may be unknown while planning.
    #[must_use]
    pub fn config(&self) -> View<'_> {
        View::new(&self.schema, &self.config)
    }

    /// Returns the version that the client, Terraform or OpenTofu, gives for itself.
    #[must_use]
    pub fn terraform_version(&self) -> &str {
        &self.terraform_version
    }

    /// Reports a warning. Configuring goes on.
    pub fn warn(&mut self, warning: Diagnostic) {
        self.warnings.push(warning);
    }
}

impl fmt::Debug for Configure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Configure")
            .field("terraform_version", &self.terraform_version)
            .finish_non_exhaustive()
    }
}

/// An `async fn(&mut Configure) -> Result<P>`, as [`Provider::new`] takes it.
pub trait AsyncConfigure<'a, P> {
    /// The future that it returns.
    type Future: Future<Output = Result<P>> + Send + 'a;

    /// Calls it.
    fn call(&self, cx: &'a mut Configure) -> Self::Future;
}

impl<'a, P, F, T> AsyncConfigure<'a, P> for F
where
    F: Fn(&'a mut Configure) -> T,
    T: Future<Output = Result<P>> + Send + 'a,
{
    type Future = T;

    fn call(&self, cx: &'a mut Configure) -> T {
        self(cx)
    }
}
