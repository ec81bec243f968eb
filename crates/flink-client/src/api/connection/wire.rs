//! Connections as JSON.
//!
//! Follows `sql.v1.Connection` and `sql.v1.PlaintextProvider`. The payload is the text
//! of a JSON object; the `byte` format in the description notwithstanding, it is sent
//! as it is and not in base64, as Confluent's own tools do.

use serde_json::{Map, Value as Json, json};

use super::{AuthData, Connection, NewConnection, Update, Value};
use crate::error::Result;
use crate::request::Request;
use crate::secret::Secret;
use crate::transport;

impl NewConnection {
    /// Puts the connection into a request.
    pub(super) fn write(&self, request: Request) -> Result<Request> {
        let (name, kind, endpoint) = (&self.name, &self.connection_type, &self.endpoint);
        write(request, name, kind, endpoint, &self.auth_data, None)
    }
}

impl Update {
    /// Puts the new credentials into a request, for an object of this version.
    pub(super) fn write(&self, request: Request, version: Option<&str>) -> Result<Request> {
        let (name, kind, endpoint) = (&self.name, &self.connection_type, &self.endpoint);
        write(request, name, kind, endpoint, &self.auth_data, version)
    }
}

fn write(
    request: Request,
    name: &str,
    connection_type: &str,
    endpoint: &str,
    auth_data: &AuthData,
    version: Option<&str>,
) -> Result<Request> {
    let payload = auth_data.payload();
    let mut body = json!({
        "name": name,
        "spec": {
            "connection_type": connection_type,
            "endpoint": endpoint,
            "auth_data": { "kind": "PlaintextProvider", "data": payload.expose() },
        },
    });
    if let Some(version) = version {
        body["metadata"] = json!({ "resource_version": version });
    }
    request.json(&body)
}

impl AuthData {
    /// What no message may repeat.
    pub(super) fn secrets(&self) -> Vec<Secret> {
        let values = self.0.values().filter_map(|value| match value {
            Value::Secret(secret) => Some(secret.clone()),
            Value::Plain(_) => None,
        });
        values.chain([self.payload()]).collect()
    }

    /// The payload: a JSON object as text.
    fn payload(&self) -> Secret {
        let object: Map<String, Json> = self
            .0
            .iter()
            .map(|(key, value)| {
                let value = match value {
                    Value::Secret(secret) => secret.expose(),
                    Value::Plain(text) => text,
                };
                (key.clone(), Json::from(value))
            })
            .collect();
        Secret::new(Json::from(object).to_string())
    }
}

/// Reads a connection; `Err` says what is missing. Whatever stands in the place of the
/// credentials is not looked at.
pub(super) fn read(body: &[u8]) -> Result<Connection, String> {
    from_value(transport::json(body)?)
}

/// As [`read`], of JSON that is parsed already.
pub(super) fn from_value(json: Json) -> Result<Connection, String> {
    let text = |path: &str| word(json.pointer(path)?);
    let needed = |path: &str| text(path).ok_or_else(|| format!("it has no `{}`", &path[1..]));
    Ok(Connection {
        name: needed("/name")?,
        connection_type: needed("/spec/connection_type")?,
        endpoint: needed("/spec/endpoint")?,
        uid: text("/metadata/uid"),
        resource_version: text("/metadata/resource_version"),
        created_at: text("/metadata/created_at"),
        updated_at: text("/metadata/updated_at"),
        phase: text("/status/phase"),
        detail: text("/status/detail"),
    })
}

/// A text that is not empty. Versions are texts by description and numbers in one
/// server or another.
fn word(value: &Json) -> Option<String> {
    match value {
        Json::String(text) if !text.is_empty() => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
