//! A small Terraform Core: the steps of a test, from the first configuration to
//! the end of the object.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use serde_json::Value as Json;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::apply::Applied;
use super::instance::Instance;
use super::plan::Plan;
use super::rules;
use super::state::Stored;
use super::told::Told;
use super::{json, plan};
use crate::plugin;
use crate::proto;
use crate::proto::client::{Answer, Client, Shape, Shapes};
use crate::provider::Provider;

/// A provider that is being tested, and a state file.
///
/// Each step works on one address, such as `demo_thing.a`, and steps of different
/// addresses may run at the same time. A step returns what the provider told;
/// an answer that Terraform would not take panics and names the broken rule.
/// Dropping it ends the provider.
pub struct Core {
    client: Client,
    shapes: Shapes,
    state: Mutex<BTreeMap<String, Stored>>,
    _provider: DropGuard,
}

impl Core {
    /// Serves a provider and connects to it.
    ///
    /// # Panics
    ///
    /// Where the provider cannot be served, or Terraform would not load its
    /// schema.
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

    /// The same provider and state, as an older client sees them that knows no
    /// write-only arguments.
    #[must_use]
    pub fn without_write_only(mut self) -> Self {
        self.client = self.client.without_write_only();
        self
    }

    /// Configures the provider, which is due before everything but
    /// [`validate`](Core::validate). It may be done again.
    pub async fn configure(&self, config: Json) -> Told {
        let shape = &self.shapes.provider;
        let config = match json::configuration(&shape.body, &config) {
            Ok(config) => config,
            Err(errors) => return Told::new(errors),
        };
        let mut told = Told::new(of_the_provider(self.client.prepare(&shape.ty, &config).await));
        if !told.has_errors() {
            told.extend(of_the_provider(self.client.configure(&shape.ty, &config).await));
        }
        told
    }

    /// Asks whether a configuration of this type is possible.
    ///
    /// # Panics
    ///
    /// Where the provider has no such type.
    pub async fn validate(&self, type_name: &str, config: Json) -> Told {
        let instance = self.instance(type_name);
        match json::configuration(&instance.shape.body, &config) {
            Ok(config) => Told::new(instance.validated(&config).await),
            Err(errors) => Told::new(errors),
        }
    }

    /// Refreshes the object and asks what applying this configuration would do.
    /// The state file stays as it is.
    ///
    /// # Panics
    ///
    /// Where the provider has no such type, or breaks a rule.
    pub async fn plan(&self, address: &str, config: Json) -> Plan {
        plan::plan(&self.instance(address), &config).await
    }

    /// Plans a configuration and applies the plan.
    ///
    /// # Panics
    ///
    /// As [`plan`](Core::plan) and [`apply_plan`](Core::apply_plan).
    pub async fn apply(&self, address: &str, config: Json) -> Applied {
        let plan = self.plan(address, config.clone()).await;
        self.apply_plan(plan, config).await
    }

    /// Applies a plan with the configuration it was made for, in which now
    /// everything is known.
    ///
    /// # Panics
    ///
    /// Where the provider breaks a rule, or something is unknown still.
    pub async fn apply_plan(&self, plan: Plan, config: Json) -> Applied {
        let address = plan.address().to_owned();
        self.instance(&address).apply(plan, &config).await
    }

    /// Looks what has become of the object, and remembers it.
    ///
    /// # Panics
    ///
    /// Where the provider has no such type, or breaks a rule.
    pub async fn refresh(&self, address: &str) -> Applied {
        self.instance(address).refresh().await
    }

    /// Takes an object that exists already into the state file.
    ///
    /// # Panics
    ///
    /// Where the provider has no such type, or breaks a rule; and where the
    /// address is taken.
    pub async fn import(&self, address: &str, id: &str) -> Applied {
        assert!(self.stored(address).is_none(), "{address} is in the state file already");
        self.instance(address).import(id).await
    }

    /// Refreshes the object and destroys it.
    ///
    /// # Panics
    ///
    /// Where the provider has no such type, or breaks a rule.
    pub async fn destroy(&self, address: &str) -> Applied {
        self.instance(address).destroy().await
    }

    /// Asks the provider to end what it is doing, as Ctrl-C does.
    ///
    /// # Panics
    ///
    /// Where it does not answer.
    pub async fn stop(&self) {
        of_the_provider(self.client.stop().await);
    }

    /// What the state file holds under an address.
    #[must_use]
    pub fn stored(&self, address: &str) -> Option<Stored> {
        self.state_file().get(address).cloned()
    }

    /// Puts an object into the state file, as another version of the provider may
    /// have left it.
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

    fn instance<'a>(&'a self, address: &'a str) -> Instance<'a> {
        let type_name = address.split_once('.').map_or(address, |(type_name, _)| type_name);
        let shape = self.shapes.resources.get(type_name);
        let shape: &Shape =
            shape.unwrap_or_else(|| panic!("the provider has no resource `{type_name}`"));
        Instance { core: self, address, type_name, shape }
    }

    fn state_file(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Stored>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is asked of the provider as a whole has no address.
pub(super) fn of_the_provider<T>(answer: Answer<T>) -> T {
    answer.unwrap_or_else(|violation| panic!("the provider broke the protocol: {violation}"))
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core").finish_non_exhaustive()
    }
}
