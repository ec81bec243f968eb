//! Mutual TLS with certificates that exist for one run of the process.
//!
//! The host passes its certificate through the environment and learns ours from the handshake line;
//! each trusts exactly that one certificate of the other. This is go-plugin's AutoMTLS. The host's
//! certificate is an authority signed by itself with a P-521 key, and both facts defeat rustls as it
//! comes: its verifier takes no authority for a client, and *ring* does not know the curve. Hence a
//! verifier of our own, with the signature checked by [`p521`]. This module must not know sockets.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, SerialNumber, date_time_ymd,
};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::NoServerSessionStorage;
use rustls::{ServerConfig, version};

use self::launcher::OnlyTheLauncher;
use super::log;

mod launcher;

/// The name hosts expect, wherever the socket is.
const SERVER_NAME: &str = "localhost";

/// The time before now from which the certificate is valid, for clocks that disagree across a
/// container's border.
const BACKDATED: Duration = Duration::from_secs(30);

/// The time for which it is valid. No run is that long; go-plugin's own certificates say the same.
const VALID: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);

/// The certificate that the plugin shows to its host, and the rules for clients.
#[derive(Debug)]
pub(super) struct Identity {
    /// The certificate for the handshake line.
    pub(super) certificate: CertificateDer<'static>,
    /// The rules of the listener.
    pub(super) config: Arc<ServerConfig>,
}

/// Makes a key and certificate, and rules that admit only the holder of `client_pem`.
///
/// A certificate that cannot be read is reported, and no client is trusted, as in go-plugin.
pub(super) fn identity(client_pem: &str, now: SystemTime) -> Result<Identity, Error> {
    let trusted = match CertificateDer::from_pem_slice(client_pem.as_bytes()) {
        Ok(certificate) => Some(certificate),
        Err(error) => {
            log::complain(&format!(
                "cannot read PLUGIN_CLIENT_CERT, so no client is trusted: {error}"
            ));
            None
        }
    };
    let provider = Arc::new(ring::default_provider());
    let (certificate, key) = own_certificate(&provider, now)?;
    let verifier = OnlyTheLauncher::new(trusted, provider.signature_verification_algorithms);

    // TLS 1.3 alone: every host that can be met offers it, and its handshake has fewer variants.
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&version::TLS13])?
        .with_client_cert_verifier(Arc::new(verifier))
        .with_single_cert(vec![certificate.clone()], key)?;
    // Newer hosts end a connection that has not agreed on HTTP/2 here.
    config.alpn_protocols = vec![b"h2".to_vec()];
    // There is one connection in a life; nothing to resume.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(Identity { certificate, config: Arc::new(config) })
}

/// P-256 because it is quickest: the host verifies it once, and it need not last.
fn own_certificate(
    provider: &CryptoProvider,
    now: SystemTime,
) -> Result<(CertificateDer<'static>, PrivateKeyDer<'static>), Error> {
    let mut serial = [0; 16];
    provider.secure_random.fill(&mut serial).map_err(|_| Error::NoRandomness)?;
    // A serial number is positive, and has no zero in front.
    serial[0] = serial[0] & 0x3f | 0x40;

    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let mut params = CertificateParams::new(vec![SERVER_NAME.to_owned()])?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, SERVER_NAME);
    let now = date_time_ymd(1970, 1, 1) + now.duration_since(UNIX_EPOCH).unwrap_or_default();
    params.not_before = now - BACKDATED;
    params.not_after = now + VALID;
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let certificate = params.self_signed(&key)?;
    Ok((certificate.der().clone(), PrivateKeyDer::Pkcs8(key.serialize_der().into())))
}

/// The reason why there is no identity.
#[derive(Debug)]
pub(super) enum Error {
    /// The certificate could not be made.
    Certificate(rcgen::Error),
    /// The rules contradict each other.
    Config(rustls::Error),
    /// The system has no random numbers.
    NoRandomness,
}

impl From<rcgen::Error> for Error {
    fn from(error: rcgen::Error) -> Self {
        Self::Certificate(error)
    }
}

impl From<rustls::Error> for Error {
    fn from(error: rustls::Error) -> Self {
        Self::Config(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Certificate(error) => write!(f, "no certificate: {error}"),
            Self::Config(error) => write!(f, "no configuration: {error}"),
            Self::NoRandomness => f.write_str("the system has no randomness to give"),
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
