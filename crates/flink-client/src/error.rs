//! The one error of this crate: opaque, asked through predicates, safe to print.
//!
//! Whatever a server said has passed the redaction before it comes here, and URLs are
//! kept as paths, so neither `Debug` nor `Display` nor the chain of sources can show a
//! secret. Knows nothing of concrete APIs, but for the object that a failed call can
//! leave behind.

pub(crate) mod body;
mod text;

use std::fmt;

use crate::types::Connection;

use body::Author;
pub(crate) use text::{one_line, readable};

/// The result of a call of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call failed.
///
/// Ask it through its predicates; its text is for people and may change. The text
/// names the method, the path, the status, the request id to quote to Confluent's
/// support, and what the server said; what a failure means and what to check come before
/// its technical cause. It never contains a secret.
#[derive(Clone)]
pub struct Error(Box<Inner>);

/// What kind of failure an [`Error`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A setting or an argument that no request can be made from.
    Invalid,
    /// The server answered with a status that is no success.
    Status,
    /// The API itself says that the object does not exist.
    Absent,
    /// No connection was made, so the server has not seen the request.
    NotSent,
    /// No connection can be made until something is changed: no host has the name, the
    /// server does not speak TLS, or its certificate is not trusted.
    Unusable,
    /// The request went out and no complete answer came back.
    Lost,
    /// The request went out and its own time ran out.
    TimedOut,
    /// A redirect that must not be followed.
    Redirect,
    /// The answer is a success but not of the form that was asked for.
    Answer,
    /// An object of this name is there and is not, or not certainly, the caller's.
    Conflict,
    /// The caller's deadline passed.
    Deadline,
    /// The caller cancelled.
    Cancelled,
}

#[derive(Clone)]
struct Inner {
    kind: Kind,
    summary: String,
    call: Option<(&'static str, String)>,
    host: Option<String>,
    status: Option<u16>,
    request_id: Option<String>,
    location: Option<String>,
    code: Option<String>,
    author: Option<Author>,
    said: Option<String>,
    hints: Vec<String>,
    cause: Option<String>,
    attempts: u32,
    in_doubt: bool,
    left_behind: Option<Connection>,
    /// It is about a token, and not about the object of the call.
    authenticating: bool,
    setting: Option<&'static str>,
    source: Option<Error>,
}

impl Error {
    /// Whether the API itself says, in its own error body, that the object does not
    /// exist. Not set for a 404 of anyone else, such as a proxy or a wrong host.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.0.kind == Kind::Absent
    }

    /// Whether an object is in the way: the name is taken (409), the version was
    /// stale (409), or an object of the same name is not provably the caller's.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.0.kind == Kind::Conflict || self.0.status == Some(409) && !self.0.authenticating
    }

    /// Whether the credentials were accepted but lack a permission (403).
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.0.status == Some(403) && !self.0.authenticating
    }

    /// Whether the credentials were not accepted (401).
    #[must_use]
    pub fn is_unauthenticated(&self) -> bool {
        self.0.status == Some(401)
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

    /// Whether the same call may succeed later without any change. All retries that
    /// the client allows itself have been made already.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self.0.kind {
            Kind::NotSent | Kind::Lost | Kind::TimedOut => true,
            Kind::Status => self.0.status.is_some_and(crate::retry::is_transient),
            _ => false,
        }
    }

    /// Whether the caller cancelled ([`CallOptions::cancelled`](crate::CallOptions)).
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.kind == Kind::Cancelled
    }

    /// Whether time ran out: the caller's deadline or that of a single request.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.kind, Kind::Deadline | Kind::TimedOut)
    }

    /// The status of the last answer, where there was one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The `X-Request-Id` of the last answer, for Confluent's support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The `Location` of the answer: on a 409 the object that is in the way.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.0.location.as_deref()
    }

    /// The API's own code, such as `resource_already_exists`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// What the server said, as one bounded line.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.said.as_deref()
    }

    /// Whether a call that changes something may have been carried out, wholly or
    /// not at all, without this client knowing which.
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        self.0.in_doubt
    }

    /// The method of [`ClientBuilder`](crate::ClientBuilder) whose value
    /// [`build`](crate::ClientBuilder::build) could not use, where it was one.
    #[must_use]
    pub fn setting(&self) -> Option<&'static str> {
        self.0.setting
    }

    /// The object that the failed call is known to have created and left in place.
    #[must_use]
    pub fn left_behind(&self) -> Option<&Connection> {
        self.0.left_behind.as_ref()
    }
}

/// Making errors, step by step.
impl Error {
    pub(crate) fn of_setting(mut self, setting: &'static str) -> Self {
        self.0.setting = Some(setting);
        self
    }

    pub(crate) fn new(kind: Kind, summary: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            summary: summary.into(),
            call: None,
            host: None,
            status: None,
            request_id: None,
            location: None,
            code: None,
            author: None,
            said: None,
            hints: Vec::new(),
            cause: None,
            attempts: 1,
            in_doubt: false,
            left_behind: None,
            authenticating: false,
            setting: None,
            source: None,
        }))
    }

    /// A setting or an argument that nothing can be sent with.
    pub(crate) fn invalid(summary: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, summary)
    }

    /// Whether it was the caller's own deadline that passed.
    pub(crate) fn is_deadline(&self) -> bool {
        self.0.kind == Kind::Deadline
    }

    /// Who wrote the body of the refusal.
    pub(crate) fn author(&self) -> Option<Author> {
        self.0.author
    }

    pub(crate) fn with_author(mut self, author: Author) -> Self {
        self.0.author = Some(author);
        self
    }

    pub(crate) fn of_call(mut self, method: &'static str, path: impl Into<String>) -> Self {
        self.0.call = Some((method, path.into()));
        self
    }

    /// Adds the origin that the request was for.
    pub(crate) fn of_host(mut self, host: String) -> Self {
        self.0.host = Some(host);
        self
    }

    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    pub(crate) fn with_request_id(mut self, id: Option<String>) -> Self {
        self.0.request_id = id;
        self
    }

    pub(crate) fn with_location(mut self, location: Option<String>) -> Self {
        self.0.location = location;
        self
    }

    pub(crate) fn with_code(mut self, code: Option<String>) -> Self {
        self.0.code = code;
        self
    }

    pub(crate) fn saying(mut self, said: Option<String>) -> Self {
        self.0.said = said.filter(|text| !text.is_empty());
        self
    }

    /// Adds a sentence that tells what to do or what else is known.
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

    pub(crate) fn in_doubt(mut self, in_doubt: bool) -> Self {
        self.0.in_doubt = in_doubt;
        self
    }

    /// The failure was in fetching a token.
    pub(crate) fn while_authenticating(mut self) -> Self {
        self.0.authenticating = true;
        self
    }

    pub(crate) fn leaving(mut self, object: Connection) -> Self {
        self.0.left_behind = Some(object);
        self
    }

    pub(crate) fn because(mut self, source: Error) -> Self {
        self.0.source = Some(source);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { call, summary, said, request_id, attempts, hints, cause, source, .. } =
            &*self.0;
        if let Some((method, path)) = call {
            write!(f, "{method} {path} ")?;
        }
        f.write_str(summary)?;
        if let Some(said) = said {
            write!(f, ": {said}")?;
        }
        match (request_id, *attempts) {
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
            .field("status", &self.0.status)
            .field("outcome_unknown", &self.0.in_doubt)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {}
