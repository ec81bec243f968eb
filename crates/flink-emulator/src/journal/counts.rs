//! Numbers that cost little and are never lost: of requests and of the
//! connections that they came over.

use std::collections::BTreeMap;

use serde::Serialize;

/// What was counted since the journal was last cleared. The control API and
/// connections that nothing else came over are not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Counts {
    /// Requests by method.
    pub requests: BTreeMap<String, u64>,
    /// The most requests that were under way at once.
    pub most_requests_in_flight: u64,
    /// TCP connections that requests came over.
    pub tcp_connections: u64,
    /// The most of them that were open at once.
    pub most_tcp_connections: u64,
    /// TCP connections that were closed at once, because there were as many as
    /// [`Settings::max_tcp_connections`](crate::Settings::max_tcp_connections).
    pub tcp_connections_refused: u64,
    /// Clients that did not complete the TLS handshake, such as those that do
    /// not trust the certificate.
    pub tls_handshakes_failed: u64,
}

/// The counts, and what is there at the moment.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) counts: Counts,
    requests_in_flight: u64,
    open_connections: u64,
}

impl Tally {
    pub(super) fn request(&mut self, method: &str) {
        match self.counts.requests.get_mut(method) {
            Some(count) => *count += 1,
            None => drop(self.counts.requests.insert(method.to_owned(), 1)),
        }
        self.requests_in_flight += 1;
        self.note_the_most();
    }

    pub(super) fn request_ended(&mut self) {
        self.requests_in_flight -= 1;
    }

    pub(super) fn connection(&mut self) {
        self.counts.tcp_connections += 1;
        self.open_connections += 1;
        self.note_the_most();
    }

    pub(super) fn connection_closed(&mut self) {
        self.open_connections -= 1;
    }

    /// Begins again at zero, with what is there at the moment.
    pub(super) fn restart(&mut self) {
        self.counts = Counts::default();
        self.note_the_most();
    }

    fn note_the_most(&mut self) {
        let Counts { most_requests_in_flight, most_tcp_connections, .. } = &mut self.counts;
        *most_requests_in_flight = self.requests_in_flight.max(*most_requests_in_flight);
        *most_tcp_connections = self.open_connections.max(*most_tcp_connections);
    }
}
