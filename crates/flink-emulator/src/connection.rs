//! A connection: what the server holds of it, and how it is written in answers.
//!
//! Follows the schemas `sql.v1.Connection` and `ObjectMeta` of the gateway's
//! description. It knows nothing of requests or of how objects are stored.

pub(crate) mod kind;

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Value, json};

use crate::auth::Secret;
use crate::control::settings::Settings;
use crate::place::Place;

/// What stands in every answer in place of the credentials.
const REDACTED: &str = "<REDACTED>";

const MAX_NAME: usize = 100;
const MAX_ENDPOINT: usize = 16_384;

/// A connection as the server holds it.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    pub(crate) name: String,
    pub(crate) connection_type: String,
    pub(crate) endpoint: String,
    pub(crate) credentials: Credentials,
    pub(crate) uid: String,
    pub(crate) resource_version: String,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) status: Option<Status>,
}

impl Connection {
    /// The object as it stands in answers; `url` is its own address.
    pub(crate) fn render(&self, url: &str, settings: &Settings) -> Value {
        let mut metadata = json!({
            "self": url,
            "resource_name": "",
            "created_at": self.created_at.to_string(),
            "updated_at": self.updated_at.to_string(),
            "uid": self.uid,
        });
        if settings.resource_versions {
            metadata["resource_version"] = self.resource_version.as_str().into();
        }
        let mut object = json!({
            "api_version": "sql/v1",
            "kind": "Connection",
            "metadata": metadata,
            "name": self.name,
            "spec": {
                "connection_type": self.connection_type,
                "endpoint": self.endpoint,
                "auth_data": { "kind": "PlaintextProvider", "data": REDACTED },
            },
        });
        if let Some(status) = &self.status {
            object["status"] = json!(status);
        }
        object
    }

    /// The object as an item of a list, where a status is required.
    pub(crate) fn render_item(&self, url: &str, settings: &Settings) -> Value {
        let mut item = self.render(url, settings);
        if self.status.is_none() {
            item["status"] = json!(Status::new(""));
        }
        item
    }

    /// The object as tests and the control API see it.
    pub(crate) fn view(&self, place: &Place) -> StoredConnection {
        StoredConnection {
            place: place.clone(),
            name: self.name.clone(),
            connection_type: self.connection_type.clone(),
            endpoint: self.endpoint.clone(),
            credential_keys: self.credentials.keys().map(str::to_owned).collect(),
            uid: self.uid.clone(),
            resource_version: self.resource_version.clone(),
            created_at: self.created_at,
            updated_at: self.updated_at,
            status: self.status.clone(),
        }
    }
}

/// A connection as seen from behind the API: everything but the secrets.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StoredConnection {
    /// Where it lives.
    pub place: Place,
    /// Its name, unique within the place.
    pub name: String,
    /// Its type, such as `OPENAI`.
    pub connection_type: String,
    /// The address of the external service.
    pub endpoint: String,
    /// The names of the keys of its credentials, sorted.
    pub credential_keys: Vec<String>,
    /// The id of this very object: another one after it was made anew.
    pub uid: String,
    /// The opaque version, another one after each write.
    pub resource_version: String,
    /// When it was made.
    #[serde(serialize_with = "as_text")]
    pub created_at: Timestamp,
    /// When it was last written.
    #[serde(serialize_with = "as_text")]
    pub updated_at: Timestamp,
    /// Its status, where the server says one.
    pub status: Option<Status>,
}

fn as_text<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

/// The state of a connection in the server's own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Status {
    /// An open word: `READY`, `ACTIVE`, `PENDING`, `INVALID_AUTH`, …
    pub phase: String,
    /// Why it is in this phase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl Status {
    /// A status without an explanation.
    pub fn new(phase: impl Into<String>) -> Self {
        Self { phase: phase.into(), detail: None }
    }

    /// The status with an explanation.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

/// What is needed to make a connection.
#[derive(Clone, Debug)]
#[must_use]
pub struct NewConnection {
    pub(crate) name: String,
    pub(crate) connection_type: String,
    pub(crate) endpoint: String,
    pub(crate) credentials: Credentials,
}

