//! From the wire into values.

use super::generated::tfplugin5 as wire;
use crate::diagnostics::{Diagnostic, Result};
use crate::value::{DecodeError, Type, Value, json, msgpack};

/// A value of `ty`. Terraform sends msgpack; an absent message, and an empty
/// one, is null.
pub(super) fn value(sent: Option<&wire::DynamicValue>, ty: &Type) -> Result<Value> {
    let decoded = match sent {
        None => return Ok(Value::Null),
        Some(sent) if sent.msgpack.is_empty() && !sent.json.is_empty() => {
            json::decode(&sent.json, ty)
        }
        Some(sent) => msgpack::decode(&sent.msgpack, ty),
    };
    decoded.map_err(|error| refused(&error).at(error.path().clone()).into())
}

fn refused(error: &DecodeError) -> Diagnostic {
    if error.is_limit() {
        return Diagnostic::error("A value is too large")
            .detail(format!("{error}, which is the most that is read. Make it smaller."));
    }
    Diagnostic::error("Terraform sent a value that does not fit the schema").detail(format!(
        "{error}. The provider that was installed and the one that runs may differ."
    ))
}

/// Stored state, as JSON.
pub(super) fn stored(sent: Option<&wire::RawState>) -> Result<&[u8]> {
    match sent {
        Some(sent) if !sent.json.is_empty() => Ok(&sent.json),
        Some(sent) if !sent.flatmap.is_empty() => Err(Diagnostic::error(
            "The stored state is too old",
        )
        .detail("It was written by Terraform 0.11 or older. Apply once with Terraform 0.12 first.")
        .into()),
        _ => Err(Diagnostic::error("The stored state is empty")
            .detail("Terraform sent no state to read. Nothing was changed.")
            .into()),
    }
}

/// Whether the client can carry write-only arguments.
pub(super) fn write_only_allowed(sent: Option<&wire::ClientCapabilities>) -> bool {
    sent.is_some_and(|capabilities| capabilities.write_only_attributes_allowed)
}

/// Returns true if the client can take a deferral in place of an answer.
pub(super) fn deferral_allowed(sent: Option<&wire::ClientCapabilities>) -> bool {
    sent.is_some_and(|capabilities| capabilities.deferral_allowed)
}
