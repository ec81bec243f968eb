//! Connections that break before the response is complete.

use crate::server::{Act, Server, answer, cut};
use crate::{FOUND, GONE, NAME, connections, spec};

#[tokio::test]
async fn repeats_a_read_without_a_complete_response() {
    let server = Server::start([
        Act::Reset,
        Act::Close(b"HTTP/1.1 200 OK\r\ncontent-".to_vec()),
        cut(200, FOUND),
        answer(200, &[], FOUND),
    ])
    .await;
    connections(&server).get(NAME).await.unwrap();
    assert_eq!(server.methods(), ["GET"; 4]);
}

#[tokio::test]
async fn reads_the_object_before_it_repeats_a_create() {
    for act in [Act::Reset, Act::Close(Vec::new())] {
        let server = Server::start([act, answer(404, &[], GONE), answer(201, &[], FOUND)]).await;
        connections(&server).create(&spec()).await.unwrap();
        assert_eq!(server.methods(), ["POST", "GET", "POST"]);
    }
}
