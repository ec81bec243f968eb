//! Answers as servers and what stands before them really give.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use flink_client::Filter;

use crate::server::{Server, answer};
use crate::{FOUND, GONE, NAME, builder, connections, spec};

fn gzipped(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn keeps_one_connection_for_many_requests() {
    let server = Server::start((0..20).map(|_| answer(200, &[], FOUND))).await;
    let connections = connections(&server);
    for _ in 0..20 {
        assert_eq!(connections.get(NAME).await.unwrap().uid.as_deref(), Some("uid-1"));
    }
    assert_eq!(server.connections(), 1);
    let request = &server.requests()[0];
    let path =
        "/flink/aws/us-west-2/sql/v1/organizations/org/environments/env-1/connections/openai";
    assert!(request.starts_with(&format!("GET {path} HTTP/1.1\r\n")), "{request}");
}

#[tokio::test]
async fn names_itself() {
    let server = Server::start([answer(404, &[], GONE)]).await;
    let client = builder(&server).user_agent("provider/1.0 (test)").build().unwrap();
    client.connections(&crate::place()).find(NAME).await.unwrap();
    assert!(server.requests()[0].contains("user-agent: provider/1.0 (test)\r\n"));
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
async fn does_not_take_a_proxys_page_for_absence() {
    let page = "<!doctype html><html><head><title>404 Not Found</title></head><body>nginx</body>";
    let server = Server::start([answer(404, &["content-type: text/html"], page)]).await;
    let error = connections(&server).find(NAME).await.unwrap_err();
    assert_eq!(error.message(), Some("404 Not Found"));
    assert!(!error.is_not_found());
}

#[tokio::test]
async fn says_where_the_object_in_the_way_is() {
    let location = "location: https://flink.example/connections/openai";
    let server = Server::start([answer(409, &[location, "x-request-id: r-1"], "")]).await;
    let error = connections(&server).create(&spec()).await.unwrap_err();
    assert!(error.is_conflict());
    assert_eq!(error.location(), Some("https://flink.example/connections/openai"));
    assert_eq!(error.request_id(), Some("r-1"));
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

#[tokio::test]
async fn lists_page_by_page() {
    let page = |name: &str, next: &str| {
        let found = FOUND.replace("openai\"", &format!("{name}\""));
        answer(200, &[], format!(r#"{{"data":[{found}],"metadata":{{"next":"{next}"}}}}"#))
    };
    let server =
        Server::start([page("a", "http://127.0.0.1:1/x?page_token=t%3D"), page("b", "")]).await;
    let filter = Filter { connection_type: Some("MCP_SERVER".to_owned()) };
    let all = connections(&server).list(&filter).all().await.unwrap();
    let names: Vec<_> = all.iter().map(|connection| connection.name.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
    let request = &server.requests()[1];
    let query = "?spec.connection_type=MCP_SERVER&page_size=100&page_token=t%3D HTTP/1.1";
    assert!(request.contains(query), "{request}");
}
