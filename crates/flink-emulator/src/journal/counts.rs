//! The counts of requests and of the connections that they came over.
//!
//! They cost little, so they go on where the journal drops its oldest entries.

use std::collections::BTreeMap;

use serde::Serialize;

/// The counts since the journal was last cleared. They leave out the control API,
/// and connections that nothing else came over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Counts {
    /// Requests by method.
    pub requests: BTreeMap<String, u64>,
    /// The highest number of requests under way at once.
    pub most_requests_in_flight: u64,
    /// TCP connections that requests came over.
    pub tcp_connections: u64,
    /// The highest number of them open at once.
    pub most_tcp_connections: u64,
    /// TCP connections that were closed at once, because there were as many as
    /// [`Settings::max_tcp_connections`](crate::Settings::max_tcp_connections).
    pub tcp_connections_refused: u64,
    /// TLS handshakes that a client did not complete, for instance because it does
    /// not trust the certificate.
    pub tls_handshakes_failed: u64,
}

/// The counts, and the requests and connections of the moment.
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

    /// Begins again at zero, with the requests and connections of the moment.
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
