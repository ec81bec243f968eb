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

/// An alert of TLS 1.2 that ends a handshake (RFC 5246, section 7.2).
const ALERT: &str = "\x15\x03\x03\x00\x02\x02\x28";

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
        ("failed to lookup: Name or service not known", true),
        ("failed to lookup: Name does not resolve", true),
        ("failed to lookup: nodename nor servname provided, or not known", true),
        ("failed to lookup: Temporary failure in name resolution", false),
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

#[tokio::test(start_paused = true)]
async fn recognizes_a_connection_that_takes_too_long() {
    let builder = builder().dns_resolver(Resolver(None)).connect_timeout(Duration::from_secs(10));
    let failed = fail(builder, "https://flink.example/", DIRECT).await;
    assert_eq!(failed.stage, Stage::Unconnected(ConnectError::TimedOut));
}

#[tokio::test]
async fn classifies_answers_that_do_not_fit_the_scheme() {
    let not_tls = Stage::Unconnected(ConnectError::NotTls);
    for (scheme, route, answer, expected) in [
        ("https", DIRECT, "HTTP/1.1 400 Bad Request\r\n\r\n", not_tls),
        ("https", DIRECT, "<html>400</html>", not_tls),
        ("https", DIRECT, "SSH-2.0-OpenSSH_9.6\r\n", not_tls),
        ("https", DIRECT, ALERT, Stage::Unconnected(ConnectError::Other)),
        ("http", Route { proxied: true, ..PLAIN }, ALERT, Stage::Sent),
    ] {
        let url = format!("{scheme}://{}/", answering(&[answer]).await);
        assert_eq!(fail(builder(), &url, route).await.stage, expected, "{url} {answer}");
    }
}

#[tokio::test]
async fn attributes_failures_to_the_proxy_before_the_tunnel_and_to_the_server_in_it() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let bad = "HTTP/1.1 400 Bad Request\r\n\r\n";
    let tunnel = ["HTTP/1.1 200 OK\r\n\r\n", bad];
    for (proxy, expected) in [
        (format!("http://{closed}"), ConnectError::Proxy),
        (format!("http://{}", answering(&["HTTP/1.1 407 No\r\n\r\n"]).await), ConnectError::Proxy),
        (format!("https://{}", answering(&[bad]).await), ConnectError::Proxy),
        (format!("http://{}", answering(&tunnel).await), ConnectError::NotTls),
    ] {
        let builder = builder().proxy(Proxy::all(&proxy).unwrap());
        let failed = fail(builder, "https://flink.example/", PROXIED).await;
        assert_eq!(failed.stage, Stage::Unconnected(expected), "{proxy}");
    }
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
