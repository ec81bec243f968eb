//! The client over real sockets, against a server on loopback that follows a script.
//!
//! One binary, so that it links once. What needs no socket is tested in the crate's own
//! modules, where time can stand still. Nothing here depends on the internet, on the
//! order of tests, or on how fast they run.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

mod http2;
mod limits;
mod losses;
mod responses;
mod secrets;
mod server;
mod tls;
mod unreachable;

use std::time::Duration;

use flink_client::{
    AuthData, Client, ClientBuilder, ConnectionSpec, Connections, Credentials, Place,
};

use crate::server::Server;

const NAME: &str = "openai";

/// A connection as the API shows it.
const FOUND: &str = r#"{
    "name": "openai",
    "metadata": { "uid": "uid-1", "resource_version": "1", "created_at": "2026-11-22T12:00:09Z" },
    "spec": {
        "connection_type": "OPENAI",
        "endpoint": "https://api.openai.com/v1",
        "auth_data": { "kind": "PlaintextProvider", "data": "<REDACTED>" }
    },
    "status": { "phase": "READY" }
}"#;

const GONE: &str = r#"{"errors":[{"status":"404","detail":"does not exist"}]}"#;

fn place() -> Place {
    Place {
        organization: "org".to_owned(),
        environment: "env-1".to_owned(),
        cloud: "aws".to_owned(),
        region: "us-west-2".to_owned(),
    }
}

fn spec() -> ConnectionSpec {
    ConnectionSpec {
        name: NAME.to_owned(),
        connection_type: "OPENAI".to_owned(),
        endpoint: "https://api.openai.com/v1".to_owned(),
        auth_data: AuthData::new().secret("API_KEY", "planted-api-key"),
    }
}

/// A client of this server that does not wait between attempts.
fn builder(server: &Server) -> ClientBuilder {
    Client::builder()
        .rest_endpoint(server.url("/flink/{cloud}/{region}"))
        .cloud_endpoint(server.url(""))
        .credentials(Credentials::basic("KEY", "planted-key-secret"))
        .no_proxy()
        .max_retry_wait(Duration::ZERO)
}

fn connections(server: &Server) -> Connections {
    builder(server).build().unwrap().connections(&place())
}
