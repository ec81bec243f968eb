//! One running emulator: its start, its controls and its end.
//!
//! This is the library's handle. It holds the state that all requests share
//! ([`World`]) and the task that serves them, and knows no single route.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::auth::{Access, ApiKey};
use crate::certificates::{self, Certificates};
use crate::clock::Clock;
use crate::connection::Connection;
use crate::connection::handle::{Connections, StoredConnection};
use crate::faults::{Fault, Faults, InvalidFault};
use crate::journal::Journal;
use crate::object::Noun;
use crate::place::Place;
use crate::server;
use crate::settings::{LiveSettings, Settings};
use crate::store::bookmarks::Bookmarks;
use crate::store::file::{StateError, StateFile};
use crate::store::{Shared, Store};
use crate::world::World;

/// The number of requests that the journal remembers.
const JOURNAL_CAPACITY: usize = 10_000;

/// A running emulator; it stops when it is dropped.
#[must_use = "the emulator stops when it is dropped"]
pub struct Emulator {
    world: Arc<World>,
    serving: JoinHandle<()>,
    /// Dropped to stop the server.
    stop: Option<watch::Sender<()>>,
}

impl Emulator {
    /// Starts on a free port of the loopback interface, with the defaults.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime.
    pub async fn start() -> Self {
        Self::builder().start().await.expect("the loopback interface has a free port")
    }

    /// An emulator with other settings than the defaults.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::default()
    }

    /// The address it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.world.address
    }

    /// Its URL, such as `http://127.0.0.1:8080`.
    #[must_use]
    pub fn url(&self) -> String {
        self.world.url()
    }

    /// The certificate of the authority that a client must trust, where the
    /// emulator speaks HTTPS.
    #[must_use]
    pub fn ca_pem(&self) -> Option<&str> {
        self.world.certificates.as_ref().map(Certificates::authority_pem)
    }

    /// The URL of the gateway of a region, with placeholders:
    /// `http://127.0.0.1:8080/flink/{cloud}/{region}`.
    #[must_use]
    pub fn rest_endpoint_template(&self) -> String {
        format!("{}/flink/{{cloud}}/{{region}}", self.url())
    }

    /// The environment variables that point the provider here, with an API key
    /// where any is valid.
    #[must_use]
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let mut variables = vec![("FLINK_REST_ENDPOINT", self.rest_endpoint_template())];
        if self.world.access().required().is_empty() {
            variables.push(("FLINK_API_KEY", "any".to_owned()));
            variables.push(("FLINK_API_SECRET", "any".to_owned()));
        }
        variables
    }

    /// Changes settings; the requests that follow see the change.
    pub fn settings(&self, change: impl FnOnce(&mut Settings)) {
        self.world.shared.settings.change(change);
    }

    /// Accepts only these API keys from now on; with none, accepts any.
    pub fn require_keys(&self, keys: impl IntoIterator<Item = ApiKey>) {
        self.world.access().require(keys);
    }

    /// Lets the identity provider accept only this client; `None` accepts any.
    pub fn oauth_client(&self, client: impl Into<Option<ApiKey>>) {
        self.world.access().set_client(client.into());
    }

    /// Makes every token that was issued so far invalid.
    pub fn revoke_tokens(&self) {
        self.world.access().revoke_tokens();
    }

    /// The connections of a place.
    pub fn connections(&self, place: &Place) -> Connections {
        self.world.connections(place.clone())
    }

    /// The connections of all places.
    #[must_use]
    pub fn all_connections(&self) -> Vec<StoredConnection> {
        self.world.all_connections()
    }

    /// The requests received so far.
    #[must_use]
    pub fn journal(&self) -> Journal {
        self.world.journal.clone()
    }

    /// The rules of faults; at first there is none.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.world.faults.clone()
    }

    /// The clock by which the server stamps and expires.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.world.shared.clock.clone()
    }

    /// Stops, and returns once nothing listens any more. Requests that are
    /// under way have two seconds to end.
    pub async fn stop(mut self) {
        self.stop = None;
        // An error would be a panic of the server, which is on standard error.
        let _ = (&mut self.serving).await;
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator").field("url", &self.url()).finish_non_exhaustive()
    }
}

/// The options of a new emulator.
#[derive(Debug, Default)]
#[must_use]
pub struct EmulatorBuilder {
    listen: Option<SocketAddr>,
    tls: bool,
    clock: Clock,
    keys: Vec<ApiKey>,
    state_file: Option<PathBuf>,
    faults: Vec<Fault>,
    settings: Settings,
}

impl EmulatorBuilder {
    /// Listens on this address; the default is a free port of the loopback
    /// interface.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = Some(address);
        self
    }

    /// Speaks HTTPS, with certificates that it makes. Clients must trust
    /// [`Emulator::ca_pem`]; [`Settings::certificate`] chooses what they get.
    pub fn tls(mut self) -> Self {
        self.tls = true;
        self
    }

    /// Uses this clock; the default is the system's.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Accepts this API key, and then only the ones given here.
    pub fn require_key(mut self, key: ApiKey) -> Self {
        self.keys.push(key);
        self
    }

    /// Keeps the connections in a file, credentials included.
    pub fn state_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.state_file = Some(path.into());
        self
    }

    /// Adds a rule of faults before the first request.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Changes settings before the first request.
    pub fn settings(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    /// Starts the emulator.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened on, the state file cannot be used, a
    /// fault is refused, or a certificate cannot be made.
    pub async fn start(self) -> Result<Emulator, StartError> {
        let file = self.state_file.map(|path| StateFile::open(path, &[Connection::COLLECTION]));
        let shared = Shared {
            clock: self.clock,
            settings: LiveSettings::new(self.settings),
            file: file.transpose().map_err(StartError::State)?.map(Arc::new),
        };
        let store = Store::open(shared.clone()).map_err(StartError::State)?;
        let faults = Faults::default();
        for fault in self.faults {
            faults.try_add(fault).map_err(StartError::Fault)?;
        }
        let address = self.listen.unwrap_or((Ipv4Addr::LOCALHOST, 0).into());
        let listen = |source| StartError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let certificates = self.tls.then(|| Certificates::for_server_at(address.ip()));
        let mut access = Access::default();
        access.require(self.keys);
        let world = Arc::new(World {
            address,
            certificates: certificates.transpose().map_err(StartError::Tls)?,
            store: Arc::new(store),
            shared,
            journal: Journal::new(JOURNAL_CAPACITY),
            faults,
            bookmarks: Bookmarks::default(),
            access: Mutex::new(access),
        });
        let (stop, stopped) = watch::channel(());
        let serving = tokio::spawn(server::serve(listener, world.clone(), stopped));
        Ok(Emulator { world, serving, stop: Some(stop) })
    }
}

/// The error of starting an emulator.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// The address cannot be listened on.
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// The error of the system.
        source: io::Error,
    },
    /// The state file cannot be used.
    State(StateError),
    /// A fault is refused.
    Fault(InvalidFault),
    /// The certificates cannot be made.
    Tls(certificates::Failed),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen { address, source } => write!(f, "cannot listen on {address}: {source}"),
            Self::State(error) => error.fmt(f),
            Self::Fault(invalid) => write!(f, "cannot play this fault: {invalid}"),
            Self::Tls(error) => write!(f, "cannot make certificates: {error}"),
        }
    }
}

impl std::error::Error for StartError {}
