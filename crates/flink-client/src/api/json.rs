//! Fields of JSON objects, by JSON pointer (RFC 6901).

use serde_json::Value;

/// A text that is not empty. The description makes versions texts; some servers send
/// numbers.
pub(super) fn text(json: &Value, pointer: &str) -> Option<String> {
    match json.pointer(pointer)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// As [`text`]; `Err` names the field that is missing.
pub(super) fn required(json: &Value, pointer: &str) -> Result<String, String> {
    text(json, pointer).ok_or_else(|| format!("it has no `{}`", &pointer[1..]))
}
