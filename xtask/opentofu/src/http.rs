//! HTTP, for fetching a release and for talking to the emulator.

use std::error::Error;
use std::iter::successors;
use std::time::Duration;

use reqwest::{Certificate, Client, ClientBuilder, RequestBuilder};
use rustls::crypto::ring;
use webpki_root_certs::TLS_SERVER_ROOT_CERTS;

use xtask_step::outcome::{Outcome, fail};

/// How long a connection may take to come about, and an answer to go on.
const PATIENCE: Duration = Duration::from_secs(30);

/// A client; `settings` are what this use of it asks for besides.
///
/// The platform's certificates decide which servers are believed. Where it has
/// none, as in a minimal container, Mozilla's list stands in.
pub(crate) fn client(settings: impl Fn(ClientBuilder) -> ClientBuilder) -> Outcome<Client> {
    // An error means that a client was made before, with the same provider.
    let _ = ring::default_provider().install_default();
    let builder = || {
        let builder = Client::builder().user_agent(concat!("xtask/", env!("CARGO_PKG_VERSION")));
        settings(builder.connect_timeout(PATIENCE).read_timeout(PATIENCE))
    };
    if let Ok(client) = builder().build() {
        return Ok(client);
    }
    let roots = TLS_SERVER_ROOT_CERTS.iter().map(|root| Certificate::from_der(root));
    Ok(builder().tls_certs_only(roots.collect::<Result<Vec<_>, _>>()?).build()?)
}

/// Sends a request and reads the body of an answer that says that all is well;
/// `what` names it in an error.
pub(crate) async fn answer(what: &str, request: RequestBuilder) -> Outcome<Vec<u8>> {
    let answer = match request.send().await {
        Ok(answer) => answer,
        Err(error) => return fail(format!("{what} does not answer: {}", reason(&error))),
    };
    let status = answer.status();
    let body = match answer.bytes().await {
        Ok(body) => body,
        Err(error) => return fail(format!("{what} broke off: {}", reason(&error))),
    };
    match status.is_success() {
        true => Ok(body.into()),
        false => fail(format!("{what} answers {status}")),
    }
}

/// An error and all that caused it; the address is told elsewhere.
fn reason(error: &reqwest::Error) -> String {
    let causes = successors(error.source(), |&cause| cause.source());
    let causes: Vec<String> = causes.map(ToString::to_string).collect();
    if causes.is_empty() { error.to_string() } else { causes.join(": ") }
}
