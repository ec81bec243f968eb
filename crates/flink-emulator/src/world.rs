//! What all requests of a running emulator share.
//!
//! It knows nothing of routes, of the server or of the handle that starts both.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::auth::Access;
use crate::clock::Clock;
use crate::connection::StoredConnection;
use crate::control::faults::Faults;
use crate::control::settings::Settings;
use crate::ids::Ids;
use crate::journal::Journal;
use crate::routes::paging::Bookmarks;
use crate::server::tls::Certificates;
use crate::store::Store;

/// What all requests share.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) address: SocketAddr,
    /// None: the server speaks plain HTTP.
    pub(crate) certificates: Option<Certificates>,
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) journal: Journal,
    pub(crate) faults: Faults,
    pub(crate) bookmarks: Bookmarks,
    pub(crate) settings: Mutex<Arc<Settings>>,
    pub(crate) access: Mutex<Access>,
}

impl World {
    /// `http` or `https`.
    pub(crate) fn scheme(&self) -> &'static str {
        if self.certificates.is_some() { "https" } else { "http" }
    }

    /// Where the server is reached.
    pub(crate) fn url(&self) -> String {
        format!("{}://{}", self.scheme(), self.address)
    }

    /// The settings as they are now; a request keeps them to its end.
    pub(crate) fn settings(&self) -> Arc<Settings> {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn change_settings(&self, change: impl FnOnce(&mut Settings)) {
        let mut settings = self.settings.lock().unwrap_or_else(PoisonError::into_inner);
        change(Arc::make_mut(&mut settings));
    }

    pub(crate) fn access(&self) -> MutexGuard<'_, Access> {
        self.access.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn all_connections(&self) -> Vec<StoredConnection> {
        self.store.all().iter().map(|(place, connection)| connection.view(place)).collect()
    }
}
