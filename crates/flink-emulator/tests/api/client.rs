//! A client that knows HTTP/1.1 and nothing else, so that the tests see the bytes of
//! a response.

use std::time::Duration;

use flink_emulator::{Clock, Emulator, NewConnection, Place};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The longest that anything takes on the slowest machine.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

pub(crate) const ORGANIZATION: &str = "1111aaaa-0000-4000-8000-000000000001";
pub(crate) const COLLECTION: &str = "/flink/aws/us-east-1/sql/v1/organizations/1111aaaa-0000-4000-8000-000000000001/environments/env-1/connections";

/// `KEY:SECRET`.
pub(crate) const BASIC: &str = "Basic S0VZOlNFQ1JFVA==";

pub(crate) fn place() -> Place {
    Place::new(ORGANIZATION, "env-1", "aws", "us-east-1")
}

pub(crate) fn object(name: &str) -> String {
    format!("{COLLECTION}/{name}")
}

pub(crate) fn openai(name: &str) -> NewConnection {
    NewConnection::new(name, "OPENAI", "https://api.example/v1").credential("API_KEY", "s3cret")
}

/// The body of a POST.
pub(crate) fn creation(name: &str) -> Value {
    json!({
        "name": name,
        "spec": {
            "connection_type": "OPENAI",
            "endpoint": "https://api.example/v1",
            "auth_data": { "kind": "PlaintextProvider", "data": r#"{"API_KEY":"s3cret"}"# },
        },
    })
}

/// The body of a PUT.
pub(crate) fn rotation(name: &str, secret: &str) -> Value {
    let data = json!({ "API_KEY": secret }).to_string();
    let auth_data = json!({ "kind": "PlaintextProvider", "data": data });
    json!({ "name": name, "spec": { "auth_data": auth_data } })
}

/// A body that is changed at one place.
pub(crate) fn changed(mut body: Value, pointer: &str, value: Value) -> Value {
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(parent).unwrap()[field] = value;
    body
}

/// An emulator whose clock stands at noon, with one connection in it.
pub(crate) async fn with_openai() -> Emulator {
    let noon = "2025-08-01T12:00:00Z".parse().unwrap();
    let emulator = Emulator::builder().clock(Clock::fixed(noon)).start().await.unwrap();
    emulator.connections(&place()).insert(openai("openai")).unwrap();
    emulator
}

/// Waits until a condition holds.
pub(crate) async fn until(condition: impl Fn() -> bool) {
    let waiting = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(DEADLINE, waiting).await.expect("the condition holds in time");
}

/// A request, with credentials by default.
#[derive(Clone)]
pub(crate) struct Request {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    pub(crate) fn new(method: &str, path: &str) -> Self {
        let request = Self {
            method: method.to_owned(),
            path: path.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        };
        request.header("Host", "emulator.test").header("Authorization", BASIC)
    }

    pub(crate) fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    pub(crate) fn post(path: &str, body: &Value) -> Self {
        Self::new("POST", path).json(body)
    }

    pub(crate) fn put(path: &str, body: &Value) -> Self {
        Self::new("PUT", path).json(body)
    }

    pub(crate) fn delete(path: &str) -> Self {
        Self::new("DELETE", path)
    }

    pub(crate) fn form(path: &str, body: &str) -> Self {
        let form = "application/x-www-form-urlencoded";
        Self::new("POST", path).without("Authorization").body(form, body)
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", &body.to_string())
    }

    pub(crate) fn body(mut self, content_type: &str, body: &str) -> Self {
        self.body = body.as_bytes().to_vec();
        self.header("Content-Type", content_type)
    }

    pub(crate) fn header(self, name: &str, value: &str) -> Self {
        let mut request = self.without(name);
        request.headers.push((name.to_owned(), value.to_owned()));
        request
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    /// Sends it over a connection of its own.
    pub(crate) async fn send(&self, emulator: &Emulator) -> Response {
        Connection::open(emulator).await.send(self).await
    }

    /// Sends it over a connection of its own and returns every byte until the server
    /// closes it, which the request asks for.
    pub(crate) async fn bytes_of_response(&self, emulator: &Emulator) -> Vec<u8> {
        let mut stream = TcpStream::connect(emulator.address()).await.unwrap();
        let request = self.clone().header("Connection", "close").bytes();
        stream.write_all(&request).await.unwrap();
        let mut answer = Vec::new();
        timeout(DEADLINE, stream.read_to_end(&mut answer)).await.expect("it ends").unwrap();
        answer
    }

    fn bytes(&self) -> Vec<u8> {
        let Self { method, path, headers, body } = self;
        let mut head = format!("{method} {path} HTTP/1.1\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
        [head.as_bytes(), body].concat()
    }
}

/// A TCP connection that stays open between requests.
pub(crate) struct Connection(BufReader<TcpStream>);

impl Connection {
    pub(crate) async fn open(emulator: &Emulator) -> Self {
        Self(BufReader::new(TcpStream::connect(emulator.address()).await.unwrap()))
    }

    pub(crate) async fn send(&mut self, request: &Request) -> Response {
        self.try_send(request).await.expect("there is an answer")
    }

    /// Sends a request without waiting for the response.
    pub(crate) async fn write(&mut self, request: &Request) {
        // The server may respond and close the connection before it has read everything.
        let _ = self.0.write_all(&request.bytes()).await;
    }

    /// Sends a request that may get no response.
    pub(crate) async fn try_send(&mut self, request: &Request) -> Option<Response> {
        self.write(request).await;
        let status_line = self.line().await?;
        let status = status_line.split(' ').nth(1).and_then(|status| status.parse().ok());
        let mut headers = Vec::new();
        loop {
            let line = self.line().await?;
            let Some((name, value)) = line.split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut answer = Response { status: status.unwrap(), headers, text: String::new() };
        let length = answer.header("content-length").map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await.unwrap();
        answer.text = String::from_utf8(body).unwrap();
        Some(answer)
    }

    /// Waits until the server closes the connection.
    pub(crate) async fn closed(mut self) {
        let read = timeout(DEADLINE, self.0.read(&mut [0])).await.expect("it is closed");
        assert_eq!(read.unwrap(), 0);
    }

    async fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        // A server that hangs up on what it has not read resets the connection.
        let read = timeout(DEADLINE, self.0.read_line(&mut line)).await.expect("it answers");
        let length = read.unwrap_or_default();
        (length > 0).then(|| line.trim_end().to_owned())
    }
}

/// A response.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) text: String,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(known, _)| known == name);
        found.next().map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// Asserts a status and gives the one error of the body.
    pub(crate) fn failure(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        let body = self.json();
        let errors = body["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 1);
        assert_eq!(errors[0]["status"], status.to_string());
        assert_eq!(errors[0]["id"], self.header("x-request-id").unwrap());
        assert_eq!(self.header("content-type"), Some("application/json"));
        errors[0].clone()
    }

    /// Asserts a failure that names a field of the body.
    pub(crate) fn points_at(&self, status: u16, pointer: &str) -> String {
        let error = self.failure(status);
        assert_eq!(error["source"]["pointer"], pointer, "{error}");
        error["detail"].as_str().unwrap().to_owned()
    }

    /// Asserts a failure that names a parameter.
    pub(crate) fn blames(&self, status: u16, parameter: &str) {
        let error = self.failure(status);
        assert_eq!(error["source"]["parameter"], parameter, "{error}");
    }
}
