//! A server that sends prepared responses, so that almost none of the counted instructions
//! are the server's. The emulator would add its own work.
//!
//! It runs in the same thread as its client, which makes the counts repeatable.

use std::net::SocketAddr;
use std::sync::Arc;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The number of connections on a page.
pub(crate) const PAGE: usize = 100;

/// The response to a request for a list: connections or a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listing {
    Given,
    Refused,
}

struct Answers {
    created: Vec<u8>,
    object: Vec<u8>,
    list: Vec<u8>,
}

/// Starts the server and returns its address.
pub(crate) async fn start(listing: Listing) -> SocketAddr {
    let openai = connection("openai");
    let answers = Arc::new(Answers {
        created: answer("201 Created", &openai),
        object: answer("200 OK", &openai),
        list: list(listing),
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("the listener is bound");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, Arc::clone(&answers)));
        }
    });
    address
}

/// Responds to requests until the client closes the connection.
async fn serve(mut stream: TcpStream, answers: Arc<Answers>) {
    let mut request = Vec::new();
    while let Ok(1..) = stream.read_buf(&mut request).await {
        let Some(answer) = answers.to(&request) else { continue };
        if stream.write_all(answer).await.is_err() {
            return;
        }
        request.clear();
    }
}

impl Answers {
    /// The response to a request, once it is complete.
    fn to(&self, request: &[u8]) -> Option<&[u8]> {
        let (head, body) = str::from_utf8(request).ok()?.split_once("\r\n\r\n")?;
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if body.len() < length.map_or(0, |length| length.parse().unwrap_or(0)) {
            return None;
        }
        let (method, path) = head.lines().next()?.split_once(' ')?;
        let path = path.split([' ', '?']).next()?;
        Some(match (method, path.ends_with("/connections")) {
            ("POST", _) => &self.created,
            (_, true) => &self.list,
            (_, false) => &self.object,
        })
    }
}

fn list(listing: Listing) -> Vec<u8> {
    if listing == Listing::Refused {
        let error = json!({ "errors": [{ "status": "403", "detail": "forbidden" }] });
        return answer("403 Forbidden", &error);
    }
    let connections = (0..PAGE).map(|index| connection(&format!("connection-{index}")));
    let data: Vec<_> = connections.collect();
    answer("200 OK", &json!({ "kind": "ConnectionList", "metadata": {}, "data": data }))
}

fn connection(name: &str) -> serde_json::Value {
    json!({
        "api_version": "sql/v1",
        "kind": "Connection",
        "metadata": {
            "self": format!("https://flink.us-east-1.aws.confluent.cloud/sql/v1/connections/{name}"),
            "resource_name": "",
            "created_at": "2026-11-22T12:00:00.406444Z",
            "updated_at": "2026-11-22T12:00:00.406444Z",
            "uid": "e66e9234-e3f8-4f66-af32-dbdaf40883e5",
            "resource_version": "o6vgwu",
        },
        "name": name,
        "spec": {
            "connection_type": "OPENAI",
            "endpoint": "https://api.openai.com/v1/chat/completions",
            "auth_data": { "kind": "PlaintextProvider", "data": "<REDACTED>" },
        },
        "status": { "phase": "READY" },
    })
}

fn answer(status: &str, body: &serde_json::Value) -> Vec<u8> {
    let body = body.to_string();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head, body].concat().into_bytes()
}
