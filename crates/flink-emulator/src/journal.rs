//! What was asked of the server, for tests that count requests and for people
//! who want to see what a client really sends.
//!
//! An entry is made when a request has arrived, and its status added when it is
//! answered. Only so many entries are kept; the counts go on. Of a body only the
//! fields known to be harmless are kept, so that a secret in the wrong field does
//! not end up here either.

mod counts;

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::Method;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::auth::Presented;
use crate::control::faults::Played;
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

/// A request until it is answered, or given up.
#[derive(Debug)]
pub(crate) struct Visit {
    journal: Journal,
    sequence: u64,
}

/// A TCP connection that requests came over, until it is closed.
#[derive(Debug)]
pub(crate) struct Presence(Journal);

/// One request.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Entry {
    /// Counts from 1 in the order of arrival, and on after a clearing.
    pub sequence: u64,
    /// The method, such as `GET`.
    pub method: String,
    /// The path, as it was sent.
    pub path: String,
    /// The query, as it was sent.
    pub query: Option<String>,
    /// The status of the answer; none while there is no answer, or where a
    /// fault or the client made that there is never one.
    pub status: Option<u16>,
    /// The faults that are played on it.
    pub faults: Vec<Played>,
    /// The `X-Request-Id` of the answer.
    pub request_id: String,
    /// The place that path and host name, where they name one.
    pub place: Option<Place>,
    /// The `User-Agent`.
    pub user_agent: Option<String>,
    /// The kind of credentials that came along, if any did.
    pub auth: Option<AuthSeen>,
    /// The identity pool that a token was used for.
    pub identity_pool: Option<String>,
    /// The body without its secrets: of credentials the names of their keys.
    pub body: Option<Value>,
    /// The `metadata.resource_version` in the body.
    pub resource_version: Option<String>,
    /// The client's port: one for each TCP connection.
    pub peer_port: u16,
    /// The version of HTTP, such as `HTTP/1.1`.
    pub http_version: String,
}

