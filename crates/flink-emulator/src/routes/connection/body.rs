//! The bodies of POST and PUT, read strictly.
//!
//! Follows the request schemas of the gateway's description: what is required
//! in which of the two, what only the server may set, and `PlaintextProvider`,
//! whose `data` is a text that is itself JSON.

use serde_json::{Map, Value};

use crate::connection::{Credentials, NewConnection};
use crate::error::Failure;
use crate::routes::request::{Fields, JsonFields};

const OBJECT: [&str; 6] = ["api_version", "kind", "metadata", "name", "spec", "status"];
const SPEC: [&str; 3] = ["connection_type", "endpoint", "auth_data"];
const AUTH_DATA: [&str; 2] = ["kind", "data"];
const STATUS: [&str; 2] = ["phase", "detail"];
const METADATA: [&str; 6] =
    ["self", "resource_name", "created_at", "updated_at", "uid", "resource_version"];

/// Reads the body of a POST.
pub(super) fn create(body: JsonFields) -> Result<NewConnection, Failure> {
    let mut object = Fields::of("", body.0, &OBJECT)?;
    let mut spec = object.require_object("spec", &SPEC)?;
    let metadata = object.object("metadata", &METADATA)?;
    let name = object.require_string("name")?;
    object.check_value("api_version", "sql/v1")?;
    object.check_value("kind", "Connection")?;
    if object.object("status", &STATUS)?.is_some() {
        return Err(object.invalid("status", "is set by the server"));
    }
    if let Some((pointer, _)) = metadata.and_then(|metadata| metadata.rest().next()) {
        return Err(Failure::invalid(&pointer, "This field is set by the server."));
    }
    let credentials = credentials(&mut spec)?;
    let connection_type = spec.require_string("connection_type")?;
    let endpoint = spec.require_string("endpoint")?;
    Ok(NewConnection { name, connection_type, endpoint, credentials })
}

/// What a PUT asks for.
pub(super) struct Update {
    pub(super) credentials: Credentials,
    pub(super) resource_version: Option<String>,
    /// Everything else that was sent: it must be what it already is.
    pub(super) echoes: Vec<(String, Value)>,
}

/// Reads the body of a PUT.
pub(super) fn update(body: JsonFields) -> Result<Update, Failure> {
    let mut object = Fields::of("", body.0, &OBJECT)?;
    let mut spec = object.require_object("spec", &SPEC)?;
    let credentials = credentials(&mut spec)?;
    let mut echoes: Vec<(String, Value)> = spec.rest().collect();
    let mut resource_version = None;
    if let Some(mut metadata) = object.object("metadata", &METADATA)? {
        resource_version = metadata.string("resource_version")?;
        echoes.extend(metadata.rest());
    }
    if let Some(status) = object.object("status", &STATUS)? {
        echoes.extend(status.rest());
    }
    let name = object.require_string("name")?;
    echoes.push(("/name".to_owned(), name.into()));
    echoes.extend(object.rest());
    Ok(Update { credentials, resource_version, echoes })
}

fn credentials(spec: &mut Fields) -> Result<Credentials, Failure> {
    let mut auth_data = spec.require_object("auth_data", &AUTH_DATA)?;
    auth_data.check_value("kind", "PlaintextProvider")?;
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
