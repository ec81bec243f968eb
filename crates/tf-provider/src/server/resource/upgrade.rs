//! `UpgradeResourceState`: stored JSON becomes a value of today's schema.
//!
//! Terraform asks this for every stored object, also where the versions are the
//! same, so that attributes may be added and removed without a new version.

use super::super::Server;
use super::without_write_only;
use crate::diagnostics::{Diagnostic, Result};
use crate::value::{Value, json};

impl Server {
    pub(crate) fn upgrade_resource(
        &self,
        type_name: &str,
        version: i64,
        stored: &[u8],
    ) -> Result<Value> {
        let schema = self.resource_schema(type_name)?;
        if version > i64::from(schema.state_version()) {
            return Err(Diagnostic::error("The state is newer than the provider")
                .detail(format!(
                    "The state of this `{type_name}` was written by a newer version of the provider. \
                     Use that version or a newer one."
                ))
                .into());
        }
        let mut state = json::decode(stored, &schema.ty()).map_err(|error| {
            Diagnostic::error("The stored state cannot be read")
                .detail(format!("The state of a `{type_name}` does not fit its schema: {error}."))
        })?;
        without_write_only(schema, &mut state);
        Ok(state)
    }
}
