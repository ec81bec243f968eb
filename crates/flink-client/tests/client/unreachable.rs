//! The errors of servers that cannot be reached, or not in this way.

use flink_client::Error;

use crate::server::{Server, answer};
use crate::tls::acceptor;
use crate::{NAME, builder, place, spec};

/// The error of a read with this REST endpoint.
async fn fail(server: &Server, endpoint: &str) -> Error {
    let client = builder(server).rest_endpoint(endpoint).build().unwrap();
    client.connections(&place()).get(NAME).await.unwrap_err()
}

#[tokio::test]
async fn reports_that_nothing_listens() {
    let server = Server::nowhere().await;
    let client = builder(&server).max_retries(1).build().unwrap();
    let error = client.connections(&place()).create(&spec()).await.unwrap_err();
    let host = server.url("");
    assert!(error.is_unreachable() && !error.outcome_unknown(), "{error}");
    assert_eq!(error.host(), Some(host.as_str()));
    let text = error.to_string();
    let meaning = format!(
        "could not be sent: nothing answers at {host}, because the connection was refused \
         (2 attempts); check the REST endpoint and its port: "
    );
    assert!(text.contains(&meaning), "{text}");
    assert!(!text.contains("planted"), "{text}");
}

#[tokio::test]
async fn recognizes_plain_http_behind_an_https_url_and_does_not_try_again() {
    let server = Server::start([answer(400, &[], "")]).await;
    let url = server.url("").replace("http://", "https://");
    let error = fail(&server, &url).await;
    assert!(error.is_unreachable(), "{error}");
    assert_eq!(error.host(), Some(url.as_str()));
    let text = error.to_string();
    let meaning = format!(
        "could not be sent: the server at {url} does not speak TLS; check whether the REST \
         endpoint should begin with `http://` instead of `https://`: "
    );
    assert!(text.contains(&meaning), "{text}");
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn recognizes_tls_behind_an_http_url() {
    let server = Server::start_with([], Some(acceptor(&[]))).await;
    let url = server.url("").replace("https://", "http://");
    let error = fail(&server, &url).await;
    let text = error.to_string();
    let meaning = format!(
        "got no answer in HTTP from {url} (5 attempts); check whether the REST endpoint should begin with \
         `https://` instead of `http://`: "
    );
    assert!(text.contains(&meaning), "{text}");
    assert!(!error.is_unreachable(), "{text}");
}

#[tokio::test]
async fn recognizes_a_server_that_asks_for_tls_in_plain_http() {
    let said = "Client sent an HTTP request to an HTTPS server.\n";
    let page = "<html><title>400 The plain HTTP request was sent to HTTPS port</title></html>";
    let server =
        Server::start([answer(400, &[], said), answer(400, &[], page), answer(400, &[], "?")])
            .await;
    let connections = builder(&server).build().unwrap().connections(&place());
    for hinted in [true, true, false] {
        let text = connections.get(NAME).await.unwrap_err().to_string();
        let hint = "should begin with `https://` instead of `http://`";
        assert_eq!(text.contains(hint), hinted, "{text}");
    }
}
