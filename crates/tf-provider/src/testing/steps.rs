//! The steps of a test: each does to one resource instance what a Terraform command does.

use serde_json::Value as Json;

use super::core::Core;
use super::diagnostics::StepDiagnostics;
use super::instance::Instance;
use super::json;
use super::outcome::Applied;
use super::plan::{Plan, plan};

/// Steps.
impl Core {
    /// Validates a configuration of the resource `type_name`.
    ///
    /// # Panics
    ///
    /// If the provider has no such resource.
    pub async fn validate(&self, type_name: &str, config: Json) -> StepDiagnostics {
        let instance = Instance::new(self, type_name);
        match json::configuration(&instance.shape.body, &config) {
            Ok(config) => StepDiagnostics::new(instance.validated(&config).await),
            Err(errors) => StepDiagnostics::new(errors),
        }
    }

    /// Refreshes the object and plans a configuration. The state file stays as it is.
    ///
    /// # Panics
    ///
    /// If the provider has no such resource, or breaks a rule.
    pub async fn plan(&self, address: &str, config: Json) -> Plan {
        plan(&Instance::new(self, address), &config).await
    }

    /// Plans a configuration and applies the plan.
    ///
    /// # Panics
    ///
    /// As [`plan`](Core::plan) and [`apply_plan`](Core::apply_plan).
    pub async fn apply(&self, address: &str, config: Json) -> Applied {
        let plan = self.plan(address, config.clone()).await;
        self.apply_plan(plan, config).await
    }

    /// Applies a plan with the configuration it was made for, in which by now everything is
    /// known.
    ///
    /// # Panics
    ///
    /// If the provider breaks a rule, or something is still unknown.
    pub async fn apply_plan(&self, plan: Plan, config: Json) -> Applied {
        let address = plan.address().to_owned();
        Instance::new(self, &address).apply(plan, &config).await
    }

    /// Refreshes the object and stores the result.
    ///
    /// # Panics
    ///
    /// As [`plan`](Core::plan).
    pub async fn refresh(&self, address: &str) -> Applied {
        Instance::new(self, address).refresh().await
    }

    /// Imports an existing object into the state file.
    ///
    /// # Panics
    ///
    /// As [`plan`](Core::plan), and if the address is taken.
    pub async fn import(&self, address: &str, id: &str) -> Applied {
        assert!(self.stored(address).is_none(), "{address} is in the state file already");
        Instance::new(self, address).import(id).await
    }

    /// Refreshes the object and destroys it.
    ///
    /// # Panics
    ///
    /// As [`plan`](Core::plan).
    pub async fn destroy(&self, address: &str) -> Applied {
        Instance::new(self, address).destroy().await
    }
}
