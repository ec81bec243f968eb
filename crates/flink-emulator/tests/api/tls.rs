//! HTTPS and HTTP/2: the certificates, and the versions of the protocol.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use flink_emulator::{Certificate, Emulator, Fault};
use hyper::Request;
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, Error, RootCertStore};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, pause, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::client::{self, BASIC, DEADLINE, object, openai, place, until};

async fn secured() -> Emulator {
    let emulator = Emulator::builder().tls().start().await.unwrap();
    emulator.connections(&place()).insert(openai("openai")).unwrap();
    emulator
}

/// A client that trusts these authorities and speaks this.
fn trusting(authorities: Option<&str>, protocol: &str) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    if let Some(pem) = authorities {
        roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
    Arc::new(config)
}

async fn try_connect(
    emulator: &Emulator,
    client: Arc<ClientConfig>,
) -> std::io::Result<TlsStream<TcpStream>> {
    let host = ServerName::from(emulator.address().ip());
    let stream = TcpStream::connect(emulator.address()).await.unwrap();
    TlsConnector::from(client).connect(host, stream).await
}

async fn connect(emulator: &Emulator, protocol: &str) -> TlsStream<TcpStream> {
    let client = trusting(emulator.ca_pem(), protocol);
    let stream = try_connect(emulator, client).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(protocol.as_bytes()));
    stream
}

/// Reads an object in HTTP/1.1, and the connection to its end.
async fn read_over(mut stream: TlsStream<TcpStream>) -> String {
    let host = stream.get_ref().0.peer_addr().unwrap();
    let path = object("openai");
    let head = format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {BASIC}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

async fn http2(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> SendRequest<Body> {
    let (sender, connection) = handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    // Each request gets the error of the connection.
    tokio::spawn(async move { drop(connection.await) });
    sender
}

fn get(emulator: &Emulator) -> Request<Body> {
    let url = format!("{}{}", emulator.url(), object("openai"));
    Request::get(url).header("Authorization", BASIC).body(Body::empty()).unwrap()
}

async fn exchange(sender: &mut SendRequest<Body>, emulator: &Emulator) -> Option<(u16, Bytes)> {
    let exchange = async {
        let answer = sender.send_request(get(emulator)).await.ok()?;
        let status = answer.status().as_u16();
        let body = to_bytes(Body::new(answer.into_body()), usize::MAX).await.ok()?;
        Some((status, body))
    };
    timeout(DEADLINE, exchange).await.expect("it ends")
}

#[tokio::test]
async fn serves_a_client_that_trusts_the_authority() {
    let emulator = secured().await;
    let answer = read_over(connect(&emulator, "http/1.1").await).await;
    let (host, path) = (emulator.address(), object("openai"));
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains(&format!(r#""self": "https://{host}{path}""#)), "{answer}");
    assert_eq!(emulator.url(), format!("https://{host}"));
    assert_eq!(emulator.journal().entries()[0].http_version, "HTTP/1.1");
}

#[tokio::test]
async fn presents_certificates_that_a_client_must_refuse() {
    let emulator = secured().await;
    // The same client each time: it must not be able to resume a session.
    let client = trusting(emulator.ca_pem(), "http/1.1");
    read_over(try_connect(&emulator, client.clone()).await.unwrap()).await;
    emulator.journal().clear();
    let refusal = async |certificate, client| {
        emulator.settings(|settings| settings.certificate = certificate);
        let error = try_connect(&emulator, client).await.unwrap_err();
        match error.into_inner().unwrap().downcast::<Error>().map(|error| *error) {
            Ok(Error::InvalidCertificate(reason)) => reason,
            other => panic!("{other:?}"),
        }
    };
    let untrusted = refusal(Certificate::Valid, trusting(None, "http/1.1")).await;
    assert_eq!(untrusted, CertificateError::UnknownIssuer);
    let expired = refusal(Certificate::Expired, client.clone()).await;
    assert!(matches!(expired, CertificateError::ExpiredContext { .. }), "{expired:?}");
    let elsewhere = refusal(Certificate::WrongHost, client.clone()).await;
    assert!(matches!(elsewhere, CertificateError::NotValidForNameContext { .. }), "{elsewhere:?}");
    let unknown = refusal(Certificate::UnknownAuthority, client.clone()).await;
    assert_eq!(unknown, CertificateError::UnknownIssuer);
    until(|| emulator.journal().counts().tls_handshakes_failed == 4).await;
    assert!(emulator.journal().entries().is_empty());

    emulator.settings(|settings| settings.certificate = Certificate::Valid);
    try_connect(&emulator, client).await.unwrap();
}

#[tokio::test]
async fn speaks_http_2_where_the_client_asks_for_it() {
    let emulator = secured().await;
    let stream = connect(&emulator, "h2").await;
    let mut sender = http2(stream).await;
    for _ in 0..2 {
        let (status, body) = exchange(&mut sender, &emulator).await.unwrap();
        assert_eq!(status, 200);
        let object: Value = serde_json::from_slice(&body).unwrap();
        let own = object["metadata"]["self"].as_str().unwrap();
        assert!(own.starts_with(&emulator.url()), "{own}");
    }
    let entries = emulator.journal().entries();
    assert!(entries.iter().all(|entry| entry.http_version == "HTTP/2.0"), "{entries:?}");
    assert_eq!(emulator.journal().counts().tcp_connections, 1);
}

#[tokio::test]
async fn speaks_http_2_without_tls_too() {
    let emulator = client::with_openai().await;
    let stream = TcpStream::connect(emulator.address()).await.unwrap();
    let mut sender = http2(stream).await;
    assert_eq!(exchange(&mut sender, &emulator).await.unwrap().0, 200);
    assert_eq!(emulator.ca_pem(), None);
}

#[tokio::test]
async fn closes_all_streams_of_a_connection() {
    let emulator = secured().await;
    emulator.faults().add(Fault::delay(Duration::from_secs(3600)).times(1));
    emulator.faults().add(Fault::drop_after().skip(1));
    let stream = connect(&emulator, "h2").await;
    let mut sender = http2(stream).await;
    let waiting = tokio::spawn(sender.send_request(get(&emulator)));
    until(|| emulator.journal().entries().len() == 1).await;
    assert_eq!(exchange(&mut sender, &emulator).await, None);
    assert!(waiting.await.unwrap().is_err());
    let unanswered = emulator.journal().entries();
    assert!(unanswered.iter().all(|entry| entry.status.is_none()), "{unanswered:?}");
}

#[tokio::test]
async fn cuts_a_body_and_keeps_the_connection() {
    let emulator = secured().await;
    emulator.faults().add(Fault::cut().times(1));
    let stream = connect(&emulator, "h2").await;
    let mut sender = http2(stream).await;
    assert_eq!(exchange(&mut sender, &emulator).await, None);
    assert_eq!(exchange(&mut sender, &emulator).await.unwrap().0, 200);
}

#[tokio::test]
async fn stops_in_spite_of_an_open_handshake() {
    let emulator = secured().await;
    emulator.settings(|settings| settings.max_tcp_connections = Some(1));
    let mut silent = TcpStream::connect(emulator.address()).await.unwrap();
    // Where another one is turned away, the first one was let in.
    let _other = TcpStream::connect(emulator.address()).await.unwrap();
    until(|| emulator.journal().counts().tcp_connections_refused == 1).await;
    pause();
    let begin = Instant::now();
    emulator.stop().await;
    assert_eq!(begin.elapsed(), Duration::ZERO);
    assert_eq!(silent.read(&mut [0]).await.unwrap(), 0);
}
