//! The settings of a world: its configuration and the environment of its commands.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::future::{Future, IntoFuture};
use std::pin::Pin;

use crate::world::{KEY, ORGANIZATION, World};

/// The file of the certificate authority, in the folder of the commands.
pub(crate) const CA_BUNDLE: &str = "authority.pem";

/// The settings of a world. Await them to start it.
#[must_use]
pub(crate) struct Scenario {
    pub(crate) configuration: String,
    pub(crate) variables: BTreeMap<String, String>,
    pub(crate) is_intercepted: bool,
    pub(crate) is_secure: bool,
}

impl Scenario {
    /// A world with this configuration. The environment has all settings of the provider.
    pub(crate) fn new(configuration: impl Display) -> Self {
        let variables = [
            ("CHECKPOINT_DISABLE", "1"),
            ("TF_INPUT", "0"),
            ("CONFLUENT_ORGANIZATION_ID", ORGANIZATION),
            ("CONFLUENT_ENVIRONMENT_ID", "env-1"),
            ("FLINK_CLOUD", "aws"),
            ("FLINK_REGION", "us-east-1"),
            ("FLINK_API_KEY", KEY.0),
            ("FLINK_API_SECRET", KEY.1),
            ("FLINK_MAX_RETRY_WAIT", "100ms"),
        ];
        Self {
            configuration: configuration.to_string(),
            variables: variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            is_intercepted: false,
            is_secure: false,
        }
    }

    /// Sets a variable of the environment.
    pub(crate) fn with(mut self, variable: &str, value: &str) -> Self {
        self.variables.insert(variable.to_owned(), value.to_owned());
        self
    }

    /// Leaves a variable of the environment out.
    pub(crate) fn without(mut self, variable: &str) -> Self {
        self.variables.remove(variable);
        self
    }

    /// Puts the proxy of [`World::network`] between the provider and the API, and lets the
    /// provider retry once.
    pub(crate) fn intercepted(mut self) -> Self {
        self.is_intercepted = true;
        self.retrying_once()
    }

    /// Lets the provider retry a request once.
    pub(crate) fn retrying_once(self) -> Self {
        self.with("FLINK_MAX_RETRIES", "1")
    }

    /// Uses HTTPS, with a certificate that only `FLINK_CA_BUNDLE` makes trusted.
    pub(crate) fn over_tls(mut self) -> Self {
        self.is_secure = true;
        self.with("FLINK_CA_BUNDLE", CA_BUNDLE)
    }

    /// Logs at the level `trace`.
    pub(crate) fn logged(self) -> Self {
        self.with("TF_LOG", "trace")
    }
}

impl IntoFuture for Scenario {
    type Output = World;
    type IntoFuture = Pin<Box<dyn Future<Output = World>>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(World::begin(self))
    }
}
