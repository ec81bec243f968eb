//! The operations on a noun of these tests' own, over a scripted server with a paused clock.

mod create;
mod delete;
mod find;
mod update;
pub(crate) mod widget;

use std::time::Duration;

use serde_json::{Value, json};

use self::widget::{Widget, spec, widgets};
use super::Managed;
use crate::error::Result;
use crate::transport::script::{Script, Step, no_response, refusal, response, unconnected};
use crate::types::CallOptions;

/// The server's clock in these tests.
const NOW: &str = "Sun, 22 Nov 2026 12:00:10 GMT";

/// Before any call of these tests could have begun.
const LONG_AGO: &str = "2026-11-22T11:59:00Z";

/// The second before [`NOW`].
const JUST_NOW: &str = "2026-11-22T12:00:09Z";

fn body(version: &str, created_at: &str) -> Value {
    json!({
        "name": "bolt",
        "uid": "uid-1",
        "version": version,
        "created_at": created_at,
        "size": "M8",
        "maker": "acme",
    })
}

/// The widget as a GET finds it.
fn found(version: &str) -> Step {
    response(200, body(version, LONG_AGO)).header("date", NOW)
}

/// The widget, just created.
fn fresh(version: &str) -> Step {
    response(200, body(version, JUST_NOW)).header("date", NOW)
}

/// The widget, just created, with other fields.
fn fresh_with(field: &str, value: &str) -> Step {
    let mut body = body("1", JUST_NOW);
    body[field] = json!(value);
    response(200, body).header("date", NOW)
}

/// The only page of a list.
fn list_of(names: &[&str]) -> Step {
    let entry = |name: &&str| {
        let mut entry = body("1", LONG_AGO);
        entry["name"] = json!(name);
        entry
    };
    response(200, json!({ "data": names.iter().map(entry).collect::<Vec<_>>() }))
}
