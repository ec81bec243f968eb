//! From values to an author's types and back, for data sources: their types are erased
//! here, so that the server can hold data sources of all kinds.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::DataSource;
use crate::call::Request;
use crate::diagnostics::{Diagnostics, Result};
use crate::model::{self, decode, encode};
use crate::schema::{Attribute, Block, Body, Presence, Schema, TIMEOUTS};
use crate::value::Value;

/// A [`DataSource`] that works on values.
pub(crate) trait Handlers: Send + Sync {
    fn schema(&self) -> &Schema;
    /// Reads, and returns the model's values with the warnings of the call.
    fn read(&self, request: Request, config: Value) -> Pending;
    /// Describes what is wrong with the schema or the model, where anything is.
    fn disagreement(&self) -> Option<String>;
}

type Pending = BoxFuture<'static, (Result<Value>, Diagnostics)>;

/// A data source with its schema, made once.
pub(crate) struct Adapter<D> {
    data_source: Arc<D>,
    schema: Schema,
}

impl<D: DataSource> Adapter<D> {
    pub(crate) fn new(data_source: D) -> Self {
        let schema = data_source.schema();
        Self { data_source: Arc::new(data_source), schema }
    }
}

impl<D: DataSource> Handlers for Adapter<D> {
    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn read(&self, request: Request, config: Value) -> Pending {
        let data_source = Arc::clone(&self.data_source);
        Box::pin(async move {
            let mut cx = request.into_call();
            let outcome = match decode(config) {
                Ok(config) => data_source.read(config, &mut cx).await,
                Err(defect) => Err(defect),
            };
            (outcome.and_then(|model| encode(&model)), cx.into_warnings())
        })
    }

    fn disagreement(&self) -> Option<String> {
        misplaced(&self.schema)
            .or_else(|| model::disagreement::<D::Model>(&self.schema))
            .or_else(|| unreadable::<D>(&self.schema))
    }
}

/// Finds a rule that only a resource can follow: a data source has no plan, no state of
/// its own and no operation but reading.
fn misplaced(schema: &Schema) -> Option<String> {
    let mut timeouts = schema.all_blocks().iter().filter(|each| each.name() == TIMEOUTS);
    let timeout = timeouts.find_map(|block| {
        let other = block.all_attributes().iter().find(|each| each.name() != "read")?;
        Some(format!("a data source is only read: it cannot have the timeout `{}`", other.name()))
    });
    let version = (schema.state_version() != 0)
        .then(|| "a data source is never upgraded, so it cannot have a version".to_owned());
    planned_attribute(schema.body()).or(timeout).or(version)
}

/// Finds an attribute with such a rule, in nested blocks too.
fn planned_attribute(body: &Body) -> Option<String> {
    let own = body.attributes().iter().find_map(|each| {
        Some(format!("`{}` of a data source cannot have {}", each.name(), plan_rule(each)?))
    });
    own.or_else(|| body.blocks().iter().find_map(|block| planned_attribute(block.body())))
}

/// The first rule of an attribute that concerns a plan or stored state.
fn plan_rule(attribute: &Attribute) -> Option<&'static str> {
    [
        (attribute.replaces(), "`requires_replace`"),
        (attribute.is_stable(), "`use_state_for_unknown`"),
        (attribute.default_value().is_some(), "a `default`"),
        (attribute.is_write_only() || attribute.twin().is_some(), "a write-only twin"),
        (attribute.is_local(), "`local`"),
    ]
    .into_iter()
    .find_map(|(is_set, name)| is_set.then_some(name))
}

/// Finds a model that cannot hold a configuration of nothing but required arguments.
fn unreadable<D: DataSource>(schema: &Schema) -> Option<String> {
    let mut config = schema.empty();
    let example = schema.example();
    let attributes = schema.all_attributes().iter();
    let required = attributes.filter(|each| each.presence() == Presence::Required);
    let blocks = schema.all_blocks().iter().filter(|each| each.items().0 > 0);
    for name in required.map(Attribute::name).chain(blocks.map(Block::name)) {
        if let (Some(slot), Some(value)) = (config.get_mut(name), example.get(name)) {
            *slot = value.clone();
        }
    }
    let error = model::read::<D::Model>(config).err()?;
    Some(format!("the model cannot hold a configuration without optional arguments: {error}"))
}
