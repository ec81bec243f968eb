//! `ValidateDataSourceConfig` and `ReadDataSource`: what does the service have under
//! this configuration?
//!
//! Terraform itself moves a read to the apply where the configuration is not known yet.
//! Another client may not, and is answered with a deferral or an error.
//!
//! Source: Terraform plugin protocol 5, messages `ReadDataSource` and `Deferred`.

use super::resource::complete;
use super::resource::validate::{missing_values, validate_block};
use super::{Server, deadline};
use crate::data_source::Handlers;
use crate::diagnostics::{Diagnostic, Diagnostics, Result};
use crate::model::defect;
use crate::schema::{Attribute, Block, Body, Nesting, Operation, Schema};
use crate::value::{Path, Value};

/// The outcome of reading a data source that did not fail.
#[derive(Debug)]
pub(crate) enum DataRead {
    /// The values, and the warnings of the read.
    State(Value, Diagnostics),
    /// Put off until the configuration is known.
    Deferred,
}

impl Server {
    pub(crate) fn data_source_schemas(&self) -> impl Iterator<Item = (&str, &Schema)> {
        self.parts.data_sources.iter().map(|(name, handlers)| (name.as_str(), handlers.schema()))
    }

    pub(crate) fn data_source_schema(&self, type_name: &str) -> Result<&Schema> {
        self.data_source(type_name).map(Handlers::schema)
    }

    pub(crate) fn validate_data_source(
        &self,
        type_name: &str,
        config: &Value,
    ) -> Result<Diagnostics> {
        Ok(validate_block(self.data_source_schema(type_name)?, config))
    }

    /// Reads a data source. Where the configuration is not wholly known, the read is
    /// deferred if the client allows that, and fails otherwise.
    pub(crate) async fn read_data_source(
        &self,
        type_name: &str,
        config: Value,
        deferral_allowed: bool,
    ) -> Result<DataRead> {
        let handlers = self.data_source(type_name)?;
        let schema = handlers.schema();
        if !config.is_wholly_known() {
            return match deferral_allowed {
                true => Ok(DataRead::Deferred),
                false => Err(not_known_yet(schema, &config)),
            };
        }
        let missing = missing_values(schema, &config);
        if missing.has_errors() {
            return Err(missing);
        }
        let request = self.call(deadline(schema, Operation::Read, &config))?;
        let (outcome, mut diagnostics) = handlers.read(request, config.clone()).await;
        let outcome = outcome.and_then(|read| {
            let state = complete(schema, &read, &config);
            let changed = changed_arguments(schema.body(), &config, &state, &Path::root());
            if changed.is_empty() {
                return Ok(state);
            }
            Err(changed.into_iter().map(changed_argument).collect())
        });
        match outcome {
            Ok(state) => Ok(DataRead::State(state, diagnostics)),
            Err(errors) => {
                diagnostics.extend(errors);
                Err(diagnostics)
            }
        }
    }

    fn data_source(&self, type_name: &str) -> Result<&dyn Handlers> {
        self.parts.data_sources.get(type_name).map(AsRef::as_ref).ok_or_else(|| {
            Diagnostic::error("Unknown data source")
                .detail(format!("This provider has no data source `{type_name}`."))
                .into()
        })
    }
}

/// An error for each argument that is not known yet.
fn not_known_yet(schema: &Schema, config: &Value) -> Diagnostics {
    let error = |name: &str| {
        let detail = format!(
            "`{name}` comes from an object that is not applied yet, and the data source cannot \
             be read before. Apply that object first, for example with `-target`."
        );
        Diagnostic::error("An argument is not known yet").detail(detail).at(name)
    };
    let attributes = schema.all_attributes().iter().map(Attribute::name);
    let names = attributes.chain(schema.all_blocks().iter().map(Block::name));
    let is_known = |name: &str| config.get(name).is_some_and(Value::is_wholly_known);
    names.filter(|name| !is_known(name)).map(error).collect()
}

/// The error for an argument that is not what is configured.
fn changed_argument(path: Path) -> Diagnostic {
    defect(format!("The data source was read, and changed its argument `{path}`.")).at(path)
}

/// The places of arguments that are not what is configured. An argument that is not
/// configured may have a value only if it is computed.
fn changed_arguments(body: &Body, config: &Value, state: &Value, at: &Path) -> Vec<Path> {
    let side = |name: &str| [config, state].map(|side| side.get(name).unwrap_or(&Value::Null));
    let attributes = body.attributes().iter().filter(|attribute| {
        let [before, after] = side(attribute.name());
        let is_decided_here = before.is_null() && attribute.is_computed();
        !(is_decided_here || before.same_as(after, attribute.ty()))
    });
    let own = attributes.map(|attribute| at.clone().attribute(attribute.name()));
    let nested = body.blocks().iter().flat_map(|block| {
        let at = at.clone().attribute(block.name());
        match (block.nesting(), side(block.name())) {
            (Nesting::Single, [before @ Value::Map(_), after @ Value::Map(_)]) => {
                changed_arguments(block.body(), before, after, &at)
            }
            (Nesting::List, [Value::List(before), Value::List(after)])
                if before.len() == after.len() =>
            {
                let pairs = before.iter().zip(after).enumerate();
                let changed = pairs.map(|(index, (before, after))| {
                    changed_arguments(block.body(), before, after, &at.clone().element(index))
                });
                changed.flatten().collect()
            }
            (_, [before, after]) if before.same_as(after, &block.ty()) => Vec::new(),
            _ => vec![at],
        }
    });
    own.chain(nested).collect()
}
