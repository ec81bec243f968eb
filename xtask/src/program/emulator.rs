//! The emulator as a program of its own, steered through its control API.

use std::collections::BTreeMap;
use std::env;
use std::path::Path;
use std::time::Duration;

use reqwest::{Client, Method};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Child;

use crate::http;
use crate::outcome::{Outcome, fail};
use crate::program::{Interrupt, Interrupted, Program};

/// How long the emulator has to say where it listens.
const START: Duration = Duration::from_secs(10);

/// A running emulator, killed when it is dropped.
#[derive(Debug)]
pub(crate) struct Emulator {
    _child: Child,
    client: Client,
    url: String,
}

/// A connection as the server has it.
#[derive(Debug, Deserialize)]
pub(crate) struct Connection {
    place: Place,
    pub(crate) name: String,
    pub(crate) uid: String,
    pub(crate) resource_version: String,
    pub(crate) created_at: String,
    connection_type: String,
    endpoint: String,
}

#[derive(Debug, Deserialize)]
struct Place {
    organization: String,
    environment: String,
    cloud: String,
    region: String,
}

impl Connection {
    /// The region that it is in.
    pub(crate) fn region(&self) -> &str {
        &self.place.region
    }

    /// Its address in the control API.
    fn path(&self) -> String {
        format!("{}/{}", self.siblings(), self.name)
    }

    /// The address of all in its place.
    fn siblings(&self) -> String {
        let Place { organization, environment, cloud, region } = &self.place;
        format!("/connections/{organization}/{environment}/{cloud}/{region}")
    }
}

impl Emulator {
    /// Starts the program on a free port of the loopback interface.
    pub(crate) async fn start(program: &Path, interrupt: &Interrupt) -> Outcome<Self> {
        let mut child = Program::new(program).start()?;
        let Some(output) = child.stdout.take() else { return fail("the emulator has no output") };
        let mut lines = BufReader::new(output).lines();
        let line = tokio::select! {
            line = tokio::time::timeout(START, lines.next_line()) => line,
            () = interrupt.heard() => return Err(Interrupted.into()),
        };
        let Ok(Ok(Some(line))) = line else {
            return fail("the emulator ended, or did not say where it listens");
        };
        let url = line.split_whitespace().find(|word| word.starts_with("http://"));
        let Some(url) = url.map(|url| url.trim_end_matches(';').to_owned()) else {
            return fail(format!("the emulator does not say where it listens, but: {line}"));
        };
        let client = http::client(reqwest::ClientBuilder::no_proxy)?;
        Ok(Self { _child: child, client, url })
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The provider's settings: where the emulator is, and a key, of which any
    /// will do.
    pub(crate) fn settings(&self) -> Vec<(&'static str, String)> {
        let endpoint = format!("{}/flink/{{cloud}}/{{region}}", self.url);
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
    pub(crate) fn journal_url(&self) -> String {
        self.control("/journal")
    }

    /// Where the control API takes other credentials for a connection.
    pub(crate) async fn credentials_url(&self, name: &str) -> Outcome<String> {
        Ok(self.control(&format!("{}/credentials", self.connection(name).await?.path())))
    }

    /// All connections that it has.
    pub(crate) async fn connections(&self) -> Outcome<Vec<Connection>> {
        self.ask(Method::GET, "/connections", None, "/data").await
    }

    /// The one connection of this name.
    pub(crate) async fn connection(&self, name: &str) -> Outcome<Connection> {
        let all = self.connections().await?;
        match all.into_iter().find(|connection| connection.name == name) {
            Some(found) => Ok(found),
            None => fail(format!("the server has no connection {name}, where one was expected")),
        }
    }

    /// Whether a connection has exactly this credential.
    pub(crate) async fn holds(&self, name: &str, key: &str, value: &str) -> Outcome<bool> {
        let path = format!("{}/verify", self.connection(name).await?.path());
        self.ask(Method::POST, &path, Some(json!({ "key": key, "value": value })), "/equal").await
    }

    /// Replaces the credentials of a connection, as someone else could.
    pub(crate) async fn set_credentials(&self, name: &str, credentials: Value) -> Outcome {
        let path = format!("{}/credentials", self.connection(name).await?.path());
        self.ask::<Value>(Method::PUT, &path, Some(credentials), "").await?;
        Ok(())
    }

    /// Makes another connection beside one, of the same kind.
    pub(crate) async fn insert_like(&self, other: &Connection, name: &str) -> Outcome<Connection> {
        let new = json!({
            "name": name,
            "connection_type": other.connection_type,
            "endpoint": other.endpoint,
            "credentials": { "API_KEY": "any" },
        });
        self.ask(Method::POST, &other.siblings(), Some(new), "").await
    }

    /// Lets time pass before each answer, from now on.
    pub(crate) async fn answer_after(&self, time: Duration) -> Outcome {
        let fault = json!({ "fault": { "delay": { "milliseconds": time.as_millis() as u64 } } });
        self.ask::<Value>(Method::POST, "/faults", Some(fault), "").await.map(drop)
    }

    /// Counts requests and connections from here.
    pub(crate) async fn forget_traffic(&self) -> Outcome {
        self.send(Method::DELETE, "/journal", None).await.map(drop)
    }

    /// What was counted since then.
    pub(crate) async fn traffic(&self) -> Outcome<Traffic> {
        self.ask(Method::GET, "/counts", None, "").await
    }

    /// The requests since the last call of this that were no reads, or were
    /// refused: counted, such as `2 PUT`.
    pub(crate) async fn writes(&self) -> Outcome<String> {
        let requests: Vec<Request> = self.ask(Method::GET, "/journal", None, "/entries").await?;
        self.send(Method::DELETE, "/journal", None).await?;
        Ok(counted(&requests))
    }

    /// Sends a request to the control API and reads one part of its answer.
    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        part: &str,
    ) -> Outcome<T> {
        let answer: Value = serde_json::from_slice(&self.send(method, path, body).await?)?;
        match answer.pointer(part) {
            Some(part) => Ok(T::deserialize(part)?),
            None => fail(format!("the emulator's answer to {path} has no {part}")),
        }
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Outcome<Vec<u8>> {
        let mut request = self.client.request(method, self.control(path));
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        http::answer(path, request).await
    }

    fn control(&self, path: &str) -> String {
        format!("{}/control{path}", self.url)
    }
}

/// What was asked of the server.
#[derive(Debug, Deserialize)]
pub(crate) struct Traffic {
    /// By method.
    pub(crate) requests: BTreeMap<String, usize>,
    pub(crate) tcp_connections: usize,
}

/// A request in the journal.
#[derive(Debug, Deserialize)]
struct Request {
    method: String,
    status: Option<u16>,
}

/// The requests that were no reads, or were refused.
fn counted(requests: &[Request]) -> String {
    let mut counts = BTreeMap::new();
    for Request { method, status } in requests {
        let request = match (method.as_str(), status) {
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
        let request = |method: &str, status| Request { method: method.to_owned(), status };
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
