//! The operations on objects, over a scripted server with a paused clock. The noun of these
//! tests is the connection.

mod create;
mod delete;
mod find;
mod update;

use std::time::Duration;

use serde_json::{Value, json};

use super::{Managed, Noun};
use crate::error::Result;
use crate::transport::script::{
    Script, Sent, Step, cancelled_after, no_response, object, place, refusal, response, spec,
    unconnected,
};
use crate::{Connection, Connections};

/// The server's clock in these tests.
const NOW: &str = "Sun, 22 Nov 2026 12:00:10 GMT";

/// Before any call of these tests could have begun.
const LONG_AGO: &str = "2026-11-22T11:59:00Z";

/// The second before [`NOW`].
const JUST_NOW: &str = "2026-11-22T12:00:09Z";

fn connections(script: &Script) -> Connections {
    script.client().connections(&place())
}

fn body(version: &str, created_at: &str) -> Value {
    let mut body = object("x", version);
    body["metadata"]["created_at"] = json!(created_at);
    body
}

/// The connection as a GET finds it.
fn found(version: &str) -> Step {
    response(200, body(version, LONG_AGO)).header("date", NOW)
}

/// The connection, just created.
fn fresh(version: &str) -> Step {
    response(200, body(version, JUST_NOW)).header("date", NOW)
}

/// The connection, just created, with another type or endpoint.
fn fresh_with(field: &str, value: &str) -> Step {
    let mut body = body("1", JUST_NOW);
    body["spec"][field] = json!(value);
    response(200, body).header("date", NOW)
}

/// The only page of a list.
fn list_of(names: &[&str]) -> Step {
    let entries: Vec<_> = names.iter().map(|name| object(name, "1")).collect();
    response(200, json!({ "data": entries }))
}
