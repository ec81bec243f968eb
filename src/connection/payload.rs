//! From the configured credentials to the API's payload.
//!
//! Credentials are taken from the configuration, where write-only ones are, and
//! go nowhere but into the request.

use flink_client::AuthData;
use tf_provider::schema::{Given, View};
use tf_provider::value::Value;

use super::credential::{CREDENTIALS, RAW, secrets, write_only};
use super::kind::Kind;

/// The payload of these credentials; `None` where none are configured.
pub(super) fn payload(kind: &str, config: &View<'_>) -> Option<AuthData> {
    if let Some(raw) = raw(config) {
        return Some(raw);
    }
    if !is_any_given(config) {
        return None;
    }
    let mut payload = AuthData::new();
    for credential in &CREDENTIALS {
        let Some(value) = given(config, credential.attribute).and_then(Value::as_str) else {
            continue;
        };
        payload = match (credential.secret, credential.attribute) {
            (true, _) => payload.secret(credential.key, value),
            (false, "transport_type") => payload.plain(credential.key, value.to_ascii_uppercase()),
            (false, _) => payload.plain(credential.key, value),
        };
    }
    Some(match auth_type(kind, config) {
        Some(word) => payload.plain("AUTH_TYPE", word),
        None => payload,
    })
}

/// Whether there is anything secret to send. Settings such as the transport
/// travel with credentials and never alone: a payload replaces the whole of the
/// one before it.
pub(super) fn is_any_given(config: &View<'_>) -> bool {
    secrets().any(|name| given(config, name).is_some())
}

/// Whether a write-only credential is configured, or may be.
pub(super) fn is_write_only_used(config: &View<'_>) -> bool {
    secrets().any(|name| !config.get(&write_only(name)).is_null())
}

fn given<'a>(config: &View<'a>, attribute: &str) -> Option<&'a Value> {
    let twin = write_only(attribute);
    [attribute, twin.as_str()].into_iter().find_map(|name| match config.get(name) {
        Given::Known(value) => Some(value),
        Given::Null | Given::Unknown => None,
    })
}

fn raw(config: &View<'_>) -> Option<AuthData> {
    let entries = given(config, RAW)?.as_map()?;
    let texts = entries.iter().filter_map(|(key, value)| Some((key, value.as_str()?)));
    Some(texts.fold(AuthData::new(), |payload, (key, value)| payload.secret(key, value)))
}

/// How the API names the way to authenticate that is configured.
fn auth_type(kind: &str, config: &View<'_>) -> Option<&'static str> {
    let ways = Kind::find(kind)?.ways;
    let used =
        ways.iter().find(|way| way.required.iter().any(|name| given(config, name).is_some()));
    used?.auth_type
}
