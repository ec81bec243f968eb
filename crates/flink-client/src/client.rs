//! The client and its settings.
//!
//! Knows no noun: the files of `api` add a method for each.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::auth::{ApiSender, Authenticator, Credentials};
use crate::call::Sender;
use crate::endpoint::{Base, Template};
use crate::error::{Error, Result};
use crate::read_batch::ReadBatches;
use crate::retry::{Jitter, RetryPolicy};
use crate::throttle::Throttles;
use crate::transport::{Http, Transport};

/// The Flink gateway of a region on the public internet.
const REST_ENDPOINT: &str = "https://flink.{region}.{cloud}.confluent.cloud";

/// Confluent Cloud's control plane.
const CLOUD_ENDPOINT: &str = "https://api.confluent.cloud";

/// A client of Confluent Cloud for Apache Flink.
///
/// Cheap to clone; all clones share one pool of connections, one set of tokens and
/// one retry policy. Make one for the life of a process.
#[derive(Clone)]
pub struct Client {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) sender: Arc<ApiSender>,
    pub(crate) gateway: Template,
    pub(crate) control_plane: Base,
    pub(crate) reads: ReadBatches,
}

impl Client {
    /// Starts with the public endpoints and no credentials.
    #[must_use]
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("rest_endpoint", &self.inner.gateway.as_str())
            .field("cloud_endpoint", &self.inner.control_plane.as_str())
            .finish_non_exhaustive()
    }
}

/// Collects the settings of a [`Client`].
#[derive(Clone)]
pub struct ClientBuilder {
    rest_endpoint: String,
    cloud_endpoint: String,
    credentials: Option<Credentials>,
    cloud_credentials: Option<Credentials>,
    user_agent: String,
    ca_bundle_pem: Option<Vec<u8>>,
    proxy: bool,
    policy: RetryPolicy,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            rest_endpoint: REST_ENDPOINT.to_owned(),
            cloud_endpoint: CLOUD_ENDPOINT.to_owned(),
            credentials: None,
            cloud_credentials: None,
            user_agent: concat!("flink-client/", env!("CARGO_PKG_VERSION")).to_owned(),
            ca_bundle_pem: None,
            proxy: true,
            policy: RetryPolicy::default(),
        }
    }
}

impl ClientBuilder {
    /// Sets the address of the Flink gateways: a URL in which `{region}` and `{cloud}`
    /// stand for the parts of a [`Place`](crate::Place). Both may be left out, and a path in front
    /// of the API's own is allowed: `http://127.0.0.1:8080/flink/{cloud}/{region}`.
    #[must_use]
    pub fn rest_endpoint(mut self, template: impl Into<String>) -> Self {
        self.rest_endpoint = template.into();
        self
    }

    /// Sets the address of the control plane; `https://api.confluent.cloud` by default.
    #[must_use]
    pub fn cloud_endpoint(mut self, url: impl Into<String>) -> Self {
        self.cloud_endpoint = url.into();
        self
    }

    /// Sets the credentials, for the gateways and the control plane alike.
    #[must_use]
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Sets other credentials for the control plane, where the gateway's are a Flink
    /// API key, which the control plane does not take.
    #[must_use]
    pub fn cloud_credentials(mut self, credentials: Credentials) -> Self {
        self.cloud_credentials = Some(credentials);
        self
    }

    /// Sets the `User-Agent` header.
    #[must_use]
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Trusts the certificates of a PEM bundle as well as those of the platform.
    #[must_use]
    pub fn ca_bundle_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.ca_bundle_pem = Some(pem.into());
        self
    }

    /// Uses no proxy, whatever the environment says. By
    /// default `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` count.
    #[must_use]
    pub fn no_proxy(mut self) -> Self {
        self.proxy = false;
        self
    }

    /// Sets how often a request is sent again after a failure that may pass; 4 by
    /// default.
    #[must_use]
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.policy.max_retries = retries;
        self
    }

    /// Sets the longest wait before a request is sent, 5 minutes by default. The client's
    /// own waits begin at a second and double up to 30, and chance adds up to a half. It
    /// also limits the wait that a server asks for.
    #[must_use]
    pub fn max_retry_wait(mut self, wait: Duration) -> Self {
        self.policy.most = wait;
        self
    }

    /// Checks the settings and makes the client. Neither connects nor reads the
    /// platform's certificates; both happen when they are first needed.
    ///
    /// # Errors
    ///
    /// If an endpoint is no usable URL, if there are no credentials, if the
    /// PEM bundle holds no certificate, or if a proxy variable of the environment
    /// is malformed. No message repeats a URL that carries a password.
    pub fn build(self) -> Result<Client> {
        let http = Http::new(&self.user_agent, self.ca_bundle_pem.as_deref(), self.proxy)?;
        self.build_on(Arc::new(http), fastrand::f64)
    }

    /// As [`ClientBuilder::build`], over any transport and with any randomness.
    pub(crate) fn build_on(self, transport: Arc<dyn Transport>, jitter: Jitter) -> Result<Client> {
        let gateway = Template::parse(&self.rest_endpoint)
            .map_err(|error| error.of_setting("rest_endpoint"))?;
        let control_plane = Base::parse("the control plane's endpoint", &self.cloud_endpoint)
            .map_err(|error| error.of_setting("cloud_endpoint"))?;
        let Some(credentials) = self.credentials.as_ref().or(self.cloud_credentials.as_ref())
        else {
            return Err(Error::invalid("no credentials were given"));
        };
        let authenticator =
            Authenticator::new(credentials, self.cloud_credentials.as_ref(), &control_plane)?;
        let throttles = Throttles::default();
        let sender = Sender { transport, policy: self.policy, throttles, jitter };
        Ok(Client {
            inner: Arc::new(Inner {
                sender: Arc::new(ApiSender::new(sender, authenticator)),
                gateway,
                control_plane,
                reads: ReadBatches::default(),
            }),
        })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The endpoints are not checked yet and may have a password.
        f.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials)
            .field("max_retries", &self.policy.max_retries)
            .finish_non_exhaustive()
    }
}
