//! Servers that say nothing, or too much.

use std::time::Duration;

use flink_client::CallOptions;

use crate::server::{Act, Server, answer};
use crate::{NAME, builder, connections, place, spec};

#[tokio::test]
async fn aborts_a_request_at_the_deadline_and_reports_an_unknown_outcome() {
    let server = Server::start([Act::Silence]).await;
    let options = CallOptions::at_most(Duration::from_millis(50));
    let connections = connections(&server).within(options);
    let error = connections.create(&spec()).await.unwrap_err();
    assert!(error.is_timeout() && error.outcome_unknown(), "{error}");
    assert_eq!(server.methods(), ["POST"]);
}

#[tokio::test]
async fn names_the_head_that_is_too_large() {
    let many: Vec<String> = (0..101).map(|number| format!("x-{number}: y")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let long = format!("x: {}", "y".repeat(500 << 10));
    let server = Server::start([answer(200, &many, "{}"), answer(200, &[&long], "{}")]).await;
    let connections = builder(&server).max_retries(0).build().unwrap().connections(&place());
    for _ in 0..2 {
        let said = connections.get(NAME).await.unwrap_err().to_string();
        assert!(
            said.contains("more headers than this client reads, which is 100, or 400 KB"),
            "{said}"
        );
    }
}

#[tokio::test]
async fn reads_no_more_than_it_needs() {
    let page = format!("<html><title>Busy</title>{}", "x".repeat(1 << 20));
    let huge = vec![b' '; (16 << 20) + 1];
    let server = Server::start([answer(403, &[], page), answer(200, &[], huge)]).await;
    let connections = connections(&server);
    let error = connections.get(NAME).await.unwrap_err();
    assert_eq!(error.message(), Some("Busy"));
    let error = connections.get(NAME).await.unwrap_err();
    let expected = "with more than the 16 MB that this client reads; check the REST endpoint";
    assert!(error.to_string().contains(expected), "{error}");
}
