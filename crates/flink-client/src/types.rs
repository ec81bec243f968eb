//! The place and the options of a call: plain data that every call needs.
//!
//! Nothing here knows about HTTP.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// The place a Flink object lives in: one region of one cloud, in one
/// environment of one organization.
///
/// Closed: these four parts are the address of every Flink object.
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

/// The deadline of a call, and its cancellation.
///
/// The default waits as long as the retry policy does. Cancellation stops waiting
/// and retrying at once but lets a request in flight finish, so that its outcome is
/// known; the deadline cuts off everything. The types are tokio's, because the caller's
/// runtime has to be tokio anyway.
///
/// Closed: callers construct it from their own deadline and token.
#[derive(Clone, Debug, Default)]
pub struct CallOptions {
    /// The moment after which nothing is sent or waited for.
    pub deadline: Option<Instant>,
    /// Cancelled when the caller no longer needs the result.
    pub cancelled: CancellationToken,
}

impl CallOptions {
    /// Allows this much time from now on.
    #[must_use]
    pub fn at_most(time: Duration) -> Self {
        Self { deadline: Instant::now().checked_add(time), cancelled: CancellationToken::new() }
    }
}
