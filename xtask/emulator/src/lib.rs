//! The emulator as a program of its own, steered through its control API.

mod http;

use std::collections::BTreeMap;
use std::env;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use xtask_process::{Interrupt, Program, Running};
use xtask_step::outcome::{Outcome, fail};

/// How long the emulator has to say where it listens.
const START: Duration = Duration::from_secs(10);

/// A running emulator, killed when it is dropped.
#[derive(Debug)]
pub struct Emulator {
    _program: Running,
    /// Host and port that it listens on.
    address: String,
}

/// A connection as the server has it.
#[derive(Debug)]
pub struct Connection(Value);

impl Connection {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.text("/name")
    }

    /// The identity that the server gave it.
    #[must_use]
    pub fn uid(&self) -> &str {
        self.text("/uid")
    }

    /// The version that each change moves.
    #[must_use]
    pub fn resource_version(&self) -> &str {
        self.text("/resource_version")
    }

    /// The time of its creation.
    #[must_use]
    pub fn created_at(&self) -> &str {
        self.text("/created_at")
    }

    /// The region that it is in.
    #[must_use]
    pub fn region(&self) -> &str {
        self.text("/place/region")
    }

    /// Its path in the control API.
    fn path(&self) -> String {
        format!("{}/{}", self.siblings(), self.name())
    }

    /// The path of all connections in its place.
    fn siblings(&self) -> String {
        let place = ["organization", "environment", "cloud", "region"];
        let place = place.map(|part| self.text(&format!("/place/{part}")));
        format!("/connections/{}", place.join("/"))
    }

    /// A text of it; empty where the server has none.
    fn text(&self, pointer: &str) -> &str {
        self.0.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }
}

impl Emulator {
    /// Starts the program on a free port of the loopback interface.
    pub async fn start(program: &Path, interrupt: &Interrupt) -> Outcome<Self> {
        let mut program = Program::new(program).start()?;
        let Some(line) = program.next_line(START, interrupt).await? else {
            return fail("the emulator ended, or did not say where it listens");
        };
        let url = line.split_whitespace().find(|word| word.starts_with("http://"));
        let address = url.and_then(|url| url.trim_end_matches(';').strip_prefix("http://"));
        let Some(address) = address.map(str::to_owned) else {
            return fail(format!("the emulator does not say where it listens, but: {line}"));
        };
        Ok(Self { _program: program, address })
    }

