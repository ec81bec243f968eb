//! A provider, an emulator and a Core, connected.

use std::sync::Arc;

use flink_emulator::{Connections, Emulator, EmulatorBuilder, Place};
use serde_json::{Value as Json, json};
use terraform_provider_flink::provider;
use tf_provider::testing::Core;

/// The number of retries of a request.
pub(crate) const RETRIES: u64 = 2;
pub(crate) const ORGANIZATION: &str = "1111aaaa-0000-4000-8000-000000000001";

pub(crate) struct World {
    pub(crate) core: Arc<Core>,
    pub(crate) emulator: Emulator,
}

impl World {
    /// A world with this emulator.
    pub(crate) async fn with(emulator: EmulatorBuilder) -> Self {
        assert_loopback_is_reached();
        let emulator = emulator.start().await.expect("the loopback interface has a free port");
        let core = Arc::new(Core::start(provider()).await);
        let world = Self { core, emulator };
        world.begin_command().await;
        world
    }

    /// Begins a command of the CLI, which starts the provider: it has only the state, and no
    /// list of an earlier command.
    pub(crate) async fn begin_command(&self) {
        self.core.configure(self.settings()).await.succeeds();
    }

    /// Starts another process of the provider, with an empty state.
    pub(crate) async fn begin_anew(&mut self) {
        self.core = Arc::new(Core::start(provider()).await);
    }

    /// All settings that the environment could change.
    fn settings(&self) -> Json {
        json!({
            "organization_id": ORGANIZATION,
            "environment_id": "env-1",
            "cloud": "aws",
            "region": "us-east-1",
            "flink_api_key": "K",
            "flink_api_secret": "S",
            "rest_endpoint": self.emulator.rest_endpoint_template(),
            "max_retries": RETRIES,
            "max_retry_wait": "1ms",
        })
    }

    pub(crate) fn connections(&self) -> Connections {
        self.emulator.connections(&Place::new(ORGANIZATION, "env-1", "aws", "us-east-1"))
    }
}

/// The provider uses the proxies of the environment, which cannot reach the emulator.
fn assert_loopback_is_reached() {
    let set = |name: &str| std::env::var(name).is_ok_and(|value| !value.is_empty());
    let proxied = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"].into_iter().any(set);
    let excepted = ["no_proxy", "NO_PROXY"].into_iter().any(set);
    assert!(!proxied || excepted, "a proxy is set in the environment: set NO_PROXY=127.0.0.1");
}
