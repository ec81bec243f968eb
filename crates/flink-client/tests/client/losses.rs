//! Connections that break at the worst moment.

use crate::server::{Act, Server, answer, cut};
use crate::{FOUND, GONE, NAME, builder, connections, place, spec};

#[tokio::test]
async fn reads_again_after_any_loss() {
    let server = Server::start([
        Act::Reset,
        Act::ResetUnread,
        Act::Close(b"HTTP/1.1 200 OK\r\ncontent-".to_vec()),
        cut(200, FOUND),
        answer(200, &[], FOUND),
    ])
    .await;
    connections(&server).get(NAME).await.unwrap();
    // The request that met a reset was sent, but not read.
    assert_eq!(server.methods(), ["GET"; 4]);
}

#[tokio::test]
async fn reads_the_object_before_it_repeats_a_create() {
    for act in [Act::Reset, Act::ResetUnread, Act::Close(Vec::new())] {
        let read = usize::from(!matches!(act, Act::ResetUnread));
        let server = Server::start([act, answer(404, &[], GONE), answer(201, &[], FOUND)]).await;
        connections(&server).create(&spec()).await.unwrap();
        assert_eq!(server.methods()[read..], ["GET", "POST"]);
    }
}

#[tokio::test]
async fn reads_back_an_answer_that_was_cut() {
    let server = Server::start([cut(201, FOUND), answer(200, &[], FOUND)]).await;
    connections(&server).create(&spec()).await.unwrap();
    assert_eq!(server.methods(), ["POST", "GET"]);
}

#[tokio::test]
async fn reports_that_nothing_was_sent_without_a_listener() {
    let server = Server::nowhere().await;
    let client = builder(&server).max_retries(2).build().unwrap();
    let error = client.connections(&place()).create(&spec()).await.unwrap_err();
    assert!(error.is_retryable() && !error.outcome_unknown(), "{error}");
    let text = error.to_string();
    assert!(text.contains(&server.url("")) && text.contains("3 attempts"), "{text}");
}
