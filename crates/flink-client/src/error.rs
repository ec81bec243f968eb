//! The one error of this crate: opaque, with predicates, safe to print.
//!
//! A server's text is redacted before it comes here, and URLs are kept as paths, so
//! neither `Debug` nor `Display` nor the chain of sources can show a secret. Knows nothing
//! of concrete APIs.

pub(crate) mod body;
mod text;

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use body::Origin;
pub(crate) use text::{one_line, readable};

/// The result of a call of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The failure of a call.
///
/// Opaque: use its predicates; its text is for people and may change. The text
/// names the method, the path, the status, the request id to quote to Confluent's
/// support, and the server's message; the meaning of a failure and the advice come before
/// its technical cause. It never contains a secret.
#[derive(Clone)]
pub struct Error(Box<Inner>);

/// The kinds of failures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A setting or an argument that no request can be made from.
    #[default]
    Invalid,
    /// The response has a status that is no success.
    Status,
    /// The API itself says that the object does not exist.
    Absent,
    /// No connection was made, so the server has not seen the request.
    NotSent,
    /// No connection can be made until something is changed: no host has the name, the
    /// server does not speak TLS, or its certificate is not trusted.
    Unusable,
    /// The request was sent and no complete response came back.
    NoResponse,
    /// The request was sent and its own time ran out.
    TimedOut,
    /// A redirect that must not be followed.
    Redirect,
    /// The response is a success but not of the expected form.
    Response,
    /// An object of this name is there and is not, or not certainly, the caller's.
    Conflict,
    /// The caller's deadline passed.
    Deadline,
    /// The caller cancelled.
    Cancelled,
}

/// The facts of a failure that a response shows, already redacted.
#[derive(Clone, Default)]
pub(crate) struct Details {
    pub(crate) status: Option<u16>,
    pub(crate) request_id: Option<String>,
    pub(crate) origin: Option<Origin>,
    /// The message, from the server or of the library.
    pub(crate) message: Option<String>,
}

#[derive(Clone, Default)]
struct Inner {
    kind: Kind,
    summary: String,
    call: Option<(&'static str, String)>,
    host: Option<String>,
    details: Details,
    hints: Vec<String>,
    cause: Option<String>,
    attempts: u32,
    outcome_unknown: bool,
    left_behind: Option<Arc<dyn Any + Send + Sync>>,
    /// True if it concerns a token and not the object of the call.
    authenticating: bool,
    setting: Option<&'static str>,
    source: Option<Error>,
}

impl Error {
    /// Returns true if the API itself says, in its own error body, that the object does
    /// not exist. False for the 404 of a third party, such as a proxy or a wrong host.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.0.kind == Kind::Absent
    }

    /// Returns true if another object prevents the call: the name is taken (409), the version was
    /// stale (409), or an object of the same name is not provably the caller's.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.0.kind == Kind::Conflict || self.status() == Some(409) && !self.0.authenticating
    }

    /// Returns true if the credentials were accepted but lack a permission (403).
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.status() == Some(403) && !self.0.authenticating
    }

    /// Returns true if the credentials were not accepted (401).
    #[must_use]
    pub fn is_unauthenticated(&self) -> bool {
        self.status() == Some(401)
    }

    /// Returns true if no connection to the host could be made: its name could not be
    /// resolved, it was not there or refused, it does not speak TLS, its certificate is
    /// not trusted, or a proxy on the way failed. Also true if the caller's deadline ended
    /// the wait after such a failure. An earlier attempt of the same call may have been
    /// sent; [`Error::outcome_unknown`] says so.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        match self.0.kind {
            Kind::NotSent | Kind::Unusable => true,
            Kind::Deadline => self.0.source.as_ref().is_some_and(Self::is_unreachable),
            _ => false,
        }
    }

    /// The scheme, host and port that the request was for, as in `https://host:8443`.
    /// Known where no connection could be made ([`Error::is_unreachable`]) and where the
    /// credentials were not accepted ([`Error::is_unauthenticated`]), both of which
    /// concern all requests to the host and not only this one. The port is left out
    /// where it is the usual one.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        match (&self.0.host, &self.0.source) {
            (Some(host), _) => Some(host),
            (None, Some(source)) if self.0.kind == Kind::Deadline => source.host(),
            _ => None,
        }
    }

    /// Returns true if the caller cancelled ([`CallOptions::cancelled`](crate::CallOptions)).
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.kind == Kind::Cancelled
    }

    /// Returns true if time ran out: the caller's deadline or that of a single request.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.kind, Kind::Deadline | Kind::TimedOut)
    }

    /// The status of the last response, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.details.status
    }

    /// The `X-Request-Id` of the last response, for Confluent's support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.details.request_id.as_deref()
    }

    /// The server's message, redacted, as one bounded line.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.details.message.as_deref()
    }

    /// Returns true if the outcome of a write is unknown: it was carried out wholly or not
    /// at all, and the client cannot know which.
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        self.0.outcome_unknown
    }

    /// The method of [`ClientBuilder`](crate::ClientBuilder) whose value
    /// [`build`](crate::ClientBuilder::build) could not use, if it was one.
    #[must_use]
    pub fn setting(&self) -> Option<&'static str> {
        self.0.setting
    }

    /// The object, of the noun's type, that the failed call is known to have created and
    /// left in place.
    #[must_use]
    pub fn left_behind<T: 'static>(&self) -> Option<&T> {
        self.0.left_behind.as_ref()?.downcast_ref()
    }
}

