//! Credentials: API keys, OAuth and external tokens.
//!
//! The types here are what a caller can supply; `auth::authenticator` turns them into
//! headers for the two audiences of Confluent Cloud. Follows the security schemes
//! `resource-api-key`, `global-api-key` and `external-access-token` of the Flink
//! gateway's description. Knows nothing of retries or of TLS.

mod api_sender;
mod authenticator;
mod token;

use std::fmt;
use std::time::Duration;

use crate::secret::Secret;

pub(crate) use api_sender::ApiSender;
pub(crate) use authenticator::Authenticator;

/// The credentials of a client.
///
/// `Debug` shows the kind only.
#[derive(Clone)]
pub struct Credentials(pub(crate) Given);

/// The kind of an API key ([`Credentials::of_kind`]), for messages only.
///
/// Open, because Confluent may add kinds of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum KeyKind {
    /// A Flink API key, which belongs to one environment and region.
    Flink,
    /// A Cloud API key.
    Cloud,
    /// A global API key.
    Global,
    /// Unknown to the caller.
    #[default]
    Unspecified,
}

/// An application of an identity provider, for the client-credentials flow.
///
/// The gateway takes the identity provider's token itself, with the identity pool
/// named beside it; the control plane takes a token that Confluent's token service
/// gives for it.
///
/// Closed: callers construct it field by field, and a new field concerns each of them.
#[derive(Clone)]
pub struct OAuth {
    /// The identity provider's token endpoint.
    pub token_url: String,
    /// The application's id.
    pub client_id: String,
    /// The application's secret.
    pub client_secret: Secret,
    /// The scopes to request, if the identity provider requires any.
    pub scope: Option<String>,
    /// The identity pool, such as `pool-a1b2`.
    pub identity_pool_id: String,
    /// The lifetime to request for Confluent's token; the service's own default and
    /// maximum are 900 seconds. Sent in whole seconds.
    pub sts_expires_in: Option<Duration>,
}

/// A token of an identity provider that the caller already has. It cannot be
/// refreshed, so it must outlive the work. Closed, as [`OAuth`].
#[derive(Clone, Debug)]
pub struct ExternalToken {
    /// The token, a JWT.
    pub token: Secret,
    /// The identity pool, such as `pool-a1b2`.
    pub identity_pool_id: String,
    /// As [`OAuth::sts_expires_in`].
    pub sts_expires_in: Option<Duration>,
}

/// The forms of [`Credentials`].
#[derive(Clone)]
pub(crate) enum Given {
    Basic { kind: KeyKind, key: String, secret: Secret },
    OAuth(OAuth),
    External(ExternalToken),
}

impl Credentials {
    /// An API key and its secret: a Flink, a Cloud or a global key.
    pub fn basic(key: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self(Given::Basic { kind: KeyKind::default(), key: key.into(), secret: secret.into() })
    }

    /// Sets the kind of the API key, which messages then name. Has no effect on OAuth.
    #[must_use]
    pub fn of_kind(mut self, kind: KeyKind) -> Self {
        if let Given::Basic { kind: current, .. } = &mut self.0 {
            *current = kind;
        }
        self
    }

    /// The client-credentials flow of an identity provider.
    #[must_use]
    pub fn oauth(oauth: OAuth) -> Self {
        Self(Given::OAuth(oauth))
    }

    /// A token that the caller got from an identity provider.
    #[must_use]
    pub fn external_token(token: ExternalToken) -> Self {
        Self(Given::External(token))
    }
}

impl fmt::Debug for OAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL is not checked yet and may have a password.
        f.debug_struct("OAuth")
            .field("client_id", &self.client_id)
            .field("identity_pool_id", &self.identity_pool_id)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind: &dyn fmt::Debug = match &self.0 {
            Given::Basic { kind, .. } => kind,
            Given::OAuth(_) => &"OAuth",
            Given::External(_) => &"ExternalToken",
        };
        f.debug_tuple("Credentials").field(kind).finish()
    }
}
