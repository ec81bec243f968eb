//! The state that all requests of a running emulator share.
//!
//! It knows nothing of routes, of the server or of the handle that starts both.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::auth::Access;
use crate::certificates::Certificates;
use crate::connection::Connection;
use crate::connection::handle::{Connections, StoredConnection};
use crate::faults::Faults;
use crate::journal::Journal;
use crate::object::Noun;
use crate::object::refusal::Refusal;
use crate::place::Place;
use crate::settings::Settings;
use crate::store::bookmarks::Bookmarks;
use crate::store::{Bump, Shared, Store};

/// The shared state.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) address: SocketAddr,
    /// None: the server speaks plain HTTP.
    pub(crate) certificates: Option<Certificates>,
    pub(crate) store: Arc<Store<Connection>>,
    /// The clock and the settings, which the store uses too.
    pub(crate) shared: Shared,
    pub(crate) journal: Journal,
    pub(crate) faults: Faults,
    pub(crate) bookmarks: Bookmarks,
    pub(crate) access: Mutex<Access>,
}

impl World {
    /// `http` or `https`.
    pub(crate) fn scheme(&self) -> &'static str {
        if self.certificates.is_some() { "https" } else { "http" }
    }

    /// The address of the server as a URL.
    pub(crate) fn url(&self) -> String {
        format!("{}://{}", self.scheme(), self.address)
    }

    /// The settings as they are now; a request keeps them to its end.
    pub(crate) fn settings(&self) -> Arc<Settings> {
        self.shared.settings.now()
    }

    pub(crate) fn access(&self) -> MutexGuard<'_, Access> {
        self.access.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connections of a place, seen from behind the API.
    pub(crate) fn connections(&self, place: Place) -> Connections {
        Connections::new(self.store.clone(), place)
    }

    /// The connections of all places, by place and name.
    pub(crate) fn all_connections(&self) -> Vec<StoredConnection> {
        let all = self.store.all();
        all.iter().map(|(place, object)| StoredConnection::of(place, object)).collect()
    }

    /// Writes the object of a path, as a third party does. Where there is no such
    /// object nothing changes.
    pub(crate) fn touch(&self, place: &Place, collection: &str, name: &str) {
        if collection == Connection::COLLECTION {
            let touched: Result<_, Refusal> =
                self.store.update(place, name, Bump::VersionAndTime, |_| Ok(()));
            drop(touched);
        }
    }
}
