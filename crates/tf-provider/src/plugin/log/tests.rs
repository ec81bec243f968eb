//! The layer, fed by real events.

use std::sync::{Arc, Mutex};

use serde_json::{Map, Value};
use tracing::{debug, error, info, info_span, trace, warn};

use super::*;

/// Runs `events` with a log at `level` and returns its lines.
fn lines(level: LevelFilter, events: impl FnOnce()) -> Vec<Map<String, Value>> {
    let program = Program {
        name: "flink".to_owned(),
        address: "registry.terraform.io/flink-iac/flink".to_owned(),
        version: "0.0.0".to_owned(),
    };
    let written = Arc::new(Mutex::new(String::new()));
    let sink = Arc::clone(&written);
    let layer =
        HclogLayer::new(&program, level, move |text: &str| sink.lock().unwrap().push_str(text));
    tracing::subscriber::with_default(Registry::default().with(layer), events);
    let written = written.lock().unwrap();
    written.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn messages(lines: &[Map<String, Value>]) -> Vec<&str> {
    lines.iter().map(|line| line["@message"].as_str().unwrap()).collect()
}

#[test]
fn fields_of_all_kinds_become_text() {
    let lines = lines(LevelFilter::TRACE, || {
        let reason = std::io::Error::other("out of luck");
        let error: &(dyn std::error::Error + 'static) = &reason;
        info!(
            target: "tf_provider", count = 3, ratio = 0.5, done = true, name = "a\"b",
            list = ?[1, 2], shown = %"plain", error, "finished {}", "early"
        );
    });
    let line = &lines[0];
    assert_eq!(line["@message"], "finished early");
    for (key, value) in [
        ("count", "3"),
        ("ratio", "0.5"),
        ("done", "true"),
        ("name", "a\"b"),
        ("list", "[1, 2]"),
        ("shown", "plain"),
        ("error", "out of luck"),
    ] {
        assert_eq!(line[key], value, "{key}");
    }
}

#[test]
fn spans_lend_their_fields_and_the_nearest_wins() {
    let lines = lines(LevelFilter::TRACE, || {
        let outer = info_span!(
            target: "tf_provider", "rpc",
            tf_rpc = "ReadResource", step = "outer", tf_resource_type = tracing::field::Empty
        );
        let _outer = outer.enter();
        outer.record("tf_resource_type", "flink_connection");
        let _inner = info_span!(target: "flink_client", "call", step = "inner").entered();
        info!(target: "flink_client", "sent");
        info!(target: "flink_client", step = "event", "received");
    });
    for line in &lines {
        assert_eq!(line["tf_rpc"], "ReadResource");
        assert_eq!(line["tf_resource_type"], "flink_connection");
    }
    assert_eq!(lines[0]["step"], "inner");
    assert_eq!(lines[1]["step"], "event");
}

#[test]
fn the_level_bounds_what_is_written() {
    let lines = lines(LevelFilter::INFO, || {
        trace!(target: "tf_provider", "trace");
        debug!(target: "tf_provider", "debug");
        info!(target: "tf_provider", "info");
        warn!(target: "tf_provider", "warn");
        error!(target: "tf_provider", "error");
    });
    assert_eq!(messages(&lines), ["info", "warn", "error"]);
    assert_eq!(lines[2]["@level"], "error");
}

#[test]
fn libraries_are_heard_only_when_they_warn() {
    let lines = lines(LevelFilter::TRACE, || {
        trace!(target: "h2::codec::framed_write", "authorization: Basic Zm9v");
        debug!(target: "hyper_util::client", "authorization: Basic Zm9v");
        info!(target: "reqwest::connect", "authorization: Basic Zm9v");
        debug!(target: "flinkish", "authorization: Basic Zm9v");
        warn!(target: "rustls", "odd");
        trace!(target: "tf_provider::server", "framework");
        trace!(target: "terraform_provider_flink::connection", "provider");
        trace!(target: "flink_client", "client");
    });
    assert_eq!(messages(&lines), ["odd", "framework", "provider", "client"]);
}
