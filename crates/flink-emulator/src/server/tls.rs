//! HTTPS, by certificates that exist for one run of the emulator.
//!
//! An authority of its own signs what the server presents: a certificate that
//! whoever trusts the authority believes, and some that nobody should. Which of
//! them is a setting. What is said over a connection is not known here.

use std::error::Error;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use rustls::server::{ClientHello, NoServerSessionStorage, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio_rustls::TlsAcceptor;

use crate::control::settings::Certificate;
use crate::world::World;

/// How far a certificate reaches into the past and the future. Some verifiers
/// take none that lives longer than two years.
const SPAN: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Why there can be no certificates.
pub(crate) type Failed = Box<dyn Error + Send + Sync>;

/// What the server can present.
#[derive(Debug)]
pub(crate) struct Certificates {
    authority_pem: String,
    valid: Arc<CertifiedKey>,
    expired: Arc<CertifiedKey>,
    wrong_host: Arc<CertifiedKey>,
    unknown_authority: Arc<CertifiedKey>,
}

impl Certificates {
    /// Makes them for a server at this address.
    pub(crate) fn for_server_at(address: IpAddr) -> Result<Self, Failed> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
        let (own, own_der) = authority("flink-emulator authority", now)?;
        let (stranger, _) = authority("another authority", now)?;
        let here = ["localhost", "127.0.0.1", "::1", &address.to_string()].map(str::to_owned);
        let elsewhere = ["elsewhere.example".to_owned()];
        Ok(Self {
            authority_pem: pem(&own_der),
            valid: leaf(&own, &here, now)?,
            expired: leaf(&own, &here, now.saturating_sub(2 * SPAN))?,
            wrong_host: leaf(&own, &elsewhere, now)?,
            unknown_authority: leaf(&stranger, &here, now)?,
        })
    }

    /// What a client must trust.
    pub(crate) fn authority_pem(&self) -> &str {
        &self.authority_pem
    }
}

/// Accepts TLS as the settings say at the time, if the server speaks it at all.
pub(super) fn acceptor(world: &Arc<World>) -> Option<TlsAcceptor> {
    world.certificates.as_ref()?;
    let provider = Arc::new(ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring takes the versions that rustls has")
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(InForce(world.clone())));
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    // A resumed session would not show its certificate again.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Some(TlsAcceptor::from(Arc::new(config)))
}

/// The certificate that the settings name.
#[derive(Debug)]
struct InForce(Arc<World>);

impl ResolvesServerCert for InForce {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let certificates = self.0.certificates.as_ref()?;
        let presented = match self.0.settings().certificate {
            Certificate::Valid => &certificates.valid,
            Certificate::Expired => &certificates.expired,
            Certificate::WrongHost => &certificates.wrong_host,
            Certificate::UnknownAuthority => &certificates.unknown_authority,
        };
        Some(presented.clone())
    }
}

fn authority(name: &str, now: Duration) -> Result<(Issuer<'static, KeyPair>, Vec<u8>), Failed> {
    let key = KeyPair::generate()?;
    let mut params = params(&[], name, now)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let der = params.self_signed(&key)?.der().to_vec();
    Ok((Issuer::new(params, key), der))
}

fn leaf(
    authority: &Issuer<'_, KeyPair>,
    names: &[String],
    now: Duration,
) -> Result<Arc<CertifiedKey>, Failed> {
    let key = KeyPair::generate()?;
    let mut params = params(names, "flink-emulator", now)?;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let certificate = params.signed_by(&key, authority)?.der().clone();
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let key = ring::default_provider().key_provider.load_private_key(key)?;
    Ok(Arc::new(CertifiedKey::new(vec![certificate], key)))
}

fn params(names: &[String], common_name: &str, now: Duration) -> Result<CertificateParams, Failed> {
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    let now = date_time_ymd(1970, 1, 1) + now;
    params.not_before = now - SPAN;
    params.not_after = now + SPAN;
    Ok(params)
}

fn pem(der: &[u8]) -> String {
    let encoded = BASE64_STANDARD.encode(der);
    let mut pem = "-----BEGIN CERTIFICATE-----\n".to_owned();
    for (at, letter) in encoded.chars().enumerate() {
        if at > 0 && at % 64 == 0 {
            pem.push('\n');
        }
        pem.push(letter);
    }
    pem.push_str("\n-----END CERTIFICATE-----\n");
    pem
}
