//! A provider under test with its state file: starting, configuring and stopping it.
//!
//! The steps of single objects are in files of their own, which know this one.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use serde_json::Value as Json;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::diagnostics::StepDiagnostics;
use super::state::Stored;
use super::{json, rules};
use crate::plugin;
use crate::proto;
use crate::proto::client::{Client, ClientResult, Shape, Shapes};
use crate::provider::Provider;

/// A provider under test, and a state file.
///
/// Each step works on one address, such as `demo_thing.a`, and steps of different
/// addresses may run at the same time. A step returns the provider's diagnostics; a
/// response that Terraform would not take panics and names the broken rule. Dropping the
/// Core ends the provider.
pub struct Core {
    client: Client,
    /// The schemas as the provider sent them.
    shapes: Shapes,
    /// The state file, by address.
    state: Mutex<BTreeMap<String, Stored>>,
    /// Ends the provider when it is dropped.
    _provider: DropGuard,
}

impl Core {
    /// Serves a provider and connects to it.
    ///
    /// # Panics
    ///
    /// If the provider cannot be served, or Terraform would not load its schema.
    pub async fn start<P: Send + Sync + 'static>(provider: Provider<P>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("a listener that is bound has an address");
        let end = CancellationToken::new();
        let service = proto::service(provider.into_parts());
        tokio::spawn(plugin::serve_plain(listener, service, end.clone()));
        let client = of_the_provider(Client::connect(address).await);
        let shapes = of_the_provider(client.shapes().await);
        let faults = rules::schema::faults(&shapes);
        assert!(
            faults.is_empty(),
            "Terraform would not load the schema:\n  {}",
            faults.join("\n  ")
        );
        Self { client, shapes, state: Mutex::default(), _provider: end.drop_guard() }
    }

    /// Makes it a client without write-only arguments, as Terraform was before 1.11.
    #[must_use]
    pub fn without_write_only(mut self) -> Self {
        self.client = self.client.without_write_only();
        self
    }

    /// Configures the provider, which every step but validation needs. May be repeated.
    pub async fn configure(&self, config: Json) -> StepDiagnostics {
        let shape = &self.shapes.provider;
        let config = match json::configuration(&shape.body, &config) {
            Ok(config) => config,
            Err(errors) => return StepDiagnostics::new(errors),
        };
        let mut found = of_the_provider(self.client.prepare(&shape.ty, &config).await);
        if !found.has_errors() {
            found.extend(of_the_provider(self.client.configure(&shape.ty, &config).await));
        }
        StepDiagnostics::new(found)
    }

    /// Asks the provider to end its operations, as Ctrl-C does.
    ///
    /// # Panics
    ///
    /// If it does not respond.
    pub async fn stop(&self) {
        of_the_provider(self.client.stop().await);
    }

    /// Returns the object under an address of the state file.
    #[must_use]
    pub fn stored(&self, address: &str) -> Option<Stored> {
        self.state_file().get(address).cloned()
    }

    /// Puts an object into the state file, as another version of the provider may have
    /// left it.
    pub fn store(&self, address: &str, object: Stored) {
        self.state_file().insert(address.to_owned(), object);
    }

    pub(super) fn forget(&self, address: &str) {
        self.state_file().remove(address);
    }

    pub(super) fn data_source(&self, type_name: &str) -> &Shape {
        let shape = self.shapes.data_sources.get(type_name);
        shape.unwrap_or_else(|| panic!("the provider has no data source `{type_name}`"))
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    pub(super) fn resource(&self, type_name: &str) -> &Shape {
        let shape = self.shapes.resources.get(type_name);
        shape.unwrap_or_else(|| panic!("the provider has no resource `{type_name}`"))
    }

    fn state_file(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Stored>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The response to a request that concerns no resource.
pub(super) fn of_the_provider<T>(response: ClientResult<T>) -> T {
    response.unwrap_or_else(|violation| panic!("the provider broke the protocol: {violation}"))
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core").finish_non_exhaustive()
    }
}
