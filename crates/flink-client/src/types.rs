//! What every call needs besides its own arguments, where it goes and how long it may
//! take, and the connection that calls and errors speak of.
//!
//! Plain data. Nothing here knows about HTTP.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// The place a Flink object lives in: one region of one cloud, in one
/// environment of one organization.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The organization's id, a UUID.
    pub organization: String,
    /// The environment's id, such as `env-a1b2c3`.
    pub environment: String,
    /// The cloud provider, such as `aws`, `azure` or `gcp`; case does not matter.
    pub cloud: String,
    /// The cloud provider's name of the region, such as `us-west-2`.
    pub region: String,
}

/// How long a call may take, and what ends it early.
///
/// The default waits as long as the retry policy does. Cancelling stops waiting
/// and retrying at once but lets a request that is under way finish, so that its
/// outcome is known; the deadline cuts off everything.
#[derive(Clone, Debug, Default)]
pub struct CallOptions {
    /// The moment after which nothing is sent or waited for.
    pub deadline: Option<Instant>,
    /// Cancelled when the caller no longer wants the result.
    pub cancelled: CancellationToken,
}

impl CallOptions {
    /// Allows this much time from now on.
    #[must_use]
    pub fn at_most(time: Duration) -> Self {
        Self { deadline: Instant::now().checked_add(time), cancelled: CancellationToken::new() }
    }

    /// Ends early when `token` is cancelled.
    #[must_use]
    pub fn cancelled_by(mut self, token: CancellationToken) -> Self {
        self.cancelled = token;
        self
    }
}

/// A connection as the API tells it, without its credentials.
///
/// What the API left out or sent empty is `None`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Connection {
    /// The name, unique within the place.
    pub name: String,
    /// The type, such as `OPENAI`, in the API's own spelling.
    pub connection_type: String,
    /// Where the external service is.
    pub endpoint: String,
    /// The id the API gave the object; another object of the same name has another.
    pub uid: Option<String>,
    /// An opaque word that changes with each change of the object.
    pub resource_version: Option<String>,
    /// When the object was made, in RFC 3339.
    pub created_at: Option<String>,
    /// When the object was last changed, in RFC 3339.
    pub updated_at: Option<String>,
    /// An open word such as `READY`, `UNREACHABLE` or `INVALID_AUTH`.
    pub phase: Option<String>,
    /// Why the connection is in its phase.
    pub detail: Option<String>,
}

impl Connection {
    /// Whether it has this type, ignoring case, and this endpoint.
    pub(crate) fn is(&self, connection_type: &str, endpoint: &str) -> bool {
        self.connection_type.eq_ignore_ascii_case(connection_type) && self.endpoint == endpoint
    }
}
