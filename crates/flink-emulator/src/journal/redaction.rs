//! The part of a body that the journal keeps.
//!
//! A field is kept if it is known to be harmless, so that a secret in the wrong
//! field is not kept either. A new noun adds its harmless fields to the list.

use serde_json::{Map, Value, json};

/// The fields that hold no secret, as JSON pointers.
const HARMLESS: [&str; 6] = [
    "/api_version",
    "/kind",
    "/name",
    "/spec/connection_type",
    "/spec/endpoint",
    "/spec/auth_data/kind",
];

/// The groups of fields that hold no secret.
const HARMLESS_GROUPS: [&str; 2] = ["/metadata/", "/status/"];

/// The harmless part of a body, by its content type.
pub(crate) fn without_secrets(content_type: &str, body: &[u8]) -> Option<Value> {
    if body.is_empty() {
        return None;
    }
    if content_type.starts_with("application/x-www-form-urlencoded") {
        return Some(form_fields(body));
    }
    match serde_json::from_slice::<Value>(body) {
        Ok(value) => Some(redact("", &value)),
        Err(_) => Some(json!({ "bytes": body.len() })),
    }
}

/// The names of the fields of a form.
fn form_fields(body: &[u8]) -> Value {
    let text = String::from_utf8_lossy(body);
    let names = text.split('&').filter_map(|pair| pair.split('=').next());
    json!({ "fields": names.collect::<Vec<_>>() })
}

fn redact(pointer: &str, value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields
                .iter()
                .map(|(name, field)| (name.clone(), redact(&format!("{pointer}/{name}"), field)));
            Value::Object(kept.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(|item| redact(pointer, item)).collect(),
        Value::String(payload) if pointer == "/spec/auth_data/data" => keys_of(payload),
        Value::String(_) | Value::Number(_) if !is_harmless(pointer) => "<REDACTED>".into(),
        _ => value.clone(),
    }
}

fn is_harmless(pointer: &str) -> bool {
    HARMLESS.contains(&pointer) || HARMLESS_GROUPS.iter().any(|group| pointer.starts_with(group))
}

/// The names of the keys in a payload of credentials.
fn keys_of(payload: &str) -> Value {
    match serde_json::from_str::<Map<String, Value>>(payload) {
        Ok(fields) => json!({ "keys": fields.keys().collect::<Vec<_>>() }),
        Err(_) => "<REDACTED>".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_no_secret_in_a_wrong_field() {
        for body in [
            r#"{"spec":{"data":"s3cret"}}"#,
            r#"{"spec":{"auth_data":"s3cret"}}"#,
            r#"{"spec":{"auth_data":{"data":"s3cret"}}}"#,
            r#"["s3cret"]"#,
            r#""s3cret""#,
            "s3cret",
        ] {
            let kept = without_secrets("application/json", body.as_bytes()).unwrap().to_string();
            assert!(!kept.contains("s3cret"), "{kept}");
        }
        let form = without_secrets("application/x-www-form-urlencoded", b"a=s3cret&b=s3cret");
        assert_eq!(form, Some(json!({ "fields": ["a", "b"] })));
    }
}
