//! The credentials of a connection.
//!
//! Specification: `sql.v1.PlaintextProvider`. The payload is the text of a JSON object.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::secret::Secret;

/// The credentials of a connection: the keys of the payload and their values.
///
/// `Debug` shows the keys. Values added by [`AuthData::plain`] are shown as well and may
/// appear in messages; all others are secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthData(BTreeMap<String, Value>);

/// A value of the payload.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Secret(Secret),
    Plain(String),
}

impl AuthData {
    /// No credentials.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a secret under its key in the payload, such as `API_KEY`.
    #[must_use]
    pub fn secret(mut self, key: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.0.insert(key.into(), Value::Secret(value.into()));
        self
    }

    /// Adds a value that is no secret, such as `TRANSPORT_TYPE`.
    #[must_use]
    pub fn plain(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.insert(key.into(), Value::Plain(value.into()));
        self
    }

    /// Returns true if it has no keys.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The texts that no message may repeat: each secret, and the payload as a whole.
    #[must_use]
    pub fn secrets(&self) -> Vec<Secret> {
        let values = self.0.values().filter_map(|value| match value {
            Value::Secret(secret) => Some(secret.clone()),
            Value::Plain(_) => None,
        });
        values.chain([self.payload()]).collect()
    }

    /// The payload: a JSON object as text.
    pub(super) fn payload(&self) -> Secret {
        let text = |value: &Value| match value {
            Value::Secret(secret) => Json::from(secret.expose()),
            Value::Plain(text) => Json::from(text.as_str()),
        };
        let object: Map<String, Json> =
            self.0.iter().map(|(key, value)| (key.clone(), text(value))).collect();
        Secret::new(Json::from(object).to_string())
    }
}
