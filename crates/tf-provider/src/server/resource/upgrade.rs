//! `UpgradeResourceState`: stored JSON becomes a value of today's schema.
//!
//! Terraform asks this for every stored object, also where the versions are the same, so
//! that attributes may be added and removed without a new version. Nothing is changed by
//! an error: Terraform keeps the state as it is.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::super::Server;
use super::{complete, without_write_only};
use crate::diagnostics::{Diagnostic, Result};
use crate::value::{DecodeError, Value, json};

impl Server {
    pub(crate) fn upgrade_resource(
        &self,
        type_name: &str,
        version: i64,
        stored: &[u8],
    ) -> Result<Value> {
        let handlers = self.handlers(type_name)?;
        let schema = handlers.schema();
        let current = schema.state_version();
        if version > i64::from(current) {
            return Err(newer(type_name, version, current).into());
        }
        // No schema has had a version below zero: it counts as the first.
        let upgraded = match handlers.upgrade(u32::try_from(version).unwrap_or_default()) {
            Some(upgrade) => {
                let untyped = json::decode_untyped(stored);
                upgrade(&untyped.map_err(|error| unreadable(type_name, &error))?)?
            }
            None => Value::Null,
        };
        let kept = json::decode(&left_out(stored, &upgraded), &schema.ty())
            .map_err(|error| unreadable(type_name, &error))?;
        let mut state = complete(schema, &upgraded, &kept);
        without_write_only(schema, &mut state);
        Ok(state)
    }
}

/// The stored attributes that the upgraded model leaves out.
fn left_out<'a>(stored: &'a [u8], upgraded: &Value) -> Cow<'a, [u8]> {
    let fields = serde_json::from_slice::<BTreeMap<String, &RawValue>>(stored);
    match (upgraded, fields) {
        (Value::Map(upgraded), Ok(mut fields)) => {
            fields.retain(|name, _| !upgraded.contains_key(name));
            serde_json::to_vec(&fields).map_or(Cow::Borrowed(stored), Cow::Owned)
        }
        _ => Cow::Borrowed(stored),
    }
}

fn newer(type_name: &str, version: i64, current: u32) -> Diagnostic {
    Diagnostic::error("The state is newer than the provider").detail(format!(
        "The state of this `{type_name}` has version {version} of its schema, and this version of \
         the provider knows none above {current}. Nothing was changed. Upgrade the provider to \
         the version that wrote the state, or a newer one."
    ))
}

fn unreadable(type_name: &str, error: &DecodeError) -> Diagnostic {
    let why = match error.is_limit() {
        true => "is larger than what is read",
        false => "does not fit its schema",
    };
    Diagnostic::error("The stored state cannot be read")
        .detail(format!("The state of a `{type_name}` {why}: {error}. Nothing was changed."))
}