impl NewConnection {
    /// A connection that has no credentials yet.
    pub fn new(
        name: impl Into<String>,
        connection_type: impl Into<String>,
        endpoint: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            connection_type: connection_type.into(),
            endpoint: endpoint.into(),
            credentials: Credentials::default(),
        }
    }

    /// Adds a credential under the key of the payload, such as `API_KEY`.
    pub fn credential(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.credentials.insert(key, value);
        self
    }

    /// Checks the rules that hold for every connection.
    pub(crate) fn check(&self, settings: &Settings) -> Result<(), Violation> {
        let length = self.name.chars().count();
        if !(1..=MAX_NAME).contains(&length) || self.name.contains('/') {
            let detail = format!("A name has 1 to {MAX_NAME} characters and no slash.");
            return Err(Violation::new("/name", detail));
        }
        let known = kind::is_known(&self.connection_type)
            || settings.extra_connection_types.contains(&self.connection_type);
        if !known {
            let detail = format!("There is no connection type '{}'.", self.connection_type);
            return Err(Violation::new("/spec/connection_type", detail));
        }
        if !(1..=MAX_ENDPOINT).contains(&self.endpoint.chars().count()) {
            let detail = format!("An endpoint has 1 to {MAX_ENDPOINT} characters.");
            return Err(Violation::new("/spec/endpoint", detail));
        }
        self.credentials.check_for(&self.connection_type)
    }
}

/// Credentials by the key of the payload, such as `API_KEY`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Credentials(BTreeMap<String, Secret>);

impl Credentials {
    pub(crate) fn insert(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.0.insert(key.into(), Secret::new(value));
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(Secret::expose)
    }

    /// Checks them against what a type takes.
    pub(crate) fn check_for(&self, connection_type: &str) -> Result<(), Violation> {
        kind::check(connection_type, self)
            .map_err(|detail| Violation::new("/spec/auth_data/data", detail))
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Credentials {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut credentials = Self::default();
        for (key, value) in pairs {
            credentials.insert(key, value);
        }
        credentials
    }
}

/// A rule that a connection would break, and the field that breaks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    pub(crate) pointer: &'static str,
    pub(crate) detail: String,
}

impl Violation {
    fn new(pointer: &'static str, detail: String) -> Self {
        Self { pointer, detail }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pointer, self.detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(name: &str, connection_type: &str, endpoint: &str) -> NewConnection {
        NewConnection::new(name, connection_type, endpoint).credential("API_KEY", "s3cret")
    }

    fn pointer(new: &NewConnection) -> Option<&'static str> {
        new.check(&Settings::default()).err().map(|violation| violation.pointer)
    }

    #[test]
    fn each_rule_names_its_field() {
        assert_eq!(pointer(&new("a_B.1", "OPENAI", "https://api.example")), None);
        assert_eq!(pointer(&new(&"ä".repeat(100), "OPENAI", "e")), None);
        assert_eq!(pointer(&new(&"a".repeat(101), "OPENAI", "e")), Some("/name"));
        assert_eq!(pointer(&new("", "OPENAI", "e")), Some("/name"));
        assert_eq!(pointer(&new("a/b", "OPENAI", "e")), Some("/name"));
        assert_eq!(pointer(&new("a", "openai", "e")), Some("/spec/connection_type"));
        assert_eq!(pointer(&new("a", "OPENAI", "")), Some("/spec/endpoint"));
        assert_eq!(pointer(&new("a", "OPENAI", &"e".repeat(16_385))), Some("/spec/endpoint"));
        assert_eq!(pointer(&new("a", "BEDROCK", "e")), Some("/spec/auth_data/data"));
    }

    #[test]
    fn an_extra_type_takes_any_credentials() {
        let mut settings = Settings::default();
        settings.extra_connection_types.push("NEWCOMER".to_owned());
        assert_eq!(new("a", "NEWCOMER", "e").check(&settings), Ok(()));
    }

    #[test]
    fn debug_output_shows_no_credential() {
        let shown = format!("{:?}", new("a", "OPENAI", "e"));
        assert!(shown.contains("API_KEY") && !shown.contains("s3cret"), "{shown}");
    }
}