/// Builder methods.
impl Error {
    pub(crate) fn of_setting(mut self, setting: &'static str) -> Self {
        self.0.setting = Some(setting);
        self
    }

    pub(crate) fn new(kind: Kind, summary: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, summary: summary.into(), ..Inner::default() }))
    }

    /// An error of a setting or an argument that makes a request impossible.
    pub(crate) fn invalid(summary: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, summary)
    }

    /// Returns true if the caller's own deadline passed.
    pub(crate) fn is_deadline(&self) -> bool {
        self.0.kind == Kind::Deadline
    }

    /// The origin of the body of the refusal.
    pub(crate) fn origin(&self) -> Option<Origin> {
        self.0.details.origin
    }

    pub(crate) fn of_call(mut self, method: &'static str, path: impl Into<String>) -> Self {
        self.0.call = Some((method, path.into()));
        self
    }

    /// Adds the scheme, host and port of the request.
    pub(crate) fn of_host(mut self, host: String) -> Self {
        self.0.host = Some(host);
        self
    }

    /// Adds the facts that a response shows. An empty message is none.
    pub(crate) fn with_details(mut self, details: Details) -> Self {
        let message = details.message.filter(|text| !text.is_empty());
        self.0.details = Details { message, ..details };
        self
    }

    /// Adds a sentence with advice or with what else is known.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hints.push(hint.into());
        self
    }

    /// Adds the cause in the words of a library, which ends the text.
    pub(crate) fn caused_by(mut self, cause: String) -> Self {
        self.0.cause = Some(cause).filter(|text| !text.is_empty());
        self
    }

    pub(crate) fn after(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn with_outcome_unknown(mut self, outcome_unknown: bool) -> Self {
        self.0.outcome_unknown = outcome_unknown;
        self
    }

    /// Marks it as a failure to fetch a token.
    pub(crate) fn while_authenticating(mut self) -> Self {
        self.0.authenticating = true;
        self
    }

    /// Adds the object that the call has created; see [`Error::left_behind`].
    pub(crate) fn leaving(mut self, object: impl Any + Send + Sync) -> Self {
        self.0.left_behind = Some(Arc::new(object));
        self
    }

    pub(crate) fn because(mut self, source: Error) -> Self {
        self.0.source = Some(source);
        self
    }
}

/// Returns true if a status reports a failure that may pass by itself.
pub(crate) fn is_transient(status: u16) -> bool {
    status == 429 || (status >= 500 && status != 501)
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { call, summary, details, attempts, hints, cause, source, .. } = &*self.0;
        if let Some((method, path)) = call {
            write!(f, "{method} {path} ")?;
        }
        f.write_str(summary)?;
        if let Some(message) = &details.message {
            write!(f, ": {message}")?;
        }
        match (&details.request_id, *attempts) {
            (None, ..=1) => {}
            (None, attempts) => write!(f, " ({attempts} attempts)")?,
            (Some(id), ..=1) => write!(f, " (request id {id})")?,
            (Some(id), attempts) => write!(f, " (request id {id}, {attempts} attempts)")?,
        }
        for hint in hints {
            write!(f, "; {hint}")?;
        }
        if let Some(cause) = cause {
            write!(f, ": {cause}")?;
        }
        match source {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("text", &self.to_string())
            .field("status", &self.status())
            .field("outcome_unknown", &self.0.outcome_unknown)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {}
