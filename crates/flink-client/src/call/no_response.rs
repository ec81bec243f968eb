//! Requests without a response: the errors that they become.
//!
//! Each text says first what the failure means, then what to check, and last the cause in
//! the words of the libraries.

use std::time::Duration;

use url::Url;

use super::attempt::{Attempt, Failed};
use crate::error::{Details, Error, Kind};
use crate::request::Audience;
use crate::retry::Outcome;
use crate::transport::{ConnectError, Failure, Stage};

const PRIVATE: &str = "private networking needs a REST endpoint of its own";

impl Attempt<'_> {
    /// The failure of a request that took longer than it may, `waited` in all.
    pub(super) fn timed_out(&self, url: &Url, waited: Duration) -> Failed {
        let host = self.origin(url);
        let waited = waited.as_secs_f32();
        let summary = format!("got no answer from {host} within {waited:.1} s");
        Failed { error: self.error(Kind::TimedOut, summary), outcome: Some(Outcome::NoResponse) }
    }

    /// The failure that the transport reports. The stage decides whether the server may have
    /// acted.
    pub(super) fn no_response(&self, url: &Url, failure: &Failure) -> Failed {
        let host = self.origin(url);
        let reason = self.shown(&failure.reason);
        match failure.stage {
            Stage::Unconnected(why) => self.unconnected(host, why, reason),
            Stage::Sent => {
                let error = self.error(Kind::NoResponse, format!("got no answer from {host}"));
                let details = Details { message: Some(reason), ..Details::default() };
                let error = error.with_details(details);
                Failed { error, outcome: Some(Outcome::NoResponse) }
            }
            Stage::NotHttp => {
                let error =
                    self.error(Kind::NoResponse, format!("got no answer in HTTP from {host}"));
                let error = error.hint(self.may_need_scheme("https", "http")).caused_by(reason);
                Failed { error, outcome: Some(Outcome::NoResponse) }
            }
        }
    }

    fn unconnected(&self, host: String, why: ConnectError, reason: String) -> Failed {
        let (kind, outcome) = if why.is_lasting() {
            (Kind::Unusable, None)
        } else {
            (Kind::NotSent, Some(Outcome::NotSent))
        };
        let error = self.error(kind, format!("could not be sent{}", meaning(why, &host)));
        let checks = self.checks(why).into_iter();
        let error = checks.fold(error, Error::hint).caused_by(reason).of_host(host);
        Failed { error, outcome }
    }

    /// The scheme, host and port of a URL that this call was sent to.
    pub(super) fn origin(&self, url: &Url) -> String {
        let origin = url.origin().ascii_serialization();
        if url.origin() == self.request.url.origin() {
            return origin;
        }
        // A redirect is the server's text.
        self.shown(&origin)
    }

    /// The advice for a server that expects the other scheme.
    pub(super) fn may_need_scheme(&self, scheme: &str, given: &str) -> String {
        let endpoint = self.endpoint();
        format!("check whether {endpoint} should begin with `{scheme}://` instead of `{given}://`")
    }

    /// The setting that the request's host comes from.
    fn endpoint(&self) -> &'static str {
        match self.request.audience {
            Audience::Gateway => "the REST endpoint",
            Audience::ControlPlane => "the control plane's endpoint",
            Audience::TokenEndpoint => "the token service's URL",
        }
    }

    /// The things to check after a failure to connect.
    fn checks(&self, why: ConnectError) -> Vec<String> {
        let gateway = self.request.audience == Audience::Gateway;
        let endpoint = self.endpoint();
        let mut checks = match why {
            ConnectError::UnknownHost if gateway => {
                vec![format!("check the cloud and the region, or {endpoint}")]
            }
            ConnectError::UnknownHost => vec![format!("check {endpoint}")],
            ConnectError::Unresolved => {
                vec!["check this machine's network and its name servers".to_owned()]
            }
            ConnectError::Refused => vec![format!("check {endpoint} and its port")],
            ConnectError::Unreachable | ConnectError::TimedOut => {
                vec![format!("check this machine's network, firewalls on the way, and {endpoint}")]
            }
            ConnectError::NotTls => vec![self.may_need_scheme("http", "https")],
            ConnectError::Distrusted => vec![
                "where the host's certificate is signed by a private authority, add that to the platform's store or give it as a CA bundle".to_owned(),
            ],
            ConnectError::Proxy => {
                vec!["check the proxy that the environment names, and whether it reaches this host".to_owned()]
            }
            ConnectError::Other => Vec::new(),
        };
        let may_be_private = matches!(
            why,
            ConnectError::UnknownHost | ConnectError::Unreachable | ConnectError::TimedOut
        );
        if gateway && may_be_private {
            checks.push(PRIVATE.to_owned());
        }
        checks
    }
}

/// The meaning of a failure to connect, to be read after "could not be sent".
fn meaning(why: ConnectError, host: &str) -> String {
    let nothing_answers = |because| format!(": nothing answers at {host}, because {because}");
    match why {
        ConnectError::UnknownHost => nothing_answers("no host has this name"),
        ConnectError::Unresolved => {
            format!(": the name of the host of {host} could not be resolved for the moment")
        }
        ConnectError::Refused => nothing_answers("the connection was refused"),
        ConnectError::Unreachable => nothing_answers("no network leads there"),
        ConnectError::TimedOut => nothing_answers("no connection was made in time"),
        ConnectError::NotTls => format!(": the server at {host} does not speak TLS"),
        ConnectError::Distrusted => {
            format!(" safely: the certificate at {host} is not trusted")
        }
        ConnectError::Proxy => format!(" to {host} through the proxy"),
        ConnectError::Other => format!(" to {host}"),
    }
}