    /// The address that it listens on.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The provider's settings: where the emulator is, and a key, of which any
    /// will do.
    #[must_use]
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        let endpoint = format!("{}/flink/{{cloud}}/{{region}}", self.url());
        let mut settings = vec![
            ("FLINK_REST_ENDPOINT", endpoint),
            ("FLINK_API_KEY", "any".to_owned()),
            ("FLINK_API_SECRET", "any".to_owned()),
        ];
        if ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]
            .iter()
            .any(|name| env::var_os(name).is_some())
        {
            settings.push(("NO_PROXY", "127.0.0.1".to_owned()));
        }
        settings
    }

    /// Where the control API shows the requests that it has received.
    #[must_use]
    pub fn journal_url(&self) -> String {
        self.control("/journal")
    }

    /// Where the control API takes other credentials for a connection.
    pub async fn credentials_url(&self, name: &str) -> Outcome<String> {
        Ok(self.control(&format!("{}/credentials", self.connection(name).await?.path())))
    }

    /// All connections that it has.
    pub async fn connections(&self) -> Outcome<Vec<Connection>> {
        let data = self.ask("GET", "/connections", None, "/data").await?;
        Ok(list(data).into_iter().map(Connection).collect())
    }

    /// The one connection of this name.
    pub async fn connection(&self, name: &str) -> Outcome<Connection> {
        let all = self.connections().await?;
        match all.into_iter().find(|connection| connection.name() == name) {
            Some(found) => Ok(found),
            None => fail(format!("the server has no connection {name}, where one was expected")),
        }
    }

    /// Returns true if a connection has exactly this credential.
    pub async fn holds(&self, name: &str, key: &str, value: &str) -> Outcome<bool> {
        let path = format!("{}/verify", self.connection(name).await?.path());
        let credential = json!({ "key": key, "value": value });
        Ok(self.ask("POST", &path, Some(credential), "/equal").await? == true)
    }

    /// Replaces the credentials of a connection, as someone else could.
    pub async fn set_credentials(&self, name: &str, credentials: Value) -> Outcome {
        let path = format!("{}/credentials", self.connection(name).await?.path());
        self.send("PUT", &path, Some(credentials)).await.map(drop)
    }

    /// Makes another connection beside one, of the same kind.
    pub async fn insert_like(&self, other: &Connection, name: &str) -> Outcome<Connection> {
        let new = json!({
            "name": name,
            "connection_type": other.text("/connection_type"),
            "endpoint": other.text("/endpoint"),
            "credentials": { "API_KEY": "any" },
        });
        Ok(Connection(self.ask("POST", &other.siblings(), Some(new), "").await?))
    }

    /// Lets time pass before each answer, from now on.
    pub async fn answer_after(&self, time: Duration) -> Outcome {
        let fault = json!({ "fault": { "delay": { "milliseconds": time.as_millis() as u64 } } });
        self.send("POST", "/faults", Some(fault)).await.map(drop)
    }

    /// Counts requests and connections from here.
    pub async fn forget_traffic(&self) -> Outcome {
        self.send("DELETE", "/journal", None).await.map(drop)
    }

    /// Returns what was counted since then.
    pub async fn traffic(&self) -> Outcome<Traffic> {
        let counts = self.ask("GET", "/counts", None, "").await?;
        match (counts["requests"].as_object(), counts["tcp_connections"].as_u64()) {
            (Some(requests), Some(tcp_connections)) => Ok(Traffic {
                requests: requests.values().filter_map(Value::as_u64).sum(),
                tcp_connections,
            }),
            _ => fail(format!("the emulator's counts cannot be read: {counts}")),
        }
    }

    /// Returns the requests since the last call of this that were no reads, or were
    /// refused: counted, such as `2 PUT`.
    pub async fn writes(&self) -> Outcome<String> {
        let entries = list(self.ask("GET", "/journal", None, "/entries").await?);
        self.forget_traffic().await?;
        Ok(counted(&entries.iter().filter_map(Request::read).collect::<Vec<_>>()))
    }

    /// Sends a request to the control API and reads one part of its answer.
    async fn ask(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
        part: &str,
    ) -> Outcome<Value> {
        let answer: Value = serde_json::from_slice(&self.send(method, path, body).await?)?;
        match answer.pointer(part) {
            Some(part) => Ok(part.clone()),
            None => fail(format!("the emulator's answer to {path} has no {part}")),
        }
    }

    async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Outcome<Vec<u8>> {
        let body = body.map(|body| body.to_string());
        http::send(&self.address, method, &format!("/control{path}"), body.as_deref()).await
    }

    fn control(&self, path: &str) -> String {
        format!("{}/control{path}", self.url())
    }
}

/// What was asked of the server.
#[derive(Debug)]
pub struct Traffic {
    /// The number of requests.
    pub requests: u64,
    /// The number of TCP connections that they came over.
    pub tcp_connections: u64,
}

/// The elements of a JSON array.
fn list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(elements) => elements,
        _ => Vec::new(),
    }
}

/// A request in the journal.
#[derive(Debug)]
struct Request<'a> {
    method: &'a str,
    status: Option<u64>,
}

impl<'a> Request<'a> {
    fn read(entry: &'a Value) -> Option<Self> {
        Some(Self { method: entry["method"].as_str()?, status: entry["status"].as_u64() })
    }
}

/// The requests that were no reads, or were refused.
fn counted(requests: &[Request<'_>]) -> String {
    let mut counts = BTreeMap::new();
    for Request { method, status } in requests {
        let request = match (*method, status) {
            ("GET", Some(200)) => continue,
            (method, Some(200..300)) => method.to_owned(),
            (method, Some(status)) => format!("{method} answered with {status}"),
            (method, None) => format!("{method} without an answer"),
        };
        *counts.entry(request).or_insert(0) += 1;
    }
    let counts = counts.iter().map(|(request, count)| format!("{count} {request}"));
    let counts: Vec<_> = counts.collect();
    if counts.is_empty() { "none".to_owned() } else { counts.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_are_not_counted_unless_they_were_refused() {
        let request = |method, status| Request { method, status };
        assert_eq!(counted(&[request("GET", Some(200))]), "none");
        let requests = [
            request("PUT", Some(200)),
            request("GET", Some(500)),
            request("DELETE", None),
            request("PUT", Some(204)),
        ];
        let expected = "1 DELETE without an answer, 1 GET answered with 500, 2 PUT";
        assert_eq!(counted(&requests), expected);
    }
}
