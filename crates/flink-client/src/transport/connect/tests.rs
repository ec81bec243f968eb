//! Failures of the HTTP library itself, over loopback sockets and resolvers that fail.

use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::dns::{Name, Resolve, Resolving};
use reqwest::{ClientBuilder, Proxy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use url::Url;

use super::*;
use crate::transport::{Failure, Http, Stage, failure, tls};

const DIRECT: Route = Route { tls: true, proxied: false };
const PROXIED: Route = Route { tls: true, proxied: true };
const PLAIN: Route = Route { tls: false, proxied: false };

/// Fails with these words, or never comes to an end.
struct Resolver(Option<&'static str>);

impl Resolve for Resolver {
    fn resolve(&self, _: Name) -> Resolving {
        let words = self.0;
        Box::pin(async move {
            match words {
                Some(words) => Err(io::Error::other(words).into()),
                None => std::future::pending().await,
            }
        })
    }
}

fn builder() -> ClientBuilder {
    let config = tls::config(None).unwrap();
    reqwest::Client::builder().tls_backend_preconfigured(config).no_proxy()
}

async fn fail(builder: ClientBuilder, url: &str, route: Route) -> Failure {
    let error = builder.build().unwrap().get(url).send().await.unwrap_err();
    failure(error, route)
}

async fn stage(builder: ClientBuilder, url: &str, route: Route) -> Stage {
    fail(builder, url, route).await.stage
}

/// An address where nothing listens any more.
async fn closed() -> String {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string()
}

/// Answers what comes first on one connection with the first text, and so on.
async fn answering(answers: &[&'static str]) -> String {
    let answers = answers.to_vec();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        for answer in answers {
            assert_ne!(stream.read(&mut [0; 1 << 16]).await.unwrap(), 0);
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
        // Closing with something unread could take back what was written.
        let _ = stream.read_to_end(&mut Vec::new()).await;
    });
    address.to_string()
}

#[tokio::test]
async fn distinguishes_unknown_names_from_failures_to_resolve() {
    for (words, expected) in [
        ("failed to lookup address information: Name or service not known", true),
        ("failed to lookup address information: Name does not resolve", true),
        (
            "failed to lookup address information: nodename nor servname provided, or not known",
            true,
        ),
        ("failed to lookup address information: Temporary failure in name resolution", false),
        ("failed to lookup address information: Try again", false),
        ("anything else", false),
    ] {
        let builder = builder().dns_resolver(Resolver(Some(words)));
        let failed = fail(builder, "https://flink.example/", DIRECT).await;
        let class = if expected { ConnectError::UnknownHost } else { ConnectError::Unresolved };
        assert_eq!(failed.stage, Stage::Unconnected(class), "{words}");
        assert!(failed.reason.contains(words), "{failed:?}");
    }
}

#[test]
#[cfg(windows)]
fn knows_the_code_of_windows_for_names_that_do_not_exist() {
    assert!(is_unknown_host(&io::Error::from_raw_os_error(HOST_NOT_FOUND)));
    assert!(!is_unknown_host(&io::Error::from_raw_os_error(11002)));
}

#[tokio::test]
async fn recognizes_a_refused_connection() {
    let address = closed().await;
    for (scheme, route) in [("http", PLAIN), ("https", DIRECT)] {
        let stage = stage(builder(), &format!("{scheme}://{address}/"), route).await;
        assert_eq!(stage, Stage::Unconnected(ConnectError::Refused));
    }
}

#[test]
fn recognizes_unreachable_networks() {
    for (kind, expected) in [
        (io::ErrorKind::HostUnreachable, Some(ConnectError::Unreachable)),
        (io::ErrorKind::NetworkUnreachable, Some(ConnectError::Unreachable)),
        (io::ErrorKind::UnexpectedEof, None),
    ] {
        assert_eq!(ConnectError::of_kind(kind), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn recognizes_a_connection_that_takes_too_long() {
    let builder = builder().dns_resolver(Resolver(None)).connect_timeout(Duration::from_secs(10));
    let stage = stage(builder, "https://flink.example/", DIRECT).await;
    assert_eq!(stage, Stage::Unconnected(ConnectError::TimedOut));
}

#[tokio::test]
async fn recognizes_a_server_without_tls() {
    for answer in
        ["HTTP/1.1 400 Bad Request\r\n\r\n", "<html>400</html>", "SSH-2.0-OpenSSH_9.6\r\n"]
    {
        let address = answering(&[answer]).await;
        let stage = stage(builder(), &format!("https://{address}/"), DIRECT).await;
        assert_eq!(stage, Stage::Unconnected(ConnectError::NotTls));
    }
}

#[tokio::test]
async fn distinguishes_a_refused_handshake_from_a_server_without_tls() {
    let address = answering(&["\x15\x03\x03\x00\x02\x02\x28"]).await;
    let stage = stage(builder(), &format!("https://{address}/"), DIRECT).await;
    assert_eq!(stage, Stage::Unconnected(ConnectError::Other));
}

#[tokio::test]
async fn recognizes_an_answer_in_tls_to_plain_http() {
    for (route, expected) in
        [(PLAIN, Stage::NotHttp), (Route { proxied: true, ..PLAIN }, Stage::Sent)]
    {
        let address = answering(&["\x15\x03\x03\x00\x02\x02\x32"]).await;
        let stage = stage(builder(), &format!("http://{address}/"), route).await;
        assert_eq!(stage, expected);
    }
}

#[tokio::test]
async fn attributes_failures_before_the_tunnel_to_the_proxy() {
    for proxy in [
        format!("http://{}", closed().await),
        format!("http://{}", answering(&["HTTP/1.1 407 No\r\n\r\n"]).await),
        format!("https://{}", answering(&["HTTP/1.1 400 Bad Request\r\n\r\n"]).await),
    ] {
        let builder = builder().proxy(Proxy::all(&proxy).unwrap());
        let stage = stage(builder, "https://flink.example/", PROXIED).await;
        assert_eq!(stage, Stage::Unconnected(ConnectError::Proxy), "{proxy}");
    }
}

#[tokio::test]
async fn attributes_failures_in_the_tunnel_to_the_server() {
    let answers = ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n"];
    let proxy = format!("http://{}", answering(&answers).await);
    let builder = builder().proxy(Proxy::all(&proxy).unwrap());
    let stage = stage(builder, "https://flink.example/", PROXIED).await;
    assert_eq!(stage, Stage::Unconnected(ConnectError::NotTls));
}

#[test]
fn knows_which_requests_pass_a_proxy() {
    let proxies = Matcher::builder().https("http://proxy:3128").no("direct.example").build();
    let http = Http { client: builder().build().unwrap(), proxies: Some(proxies), secrets: vec![] };
    for (url, tls, proxied) in [
        ("https://flink.example/a?b=c%20d", true, true),
        ("https://direct.example/", true, false),
        ("http://flink.example/", false, false),
    ] {
        let route = http.route(&Url::parse(url).unwrap());
        assert_eq!((route.tls, route.proxied), (tls, proxied), "{url}");
    }
}
