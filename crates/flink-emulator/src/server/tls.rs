//! HTTPS: the certificate of the settings, for each new connection.
//!
//! This file knows nothing of what is sent over a connection.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::server::{ClientHello, NoServerSessionStorage, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio_rustls::TlsAcceptor;

use crate::world::World;

/// The acceptor that presents the certificate of the settings, if the server
/// speaks TLS.
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
        Some(certificates.get(self.0.settings().certificate).clone())
    }
}
