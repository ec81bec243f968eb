//! The certificates of one run of the emulator.
//!
//! An authority of its own signs one certificate that a client of the authority
//! accepts, and some that it must refuse. A setting chooses among them. This file
//! knows nothing of connections.

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
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::CertifiedKey;

use crate::settings::Certificate;

/// The time that a certificate is valid into the past and the future. Some
/// verifiers refuse one of more than two years.
const SPAN: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The error of making a certificate.
pub(crate) type Failed = Box<dyn Error + Send + Sync>;

/// The certificates that the server can present.
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
        let (other, _) = authority("another authority", now)?;
        let here = ["localhost", "127.0.0.1", "::1", &address.to_string()].map(str::to_owned);
        let elsewhere = ["elsewhere.example".to_owned()];
        Ok(Self {
            authority_pem: pem(&own_der),
            valid: leaf(&own, &here, now)?,
            expired: leaf(&own, &here, now.saturating_sub(2 * SPAN))?,
            wrong_host: leaf(&own, &elsewhere, now)?,
            unknown_authority: leaf(&other, &here, now)?,
        })
    }

    /// The certificate that a client must trust.
    pub(crate) fn authority_pem(&self) -> &str {
        &self.authority_pem
    }

    /// The certificate of a setting.
    pub(crate) fn get(&self, certificate: Certificate) -> &Arc<CertifiedKey> {
        match certificate {
            Certificate::Valid => &self.valid,
            Certificate::Expired => &self.expired,
            Certificate::WrongHost => &self.wrong_host,
            Certificate::UnknownAuthority => &self.unknown_authority,
        }
    }
}

/// A self-signed authority, and its certificate in DER.
fn authority(name: &str, now: Duration) -> Result<(Issuer<'static, KeyPair>, Vec<u8>), Failed> {
    let key = KeyPair::generate()?;
    let mut params = params(&[], name, now)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let der = params.self_signed(&key)?.der().to_vec();
    Ok((Issuer::new(params, key), der))
}

/// A certificate for these names, signed by an authority.
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

/// The parameters that all certificates share; `now` is the middle of their time.
fn params(names: &[String], common_name: &str, now: Duration) -> Result<CertificateParams, Failed> {
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    let now = date_time_ymd(1970, 1, 1) + now;
    params.not_before = now - SPAN;
    params.not_after = now + SPAN;
    Ok(params)
}

/// RFC 7468: lines of 64 characters.
fn pem(der: &[u8]) -> String {
    let encoded = BASE64_STANDARD.encode(der).into_bytes();
    let lines: Vec<_> = encoded.chunks(64).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}
