//! A connection: its JSON, the part of it that can change, and its rules.
//!
//! Follows the schema `sql.v1.Connection` of the gateway's description and its
//! `PlaintextProvider`, whose `data` is a text that is itself JSON. Only the
//! credentials can change. This file knows no route and no store.

pub(crate) mod credentials;
pub(crate) mod handle;
mod kind;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use self::credentials::Credentials;
use crate::error::Failure;
use crate::object::Noun;
use crate::object::fields::Fields;
use crate::object::refusal::Violation;
use crate::settings::Settings;

/// The text that stands in every response in place of the credentials.
const REDACTED: &str = "<REDACTED>";

/// The only kind of `auth_data` in the description.
const PROVIDER: &str = "PlaintextProvider";
/// The `maxLength` of the description, in characters.
const MAX_ENDPOINT: usize = 16_384;

/// A connection as the server holds it.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    pub(crate) connection_type: String,
    pub(crate) endpoint: String,
    pub(crate) credentials: Credentials,
    /// None where a setting leaves the status out.
    pub(crate) status: Option<Status>,
}

/// The state of a connection as the service reports it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Status {
    /// An open word: `READY`, `ACTIVE`, `PENDING`, `INVALID_AUTH`, …
    pub phase: String,
    /// The reason for the phase.
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

/// A connection in the state file, with its credentials in the clear.
#[derive(Serialize, Deserialize)]
pub(crate) struct Saved {
    connection_type: String,
    endpoint: String,
    credentials: BTreeMap<String, String>,
    status: Option<Status>,
}

impl Noun for Connection {
    const NAME: &'static str = "connection";
    const KIND: &'static str = "Connection";
    const COLLECTION: &'static str = "connections";
    const SPEC: &'static [&'static str] = &["connection_type", "endpoint", "auth_data"];
    const STATUS: &'static [&'static str] = &["phase", "detail"];
    const FILTERS: &'static [&'static str] = &["spec.connection_type"];

    type Change = Credentials;
    type Saved = Saved;

    fn create(spec: &mut Fields) -> Result<Self, Failure> {
        let credentials = Self::read_change(spec)?;
        let connection_type = spec.require_string("connection_type")?;
        let endpoint = spec.require_string("endpoint")?;
        Ok(Self { connection_type, endpoint, credentials, status: None })
    }

    fn read_change(spec: &mut Fields) -> Result<Credentials, Failure> {
        let mut auth_data = spec.require_object("auth_data", &["kind", "data"])?;
        auth_data.check_value("kind", PROVIDER)?;
        auth_data.require_string("kind")?;
        let data = auth_data.require_string("data")?;
        let Ok(payload) = serde_json::from_str::<Map<String, Value>>(&data) else {
            return Err(auth_data.invalid("data", "must be a string that holds a JSON object"));
        };
        let mut credentials = Credentials::default();
        for (key, value) in payload {
            let Value::String(value) = value else {
                return Err(auth_data.invalid("data", &format!("must hold a string under {key}")));
            };
            credentials.insert(key, value);
        }
        Ok(credentials)
    }

    fn apply(&mut self, credentials: Credentials) -> Result<(), Violation> {
        check_credentials(&self.connection_type, &credentials)?;
        self.credentials = credentials;
        Ok(())
    }

    fn check(&self, settings: &Settings) -> Result<(), Violation> {
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
        check_credentials(&self.connection_type, &self.credentials)
    }

    fn begin(&mut self, settings: &Settings) {
        self.status = settings.new_phase.clone().map(Status::new);
    }

    fn matches(&self, _: &str, connection_type: &str) -> bool {
        self.connection_type == connection_type
    }

    fn spec(&self) -> Value {
        json!({
            "connection_type": self.connection_type,
            "endpoint": self.endpoint,
            "auth_data": { "kind": PROVIDER, "data": REDACTED },
        })
    }

    fn status(&self) -> Option<Value> {
        self.status.as_ref().map(|status| json!(status))
    }

    fn save(&self) -> Saved {
        Saved {
            connection_type: self.connection_type.clone(),
            endpoint: self.endpoint.clone(),
            credentials: self.credentials.expose(),
            status: self.status.clone(),
        }
    }

    fn restore(saved: Saved) -> Self {
        let Saved { connection_type, endpoint, credentials, status } = saved;
        Self { connection_type, endpoint, credentials: Credentials::from_iter(credentials), status }
    }
}

/// Checks credentials against their type. A message names keys, never values.
fn check_credentials(connection_type: &str, credentials: &Credentials) -> Result<(), Violation> {
    kind::check(connection_type, credentials)
        .map_err(|detail| Violation::new("/spec/auth_data/data", detail))
}
