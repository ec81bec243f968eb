//! Handshakes with a client made like Terraform's: a P-521 authority that signed itself.
//!
//! The certificates in `tests/fixtures/plugin` were made with OpenSSL after the template of
//! go-plugin's `mtls.go`; the keys below belong to them and to nothing else.

use std::io;

use p521::ecdsa::signature::Signer as _;
use p521::ecdsa::{DerSignature, SigningKey};
use rustls::client::ClientConfig;
use rustls::sign::{CertifiedKey, Signer, SingleCertAndKey};
use rustls::{ProtocolVersion, RootCertStore, SignatureAlgorithm, SignatureScheme};
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use super::*;

pub(in crate::plugin) const LAUNCHER: &str =
    include_str!("../../../tests/fixtures/plugin/launcher.pem");
const LAUNCHER_KEY: &str = concat!(
    "01b037b1a1c5154c89b8f95aac77fd2909a65820915f3364646e14ac8c0d8fb2",
    "500fa43d84f8c93d9d1dbd24c5408448093ab1ea6cc7b6f5b1973f8f004ea9dcafa8",
);
const THIRD_PARTY: &str = include_str!("../../../tests/fixtures/plugin/third_party.pem");
const THIRD_PARTY_KEY: &str = concat!(
    "01ba3d62e3b260c36cc53bb476cf11dc59e576a4a52a916b17ad48215bf21e12",
    "c063310a452a88629559c29fa0fa407764f9c482c8301afce5b0c5668d6fa0d4b079",
);

/// The certificate that a client shows, and the key with which it signs.
#[derive(Clone, Copy)]
struct Client {
    certificate: &'static str,
    key: &'static str,
    /// Signs something else than what was agreed on.
    tampers: bool,
}

const TERRAFORM: Client = Client { certificate: LAUNCHER, key: LAUNCHER_KEY, tampers: false };

#[derive(Debug)]
struct P521Key {
    key: SigningKey,
    tampers: bool,
}

impl rustls::sign::SigningKey for P521Key {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let known = offered.contains(&SignatureScheme::ECDSA_NISTP521_SHA512);
        known.then(|| Box::new(Self { key: self.key.clone(), tampers: self.tampers }) as _)
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::ECDSA
    }
}

impl Signer for P521Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        let mut message = message.to_vec();
        message[0] ^= u8::from(self.tampers);
        let signature: DerSignature = self.key.sign(&message);
        Ok(signature.as_bytes().to_vec())
    }

    fn scheme(&self) -> SignatureScheme {
        SignatureScheme::ECDSA_NISTP521_SHA512
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(digits).collect()
}

fn der(pem: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()
}

/// A connector that trusts the one certificate of the handshake line, as a host does.
fn connector(server: &Identity, client: Option<Client>) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(server.certificate.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots);
    let mut config = match client {
        None => config.with_no_client_auth(),
        Some(Client { certificate, key, tampers }) => {
            let key = SigningKey::from_slice(&bytes(key)).unwrap();
            let key = CertifiedKey::new(vec![der(certificate)], Arc::new(P521Key { key, tampers }));
            config.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(key)))
        }
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    TlsConnector::from(Arc::new(config))
}

/// A connector as the launcher in the fixtures has it.
pub(in crate::plugin) fn terraform(server: &Identity) -> TlsConnector {
    connector(server, Some(TERRAFORM))
}

fn identity_for(pem: &str) -> Identity {
    identity(pem, SystemTime::now()).unwrap()
}

/// Lets a client connect and exchange a byte; returns what the server made of it.
async fn connect(server: &Identity, client: Option<Client>) -> io::Result<()> {
    let (near, far) = duplex(16 * 1024);
    let acceptor = TlsAcceptor::from(Arc::clone(&server.config));
    let serving = async {
        let mut stream = acceptor.accept(far).await?;
        let (_, connection) = stream.get_ref();
        assert_eq!(connection.protocol_version(), Some(ProtocolVersion::TLSv1_3));
        assert_eq!(connection.alpn_protocol(), Some(&b"h2"[..]));
        let byte = stream.read_u8().await?;
        stream.write_u8(byte).await
    };
    let connecting = async {
        let name = "localhost".try_into().unwrap();
        let mut stream = connector(server, client).connect(name, near).await?;
        stream.write_u8(7).await?;
        stream.read_u8().await
    };
    let (served, answered) = tokio::join!(serving, connecting);
    assert_eq!(served.is_ok(), answered.is_ok_and(|byte| byte == 7), "both ends agree");
    served
}

#[tokio::test]
async fn admits_the_process_that_started_us() {
    connect(&identity_for(LAUNCHER), Some(TERRAFORM)).await.unwrap();
}

#[tokio::test]
async fn refuses_another_certificate_of_the_same_kind() {
    let third_party = Client { certificate: THIRD_PARTY, key: THIRD_PARTY_KEY, tampers: false };
    let error = connect(&identity_for(LAUNCHER), Some(third_party)).await.unwrap_err();
    assert!(error.to_string().contains("ApplicationVerificationFailure"), "{error}");
}

#[tokio::test]
async fn refuses_a_client_without_certificate() {
    let error = connect(&identity_for(LAUNCHER), None).await.unwrap_err();
    assert!(error.to_string().contains("no certificates"), "{error}");
}

#[tokio::test]
async fn refuses_the_right_certificate_in_the_wrong_hands() {
    let thief = Client { key: THIRD_PARTY_KEY, ..TERRAFORM };
    let error = connect(&identity_for(LAUNCHER), Some(thief)).await.unwrap_err();
    assert!(error.to_string().contains("BadSignature"), "{error}");
}

#[tokio::test]
async fn refuses_a_signature_over_another_conversation() {
    let tamperer = Client { tampers: true, ..TERRAFORM };
    let error = connect(&identity_for(LAUNCHER), Some(tamperer)).await.unwrap_err();
    assert!(error.to_string().contains("BadSignature"), "{error}");
}

#[tokio::test]
async fn trusts_no_client_when_the_certificate_cannot_be_read() {
    for garbage in ["certainly not", "-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----"]
    {
        let server = identity_for(garbage);
        assert!(connect(&server, Some(TERRAFORM)).await.is_err());
        assert!(connect(&server, None).await.is_err());
    }
}

#[tokio::test]
async fn the_certificate_is_valid_despite_clocks_and_for_decades() {
    let (now, decades) = (SystemTime::now(), Duration::from_secs(29 * 365 * 24 * 60 * 60));
    for made in [now + Duration::from_secs(20), now - decades] {
        let server = identity(LAUNCHER, made).unwrap();
        connect(&server, Some(TERRAFORM)).await.unwrap();
    }
    let tomorrow = identity(LAUNCHER, now + Duration::from_secs(24 * 60 * 60)).unwrap();
    assert!(connect(&tomorrow, Some(TERRAFORM)).await.is_err());
}

#[test]
fn every_run_has_its_own_certificate() {
    assert_ne!(identity_for(LAUNCHER).certificate, identity_for(LAUNCHER).certificate);
}
