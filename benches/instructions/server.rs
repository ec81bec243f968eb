//! The API as far as one object needs it: every answer is ready beforehand, so
//! that next to nothing of what is counted is the server's.
//!
//! It runs in the same thread as its client, which makes the counts repeatable.

use std::net::SocketAddr;
use std::sync::Arc;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How many connections are on a page.
pub(crate) const PAGE: usize = 100;

/// Whether the API lists connections, or refuses to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listing {
    Given,
    Refused,
}

struct Answers {
    object: Vec<u8>,
    list: Vec<u8>,
}

/// Starts it, and says where it is.
pub(crate) async fn start(listing: Listing) -> SocketAddr {
    let answers = Arc::new(Answers { object: object(), list: list(listing) });
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("the listener is bound");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, Arc::clone(&answers)));
        }
    });
    address
}

/// Answers requests without a body until the client goes away.
async fn serve(mut stream: TcpStream, answers: Arc<Answers>) {
    let mut request = Vec::new();
    while let Ok(1..) = stream.read_buf(&mut request).await {
        if !request.ends_with(b"\r\n\r\n") {
            continue;
        }
        let path = request.split(|byte| *byte == b' ').nth(1).unwrap_or_default();
        let path = path.split(|byte| *byte == b'?').next().unwrap_or_default();
        let answer = match path.ends_with(b"/connections") {
            true => &answers.list,
            false => &answers.object,
        };
        if stream.write_all(answer).await.is_err() {
            return;
        }
        request.clear();
    }
}

fn object() -> Vec<u8> {
    answer("200 OK", &connection("openai"))
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
