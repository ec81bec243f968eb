//! Trust in servers.

use std::sync::Arc;

use flink_client::{Client, Credentials};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::server::{Server, answer};
use crate::{FOUND, NAME, builder, place};

pub(crate) const AUTHORITY: &[u8] = include_bytes!("certificates/ca.pem");
const CERTIFICATE: &[u8] = include_bytes!("certificates/server.pem");
const KEY: &[u8] = include_bytes!("certificates/server.key");

async fn server() -> Server {
    Server::start_with([answer(200, &[], FOUND)], Some(acceptor(&[]))).await
}

/// The server's side of TLS, with the protocols that it offers.
pub(crate) fn acceptor(protocols: &[&[u8]]) -> TlsAcceptor {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from_pem_slice(CERTIFICATE).unwrap()],
            PrivateKeyDer::from_pem_slice(KEY).unwrap(),
        )
        .unwrap();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    TlsAcceptor::from(Arc::new(config))
}

#[tokio::test]
async fn trusts_the_authorities_of_a_bundle() {
    let server = server().await;
    let client = builder(&server).ca_bundle_pem(AUTHORITY).build().unwrap();
    client.connections(&place()).get(NAME).await.unwrap();
}

#[tokio::test]
async fn does_not_trust_an_unknown_authority_and_does_not_retry() {
    let server = server().await;
    let client = builder(&server).build().unwrap();
    let error = client.connections(&place()).get(NAME).await.unwrap_err();
    assert!(error.to_string().contains("CA bundle"), "{error}");
    assert_eq!((server.connections(), server.requests().len()), (1, 0));
}

#[test]
fn refuses_a_bundle_without_certificates() {
    let broken = b"-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n";
    for bundle in [&b""[..], b"hello", KEY, broken] {
        let builder = Client::builder().credentials(Credentials::basic("key", "secret"));
        let error = builder.ca_bundle_pem(bundle).build().unwrap_err();
        assert!(error.to_string().contains("the CA bundle"), "{error}");
    }
}