/// Credentials as far as they can be told.
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

    /// How many of the remembered requests have this method and a path that
    /// contains `path`.
    pub fn count(&self, method: Method, path: &str) -> usize {
        let matches = |entry: &&Entry| method == *entry.method && entry.path.contains(path);
        self.ring().entries.iter().filter(matches).count()
    }

    /// How many TCP connections the remembered requests came over.
    pub fn tcp_connections(&self) -> usize {
        let ports: BTreeSet<u16> =
            self.ring().entries.iter().map(|entry| entry.peer_port).collect();
        ports.len()
    }

    /// What was counted since the journal was last cleared, however many
    /// requests it remembers.
    pub fn counts(&self) -> Counts {
        self.ring().tally.counts.clone()
    }

    /// Forgets every request, and counts from here.
    pub fn clear(&self) {
        let mut ring = self.ring();
        ring.entries.clear();
        ring.tally.restart();
    }

    /// Adds a request.
    pub(crate) fn arrived(&self, mut entry: Entry) -> Visit {
        let mut ring = self.ring();
        ring.tally.request(&entry.method);
        entry.sequence = ring.next;
        ring.next += 1;
        if ring.entries.len() >= ring.capacity {
            ring.entries.pop_front();
        }
        let sequence = entry.sequence;
        ring.entries.push_back(entry);
        Visit { journal: self.clone(), sequence }
    }

    /// Counts a connection that requests come over.
    pub(crate) fn connected(&self) -> Presence {
        self.ring().tally.connection();
        Presence(self.clone())
    }

    /// Counts a connection that was one too many.
    pub(crate) fn turned_away(&self) {
        self.ring().tally.counts.tcp_connections_refused += 1;
    }

    /// Counts a client that did not complete its TLS handshake.
    pub(crate) fn unsecured(&self) {
        self.ring().tally.counts.tls_handshakes_failed += 1;
    }

    fn answered(&self, sequence: u64, status: u16) {
        let mut ring = self.ring();
        // Numbers rise by one, so the place of an entry follows from the first.
        let first = ring.entries.front().map_or(u64::MAX, |entry| entry.sequence);
        let index = sequence.checked_sub(first).and_then(|index| usize::try_from(index).ok());
        if let Some(entry) = index.and_then(|index| ring.entries.get_mut(index)) {
            entry.status = Some(status);
        }
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Visit {
    pub(crate) fn answered(self, status: u16) {
        self.journal.answered(self.sequence, status);
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.journal.ring().tally.request_ended();
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        self.0.ring().tally.connection_closed();
    }
}

/// What may be kept of a body, by its content type.
pub(crate) fn without_secrets(content_type: &str, body: &[u8]) -> Option<Value> {
    if body.is_empty() {
        return None;
    }
    if content_type.starts_with("application/x-www-form-urlencoded") {
        return Some(form_fields(body));
    }
    match serde_json::from_slice::<Value>(body) {
        Ok(value) => Some(redact("", &value)),
        Err(_) => Some(json!({ "bytes": body.len() })),
    }
}

/// The names of the fields of a form.
fn form_fields(body: &[u8]) -> Value {
    let text = String::from_utf8_lossy(body);
    let names = text.split('&').filter_map(|pair| pair.split('=').next());
    json!({ "fields": names.collect::<Vec<_>>() })
}

fn redact(pointer: &str, value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields
                .iter()
                .map(|(name, field)| (name.clone(), redact(&format!("{pointer}/{name}"), field)));
            Value::Object(kept.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(|item| redact(pointer, item)).collect(),
        Value::String(payload) if pointer == "/spec/auth_data/data" => keys_of(payload),
        Value::String(_) | Value::Number(_) if !is_harmless(pointer) => "<REDACTED>".into(),
        _ => value.clone(),
    }
}

fn is_harmless(pointer: &str) -> bool {
    ["/metadata/", "/status/"].iter().any(|group| pointer.starts_with(group))
        || [
            "/api_version",
            "/kind",
            "/name",
            "/spec/connection_type",
            "/spec/endpoint",
            "/spec/auth_data/kind",
        ]
        .contains(&pointer)
}

fn keys_of(payload: &str) -> Value {
    match serde_json::from_str::<Map<String, Value>>(payload) {
        Ok(fields) => json!({ "keys": fields.keys().collect::<Vec<_>>() }),
        Err(_) => "<REDACTED>".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str) -> Entry {
        Entry {
            sequence: 0,
            method: "GET".to_owned(),
            path: path.to_owned(),
            query: None,
            status: None,
            faults: Vec::new(),
            request_id: "r".to_owned(),
            place: None,
            user_agent: None,
            auth: None,
            identity_pool: None,
            body: None,
            resource_version: None,
            peer_port: 1,
            http_version: "HTTP/1.1".to_owned(),
        }
    }

    #[test]
    fn the_oldest_entries_make_room_and_answers_find_their_request() {
        let journal = Journal::new(2);
        let [a, b, c] = ["/a", "/b", "/c"].map(|path| journal.arrived(entry(path)));
        a.answered(500);
        c.answered(200);
        let statuses: Vec<_> = journal.entries().iter().map(|entry| entry.status).collect();
        assert_eq!(statuses, [None, Some(200)]);
        journal.clear();
        b.answered(200);
        assert_eq!(journal.arrived(entry("/d")).sequence, 4);
    }

    #[test]
    fn what_makes_room_stays_counted_until_the_journal_is_cleared() {
        let journal = Journal::new(1);
        let (line, other) = (journal.connected(), journal.connected());
        drop(other);
        let visits = ["/a", "/b", "/c"].map(|path| journal.arrived(entry(path)));
        drop(visits);
        let last = journal.arrived(entry("/d"));
        let counts = journal.counts();
        assert_eq!((counts.requests["GET"], counts.most_requests_in_flight), (4, 3));
        assert_eq!((counts.tcp_connections, counts.most_tcp_connections), (2, 2));
        journal.clear();
        let counts = journal.counts();
        assert!(counts.requests.is_empty());
        assert_eq!((counts.most_requests_in_flight, counts.tcp_connections), (1, 0));
        assert_eq!(counts.most_tcp_connections, 1);
        drop((last, line));
        journal.clear();
        assert_eq!(journal.counts(), Counts::default());
    }

    #[test]
    fn of_credentials_only_the_names_of_the_keys_are_kept() {
        let body = json!({
            "name": "n",
            "spec": {
                "endpoint": "https://e",
                "auth_data": { "kind": "PlaintextProvider", "data": r#"{"API_KEY":"s3cret"}"# },
            },
        });
        let kept = without_secrets("application/json", body.to_string().as_bytes()).unwrap();
        assert_eq!(kept.pointer("/spec/auth_data/data"), Some(&json!({ "keys": ["API_KEY"] })));
        assert_eq!(kept.pointer("/spec/endpoint"), Some(&json!("https://e")));
    }

    #[test]
    fn a_secret_in_the_wrong_field_is_not_kept() {
        for body in [
            r#"{"spec":{"data":"s3cret"}}"#,
            r#"{"spec":{"auth_data":"s3cret"}}"#,
            r#"{"spec":{"auth_data":{"data":"s3cret"}}}"#,
            r#"["s3cret"]"#,
            r#""s3cret""#,
            "s3cret",
        ] {
            let kept = without_secrets("application/json", body.as_bytes()).unwrap().to_string();
            assert!(!kept.contains("s3cret"), "{kept}");
        }
        let form = without_secrets("application/x-www-form-urlencoded", b"a=s3cret&b=s3cret");
        assert_eq!(form, Some(json!({ "fields": ["a", "b"] })));
    }
}
