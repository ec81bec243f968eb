//! `UpgradeResourceState`: stored JSON becomes a value of today's schema.
//!
//! Terraform asks this for every stored object, also where the versions are the
//! same, so that attributes may be added and removed without a new version.

use super::super::Server;
use super::without_write_only;
use crate::diagnostics::{Diagnostic, Result};
use crate::schema::Schema;
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
            let why = match error.is_limit() {
                true => "is larger than what is read",
                false => "does not fit its schema",
            };
            Diagnostic::error("The stored state cannot be read")
                .detail(format!("The state of a `{type_name}` {why}: {error}."))
        })?;
        without_write_only(schema, &mut state);
        with_absent_blocks(schema, &mut state);
        Ok(state)
    }
}

/// Gives blocks that the stored state does not have yet the value of no blocks,
/// which for most is not null.
fn with_absent_blocks(schema: &Schema, state: &mut Value) {
    for block in schema.all_blocks() {
        if let Some(slot) = state.get_mut(block.name()).filter(|slot| slot.is_null()) {
            *slot = block.absent();
        }
    }
}
