//! A provider, an emulator and a Core, connected.

use std::sync::Arc;

use flink_emulator::{Connections, Emulator, EmulatorBuilder, Place};
use serde_json::{Value as Json, json};
use terraform_provider_flink::provider;
use tf_provider::testing::Core;

pub(crate) const ADDRESS: &str = "flink_connection.it";
/// How often a request is sent again.
pub(crate) const RETRIES: u64 = 2;
pub(crate) const ORGANIZATION: &str = "1111aaaa-0000-4000-8000-000000000001";

pub(crate) struct World {
    pub(crate) core: Arc<Core>,
    pub(crate) emulator: Emulator,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(Emulator::builder()).await
    }

    /// A world with an emulator of its own kind.
    pub(crate) async fn with(emulator: EmulatorBuilder) -> Self {
        assert_loopback_is_reached();
        let emulator = emulator.start().await.expect("the loopback interface has a free port");
        let core = Arc::new(Core::start(provider()).await);
        let world = Self { core, emulator };
        world.begin_command().await;
        world
    }

    /// A command of the CLI starts the provider anew: with no memory but the
    /// state, and with no list that was fetched before.
    pub(crate) async fn begin_command(&self) {
        self.core.configure(self.settings()).await.succeeds();
    }

    /// Another process of the provider, and a state file that holds nothing.
    pub(crate) async fn begin_anew(&mut self) {
        self.core = Arc::new(Core::start(provider()).await);
    }

    /// Every setting that the environment could say otherwise.
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

    /// How many requests changed something since the last time.
    pub(crate) fn writes(&self) -> Vec<String> {
        let journal = self.emulator.journal();
        let entries = journal.entries();
        journal.clear();
        let methods = entries.into_iter().map(|entry| entry.method);
        methods.filter(|method| method != "GET").collect()
    }
}

/// The provider heeds the proxies of the environment, and the emulator is on
/// this machine.
fn assert_loopback_is_reached() {
    let set = |name: &str| std::env::var(name).is_ok_and(|value| !value.is_empty());
    let proxied = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"].into_iter().any(set);
    let excepted = ["no_proxy", "NO_PROXY"].into_iter().any(set);
    assert!(!proxied || excepted, "a proxy is set in the environment: set NO_PROXY=127.0.0.1");
}
