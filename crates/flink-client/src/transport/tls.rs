//! TLS: which servers are trusted.
//!
//! The platform decides, with the certificates of a bundle besides its own. Where the
//! platform has none at all, as in a minimal container image, Mozilla's list stands in.
//! Certificates are read at the first handshake and not before: most processes that
//! make a client never connect, and reading a platform's store takes longer than all
//! the rest of the start.

use std::fmt;
use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_platform_verifier::Verifier;
use webpki_root_certs::TLS_SERVER_ROOT_CERTS;

use crate::error::{Error, Result};

/// The TLS settings of a client that also trusts the certificates of `bundle`.
pub(super) fn config(bundle: Option<&[u8]>) -> Result<ClientConfig> {
    let provider = Arc::new(ring::default_provider());
    let extra = bundle.map(certificates).transpose()?.unwrap_or_default();
    let verifier =
        LazyVerifier { extra, provider: Arc::clone(&provider), verifier: OnceLock::new() };
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::invalid(format!("TLS cannot be set up: {error}")))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// The certificates of a PEM bundle, each one checked to be usable.
fn certificates(bundle: &[u8]) -> Result<Vec<CertificateDer<'static>>> {
    let refused =
        |why: String| Error::invalid(format!("the CA bundle {why}")).of_setting("ca_bundle_pem");
    let certificates = CertificateDer::pem_slice_iter(bundle)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| refused(format!("is no PEM: {error}")))?;
    if certificates.is_empty() {
        return Err(refused("holds no certificate in PEM form".to_owned()));
    }
    let mut store = RootCertStore::empty();
    for (index, certificate) in certificates.iter().enumerate() {
        store.add(certificate.clone()).map_err(|error| {
            refused(format!("holds a bad certificate, number {}: {error}", index + 1))
        })?;
    }
    Ok(certificates)
}

/// Verifies by the platform, whose store it reads at the first handshake.
struct LazyVerifier {
    extra: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
    verifier: OnceLock<Result<Verifier, rustls::Error>>,
}

impl LazyVerifier {
    fn get(&self) -> Result<&Verifier, rustls::Error> {
        let verifier = self.verifier.get_or_init(|| self.load());
        verifier.as_ref().map_err(Clone::clone)
    }

    fn load(&self) -> Result<Verifier, rustls::Error> {
        let new = |roots| Verifier::new_with_extra_roots(roots, Arc::clone(&self.provider));
        // An error means that the platform has no certificates of its own, which is
        // asked without the extra ones because these would hide it.
        match Verifier::new(Arc::clone(&self.provider)) {
            Ok(verifier) if self.extra.is_empty() => Ok(verifier),
            Ok(_) => new(self.extra.clone()),
            Err(_) => new([TLS_SERVER_ROOT_CERTS, &self.extra].concat()),
        }
    }
}

impl ServerCertVerifier for LazyVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.get()?.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.get()?.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.get()?.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

impl fmt::Debug for LazyVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LazyVerifier").field("extra", &self.extra.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offers_http_2_and_reads_no_certificates_yet() {
        let config = config(None).unwrap();
        assert_eq!(config.alpn_protocols, [&b"h2"[..], b"http/1.1"]);
        let provider = Arc::new(ring::default_provider());
        let verifier = LazyVerifier { extra: Vec::new(), provider, verifier: OnceLock::new() };
        assert!(!verifier.supported_verify_schemes().is_empty());
        assert!(verifier.verifier.get().is_none());
    }
}
