//! Responses as servers and proxies really send them.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};

use crate::server::{Server, answer};
use crate::{FOUND, GONE, NAME, builder, connections, place, spec};

fn gzipped(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn keeps_one_connection_for_many_requests_and_names_itself() {
    let server = Server::start((0..20).map(|_| answer(200, &[], FOUND))).await;
    let client = builder(&server).user_agent("provider/1.0 (test)").build().unwrap();
    let connections = client.connections(&place());
    for _ in 0..20 {
        assert_eq!(connections.get(NAME).await.unwrap().uid.as_deref(), Some("uid-1"));
    }
    assert_eq!(server.connections(), 1);
    let request = &server.requests()[0];
    let path =
        "/flink/aws/us-west-2/sql/v1/organizations/org/environments/env-1/connections/openai";
    assert!(request.starts_with(&format!("GET {path} HTTP/1.1\r\n")), "{request}");
    assert!(request.contains("user-agent: provider/1.0 (test)\r\n"), "{request}");
}

#[tokio::test]
async fn unpacks_bodies_with_and_without_a_header() {
    let server = Server::start([
        answer(200, &["content-encoding: gzip"], gzipped(FOUND)),
        answer(200, &[], gzipped(FOUND)),
        answer(404, &[], gzipped(GONE)),
        answer(403, &[], gzipped(r#"{"message":"not for you"}"#)),
    ])
    .await;
    let connections = connections(&server);
    connections.get(NAME).await.unwrap();
    connections.get(NAME).await.unwrap();
    assert_eq!(connections.find(NAME).await.unwrap(), None);
    let error = connections.find(NAME).await.unwrap_err();
    assert_eq!(error.message(), Some("not for you"));
    assert!(server.requests()[0].contains("accept-encoding: gzip\r\n"));
}

#[tokio::test]
async fn follows_redirects_itself_and_keeps_method_and_body() {
    let second = Server::start([answer(201, &[], FOUND)]).await;
    let location = format!("location: {}", second.url("/moved"));
    let first = Server::start([answer(307, &[&location], "")]).await;
    connections(&first).create(&spec()).await.unwrap();
    let (sent, kept) = (&first.requests()[0], &second.requests()[0]);
    assert!(kept.starts_with("POST /moved HTTP/1.1\r\n"), "{kept}");
    assert!(kept.contains("authorization: Basic "), "{kept}");
    let body = |request: &str| request.split_once("\r\n\r\n").unwrap().1.to_owned();
    assert_eq!(body(sent), body(kept));
}
