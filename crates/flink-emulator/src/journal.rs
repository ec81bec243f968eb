//! The requests that the server received, for tests that count them and for people
//! who want to see what a client sends.
//!
//! An entry is added when a request arrives, and gets its status with the response.
//! The number of entries is bounded; the counts are not. No entry holds a secret.

mod counts;
pub(crate) mod redaction;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::Method;
use serde::Serialize;
use serde_json::Value;

use crate::auth::Presented;
use crate::faults::Played;
use crate::place::Place;

pub use counts::Counts;
use counts::Tally;

/// The requests of one emulator; its clones read and clear the same ones.
#[derive(Clone, Debug)]
pub struct Journal(Arc<Mutex<Ring>>);

#[derive(Debug)]
struct Ring {
    entries: VecDeque<Entry>,
    capacity: usize,
    next: u64,
    tally: Tally,
}

/// A TCP connection that requests came over, until it is closed.
#[derive(Debug)]
pub(crate) struct OpenConnection(Journal);

/// One request.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Entry {
    /// A number that counts from 1 in the order of arrival; clearing does not reset it.
    pub sequence: u64,
    /// The method, such as `GET`.
    pub method: String,
    /// The path, as it was sent.
    pub path: String,
    /// The query, as it was sent.
    pub query: Option<String>,
    /// The status of the response. `None` until it is sent, and for ever where a
    /// fault or the client prevents it.
    pub status: Option<u16>,
    /// The faults that apply to it.
    pub faults: Vec<Played>,
    /// The `X-Request-Id` of the response.
    pub request_id: String,
    /// The place that path and host name, where they name one.
    pub place: Option<Place>,
    /// The `User-Agent`.
    pub user_agent: Option<String>,
    /// The kind of the credentials, if there are any.
    pub auth: Option<AuthSeen>,
    /// The identity pool that a token was used for.
    pub identity_pool: Option<String>,
    /// The body without its secrets: of credentials the names of their keys.
    pub body: Option<Value>,
    /// The `metadata.resource_version` in the body.
    pub resource_version: Option<String>,
    /// The version of HTTP, such as `HTTP/1.1`.
    pub http_version: String,
}

/// Credentials without their secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AuthSeen {
    /// Such as `Basic` or `Bearer`.
    pub scheme: String,
    /// The id of the API key, never its secret.
    pub key: Option<String>,
}

impl AuthSeen {
    pub(crate) fn of(presented: &Presented) -> Option<Self> {
        let (scheme, key) = match presented {
            Presented::Nothing => return None,
            Presented::Basic { key, .. } => ("Basic", Some(key.clone())),
            Presented::Bearer(_) => ("Bearer", None),
            Presented::Other(scheme) => (scheme.as_str(), None),
        };
        Some(Self { scheme: scheme.to_owned(), key })
    }
}

impl Journal {
    pub(crate) fn new(capacity: usize) -> Self {
        let entries = VecDeque::new();
        Self(Arc::new(Mutex::new(Ring { entries, capacity, next: 1, tally: Tally::default() })))
    }

    /// The requests still remembered, oldest first.
    pub fn entries(&self) -> Vec<Entry> {
        self.ring().entries.iter().cloned().collect()
    }

    /// The number of remembered requests with this method and a path that contains
    /// `path`.
    pub fn count(&self, method: Method, path: &str) -> usize {
        let matches = |entry: &&Entry| method == *entry.method && entry.path.contains(path);
        self.ring().entries.iter().filter(matches).count()
    }

    /// The counts since the journal was last cleared. They do not depend on the number
    /// of requests it remembers.
    pub fn counts(&self) -> Counts {
        self.ring().tally.counts.clone()
    }

    /// Removes every request and begins the counts at zero.
    pub fn clear(&self) {
        let mut ring = self.ring();
        ring.entries.clear();
        ring.tally.restart();
    }

    /// Adds a request, and returns its number.
    pub(crate) fn arrived(&self, mut entry: Entry) -> u64 {
        let mut ring = self.ring();
        *ring.tally.counts.requests.entry(entry.method.clone()).or_default() += 1;
        entry.sequence = ring.next;
        ring.next += 1;
        if ring.entries.len() >= ring.capacity {
            ring.entries.pop_front();
        }
        let sequence = entry.sequence;
        ring.entries.push_back(entry);
        sequence
    }

    /// Counts a connection that requests come over.
    pub(crate) fn connected(&self) -> OpenConnection {
        self.ring().tally.connection();
        OpenConnection(self.clone())
    }

    /// Counts a connection beyond the limit.
    pub(crate) fn connection_refused(&self) {
        self.ring().tally.counts.tcp_connections_refused += 1;
    }

    /// Counts a client that did not complete its TLS handshake.
    pub(crate) fn handshake_failed(&self) {
        self.ring().tally.counts.tls_handshakes_failed += 1;
    }

    /// Adds the status of the response to the request of a number, if the journal
    /// still remembers it.
    pub(crate) fn responded(&self, sequence: u64, status: u16) {
        let mut ring = self.ring();
        // Numbers rise by one, so the place of an entry follows from the first.
        let first = ring.entries.front().map_or(u64::MAX, |entry| entry.sequence);
        let index = sequence.checked_sub(first).and_then(|index| usize::try_from(index).ok());
        if let Some(entry) = index.and_then(|index| ring.entries.get_mut(index)) {
            entry.status = Some(status);
        }
    }

    /// No panic leaves the journal half written, so a poisoned lock is used.
    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.ring().tally.connection_closed();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str) -> Entry {
        Entry { method: "GET".to_owned(), path: path.to_owned(), ..Entry::default() }
    }

    #[test]
    fn drops_the_oldest_entry_and_finds_the_request_of_a_status() {
        let journal = Journal::new(2);
        let [a, b, c] = ["/a", "/b", "/c"].map(|path| journal.arrived(entry(path)));
        journal.responded(a, 500);
        journal.responded(c, 200);
        let statuses: Vec<_> = journal.entries().iter().map(|entry| entry.status).collect();
        assert_eq!(statuses, [None, Some(200)]);
        journal.clear();
        journal.responded(b, 200);
        assert_eq!(journal.arrived(entry("/d")), 4);
    }

    #[test]
    fn counts_until_the_journal_is_cleared() {
        let journal = Journal::new(1);
        let (line, other) = (journal.connected(), journal.connected());
        drop(other);
        for path in ["/a", "/b", "/c"] {
            journal.arrived(entry(path));
        }
        let counts = journal.counts();
        assert_eq!((counts.requests["GET"], counts.most_tcp_connections), (3, 2));
        journal.clear();
        assert_eq!(journal.counts(), Counts { most_tcp_connections: 1, ..Counts::default() });
        drop(line);
        journal.clear();
        assert_eq!(journal.counts(), Counts::default());
    }
}
