//! Downloads over HTTPS.

use std::error::Error;
use std::iter::successors;
use std::time::Duration;

use reqwest::{Certificate, Client};
use rustls::crypto::ring;
use webpki_root_certs::TLS_SERVER_ROOT_CERTS;

use xtask_step::outcome::{Outcome, fail};

/// The time that connecting may take, and the pause between two parts of a response.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Makes a client that sends nothing unencrypted: a checksum proves no more than the
/// connection that it came over.
///
/// It trusts the certificates of the platform, or Mozilla's list on a platform that has
/// none, such as a minimal container.
pub(crate) fn client() -> Outcome<Client> {
    // An error means that the provider is installed already.
    let _ = ring::default_provider().install_default();
    let builder = || {
        let builder = Client::builder().user_agent(concat!("xtask/", env!("CARGO_PKG_VERSION")));
        builder.https_only(true).connect_timeout(TIMEOUT).read_timeout(TIMEOUT)
    };
    if let Ok(client) = builder().build() {
        return Ok(client);
    }
    let roots = TLS_SERVER_ROOT_CERTS.iter().map(|root| Certificate::from_der(root));
    Ok(builder().tls_certs_only(roots.collect::<Result<Vec<_>, _>>()?).build()?)
}

/// Downloads a file. An error names the URL and all causes.
pub(crate) async fn download(client: &Client, url: &str) -> Outcome<Vec<u8>> {
    let download = async { client.get(url).send().await?.error_for_status()?.bytes().await };
    match download.await {
        Ok(body) => Ok(body.into()),
        Err(error) => {
            let error = error.without_url();
            let causes = successors(Some(&error as &dyn Error), |&cause| cause.source());
            let causes: Vec<String> = causes.map(ToString::to_string).collect();
            fail(format!("{url}: {}", causes.join(": ")))
        }
    }
}
