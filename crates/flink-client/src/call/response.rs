//! Responses: which ones count as a success, and the errors that the others become.

use std::time::SystemTime;

use url::Url;

use super::attempt::{Attempt, Failed};
use crate::error::body::{ErrorBody, Origin};
use crate::error::{Details, Error, Kind, Result};
use crate::retry::{self, Outcome};
use crate::transport::{self, Extent, HttpResponse, LONGEST_BODY};

/// The words with which nginx, Go's server and Apache refuse plain HTTP on a TLS port.
const WANTS_TLS: [&str; 3] = [
    "The plain HTTP request was sent to HTTPS port",
    "Client sent an HTTP request to an HTTPS server",
    "speaking plain HTTP to an SSL-enabled server port",
];

/// A response with a successful status.
#[derive(Debug)]
pub(crate) struct ApiResponse {
    /// The method and the path of the request.
    call: (&'static str, String),
    request_id: Option<String>,
    response: HttpResponse,
}

impl ApiResponse {
    /// The status, from 200 to 299.
    pub(crate) fn status(&self) -> u16 {
        self.response.status
    }

    /// The body, if all of it came.
    pub(crate) fn body(&self) -> Result<&[u8]> {
        match &self.response.extent {
            Extent::Whole => Ok(&self.response.body),
            Extent::TooLong => {
                let most = LONGEST_BODY >> 20;
                let why = format!("with more than the {most} MB that this client reads");
                Err(self.unusable(&why).hint(transport::CHECK_PROXIES))
            }
            Extent::Cut(_) => Err(self.unusable("and the answer ended early")),
        }
    }

    /// Returns true if the body is empty or did not come whole.
    pub(crate) fn lacks_body(&self) -> bool {
        match self.response.extent {
            Extent::Whole => self.response.body.trim_ascii().is_empty(),
            Extent::Cut(_) => true,
            Extent::TooLong => false,
        }
    }

    /// Returns true if a third party seems to have responded: there is a body, and it is
    /// no JSON.
    pub(crate) fn is_foreign(&self) -> bool {
        !self.lacks_body()
            && serde_json::from_slice::<serde::de::IgnoredAny>(&self.response.body).is_err()
    }

    /// The server's clock when it responded, to the second.
    pub(crate) fn server_clock(&self) -> Option<SystemTime> {
        retry::server_clock(&self.response.headers)
    }

    /// The error of a success that cannot be used.
    pub(crate) fn unusable(&self, why: &str) -> Error {
        let (verb, path) = &self.call;
        let status = self.response.status;
        let request_id = self.request_id.clone();
        Error::new(Kind::Response, format!("was answered with {status} {why}"))
            .of_call(verb, path)
            .with_details(Details { status: Some(status), request_id, ..Details::default() })
    }
}

impl Attempt<'_> {
    /// Classifies a response as a success or a failure.
    pub(super) fn judge(&self, response: HttpResponse, url: &Url) -> Result<ApiResponse, Failed> {
        let success = (200..300).contains(&response.status);
        let cut = matches!(response.extent, Extent::Cut(_));
        if success && !(cut && self.request.only_reads()) {
            return Ok(ApiResponse {
                call: (self.request.verb(), self.request.url.path().to_owned()),
                request_id: self.request_id(&response),
                response,
            });
        }
        if let Extent::Cut(reason) = &response.extent
            // Only its body shows whether a 404 is the API's.
            && (success || response.status == 404)
        {
            let message = Some(self.shown(reason));
            let summary =
                format!("was answered with {} and the answer ended early", response.status);
            let error = self
                .error(Kind::NoResponse, summary)
                .with_details(Details { message, ..self.details(&response) });
            return Err(Failed { error, outcome: Some(Outcome::NoResponse) });
        }
        Err(self.refused(&response, url))
    }

    fn refused(&self, response: &HttpResponse, url: &Url) -> Failed {
        let status = response.status;
        let body = ErrorBody::read(&response.body);
        let kind = match (status, body.origin) {
            (404, Origin::Api) => Kind::Absent,
            _ => Kind::Status,
        };
        let reason = http::StatusCode::from_u16(status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or("an unknown status");
        let error = self.error(kind, format!("was answered with {status} {reason}")).with_details(
            Details {
                origin: Some(body.origin),
                message: Some(self.shown(&body.text)),
                ..self.details(response)
            },
        );
        let error = match status {
            401 => {
                let hints = self.auth.not_accepted.iter().copied();
                hints.fold(error, Error::hint).of_host(self.origin(url))
            }
            400 if url.scheme() == "http" && wants_tls(&body.text) => {
                error.hint(self.may_need_scheme("https", "http"))
            }
            _ => error,
        };
        let outcome = if status == 401 && self.auth.may_be_too_new() {
            Outcome::KeyTooNew
        } else {
            let asked = retry::asked_wait(status, &response.headers, SystemTime::now());
            Outcome::Refused { status, asked }
        };
        Failed { error, outcome: Some(outcome) }
    }
}

/// Returns true if a server says that it expects TLS.
fn wants_tls(text: &str) -> bool {
    WANTS_TLS.iter().any(|words| text.contains(words))
}

impl HttpResponse {
    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}
