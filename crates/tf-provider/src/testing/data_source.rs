//! Reading a data source: its configuration is validated, and the values that come back
//! are held against Terraform's rules.
//!
//! Terraform stores them only to show them and to hand them to other objects, so this
//! Core keeps none.

use std::ops::Deref;

use serde_json::Value as Json;

use super::core::{Core, of_the_provider};
use super::json;
use super::rules::Held;
use super::rules::planned::plan_valid;
use super::rules::stored::{Unknowns, whole};
use super::told::Told;
use crate::diagnostics::Diagnostics;
use crate::proto::client::{Body, Shape};
use crate::value::Value;

/// The values that a data source was read into, and the diagnostics of the read.
#[derive(Debug)]
#[must_use = "a read may have failed"]
pub struct DataState {
    told: Told,
    state: Json,
}

impl DataState {
    /// The values of all attributes and blocks. Null where the read failed.
    #[must_use]
    pub fn state(&self) -> &Json {
        &self.state
    }
}

impl Deref for DataState {
    type Target = Told;

    fn deref(&self) -> &Told {
        &self.told
    }
}

impl Core {
    /// Validates a configuration of the data source `type_name`.
    ///
    /// # Panics
    ///
    /// If the provider has no such data source.
    pub async fn validate_data(&self, type_name: &str, config: Json) -> Told {
        match json::configuration(&self.data_source(type_name).body, &config) {
            Ok(config) => Told::new(self.validated_data(type_name, &config).await),
            Err(errors) => Told::new(errors),
        }
    }

    /// Validates a configuration of the data source `type_name`, in which everything is
    /// known, and reads it.
    ///
    /// # Panics
    ///
    /// If the provider has no such data source or breaks a rule, and if something in the
    /// configuration is unknown: Terraform then waits for the apply.
    pub async fn read_data(&self, type_name: &str, config: Json) -> DataState {
        let shape = self.data_source(type_name);
        let (state, found) = match json::configuration(&shape.body, &config) {
            Ok(config) => self.read_valid(type_name, shape, &config).await,
            Err(errors) => (Value::Null, errors),
        };
        DataState { told: Told::new(found), state: json::shown(&state) }
    }

    async fn read_valid(
        &self,
        type_name: &str,
        shape: &Shape,
        config: &Value,
    ) -> (Value, Diagnostics) {
        let mut found = self.validated_data(type_name, config).await;
        if found.has_errors() {
            return (Value::Null, found);
        }
        assert!(
            config.is_wholly_known(),
            "data.{type_name}: a read needs a wholly known configuration"
        );
        let answer = self.client().read_data(type_name, &shape.ty, config).await;
        let (state, new) = of_the_provider(answer);
        found.extend(new);
        if !found.has_errors()
            && let Err(broken) = readable(&shape.body, config, &state)
        {
            panic!("data.{type_name}: the provider broke a rule of Terraform: {broken}");
        }
        (state, found)
    }

    async fn validated_data(&self, type_name: &str, config: &Value) -> Diagnostics {
        let ty = &self.data_source(type_name).ty;
        of_the_provider(self.client().validate_data(type_name, ty, config).await)
    }
}

/// Holds what was read against its schema and its configuration. The arguments are those
/// of a plan for which nothing is stored.
fn readable(body: &Body, config: &Value, state: &Value) -> Held {
    whole(body, state, Unknowns::Refused)?;
    plan_valid(body, &Value::Null, config, state)
}
