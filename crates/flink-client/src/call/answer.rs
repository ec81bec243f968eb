//! Answers: what counts as a success, and what a refusal becomes.

use std::time::SystemTime;

use http::HeaderMap;
use url::Url;

use super::{Attempt, Failed};
use crate::error::body::{Author, Said};
use crate::error::{Error, Kind, Result};
use crate::retry::{self, Outcome};
use crate::transport::{self, Extent, Incoming, LONGEST_ANSWER};

/// The words with which nginx, Go's server and Apache refuse plain HTTP on a TLS port.
const WANTS_TLS: [&str; 3] = [
    "The plain HTTP request was sent to HTTPS port",
    "Client sent an HTTP request to an HTTPS server",
    "speaking plain HTTP to an SSL-enabled server port",
];

/// A successful answer.
#[derive(Debug)]
pub(crate) struct Answer {
    call: (&'static str, String),
    request_id: Option<String>,
    incoming: Incoming,
}

impl Answer {
    pub(crate) fn status(&self) -> u16 {
        self.incoming.status
    }

    /// The body, if all of it came.
    pub(crate) fn body(&self) -> Result<&[u8]> {
        match &self.incoming.extent {
            Extent::Whole => Ok(&self.incoming.body),
            Extent::TooLong => {
                let most = LONGEST_ANSWER >> 20;
                let why = format!("with more than the {most} MB that this client reads");
                Err(self.unusable(&why).hint(transport::WHO_SPEAKS))
            }
            Extent::Cut(_) => Err(self.unusable("and the answer ended early")),
        }
    }

    /// Whether no body was meant to come, or it did not come whole.
    pub(crate) fn lacks_body(&self) -> bool {
        match self.incoming.extent {
            Extent::Whole => self.incoming.body.trim_ascii().is_empty(),
            Extent::Cut(_) => true,
            Extent::TooLong => false,
        }
    }

    /// Whether somebody else than the API seems to have answered: there is a body, and
    /// it is no JSON.
    pub(crate) fn is_foreign(&self) -> bool {
        !self.lacks_body()
            && serde_json::from_slice::<serde::de::IgnoredAny>(&self.incoming.body).is_err()
    }

    /// The server's clock when it answered.
    pub(crate) fn server_clock(&self) -> Option<SystemTime> {
        retry::server_clock(&self.incoming.headers)
    }

    /// An error about a success that is of no use.
    pub(crate) fn unusable(&self, why: &str) -> Error {
        let (verb, path) = &self.call;
        let status = self.incoming.status;
        Error::new(Kind::Answer, format!("was answered with {status} {why}"))
            .of_call(verb, path)
            .with_status(status)
            .with_request_id(self.request_id.clone())
    }
}

impl Attempt<'_> {
    /// Makes an answer or a failure of what came in.
    pub(super) fn judge(&self, incoming: Incoming, url: &Url) -> Result<Answer, Failed> {
        let success = (200..300).contains(&incoming.status);
        let cut = matches!(incoming.extent, Extent::Cut(_));
        if success && !(cut && self.request.only_reads()) {
            return Ok(Answer {
                call: (self.request.verb(), self.request.url.path().to_owned()),
                request_id: self.request_id(&incoming),
                incoming,
            });
        }
        if let Extent::Cut(reason) = &incoming.extent
            // Whose 404 it is can only be told from its body.
            && (success || incoming.status == 404)
        {
            let error = self
                .error(
                    Kind::Lost,
                    format!("was answered with {} and the answer ended early", incoming.status),
                )
                .with_status(incoming.status)
                .saying(Some(self.shown(reason)));
            return Err(Failed { error, outcome: Some(Outcome::Lost) });
        }
        Err(self.refused(&incoming, url))
    }

    fn refused(&self, incoming: &Incoming, url: &Url) -> Failed {
        let status = incoming.status;
        let said = Said::read(&incoming.body);
        let kind = match (status, said.author) {
            (404, Author::Api) => Kind::Absent,
            _ => Kind::Status,
        };
        let reason = http::StatusCode::from_u16(status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or("an unknown status");
        let error = self
            .error(kind, format!("was answered with {status} {reason}"))
            .with_status(status)
            .with_request_id(self.request_id(incoming))
            .with_location(incoming.header("location").map(|url| self.place_of(url)))
            .with_code(said.code.as_deref().map(|code| self.shown(code)))
            .with_author(said.author)
            .saying(Some(self.shown(&said.text)));
        let error = match status {
            401 => {
                let hints = self.auth.not_accepted().iter().copied();
                hints.fold(error, Error::hint).of_host(self.origin(url))
            }
            400 if url.scheme() == "http" && wants_tls(&said.text) => {
                error.hint(self.may_need_scheme("https", "http"))
            }
            _ => error,
        };
        let outcome = if status == 401 && self.auth.may_be_too_new() {
            Outcome::NotYetKnown
        } else {
            let asked = retry::asked_wait(status, &incoming.headers, SystemTime::now());
            Outcome::Refused { status, asked }
        };
        Failed { error, outcome: Some(outcome) }
    }

    /// A URL of the server without what could be a secret in it.
    fn place_of(&self, location: &str) -> String {
        let end = location.find(['?', '#']).unwrap_or(location.len());
        let location = &location[..end];
        let without_user = match location.split_once("://") {
            Some((scheme, rest)) => {
                let host = rest.find('/').unwrap_or(rest.len());
                let start = rest[..host].rfind('@').map_or(0, |at| at + 1);
                format!("{scheme}://{}", &rest[start..])
            }
            None => location.to_owned(),
        };
        self.shown(&without_user)
    }
}

/// Returns true if a server says that it was meant to be spoken to in TLS.
fn wants_tls(said: &str) -> bool {
    WANTS_TLS.iter().any(|words| said.contains(words))
}

impl Incoming {
    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let headers: &HeaderMap = &self.headers;
        headers.get(name)?.to_str().ok()
    }
}
