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

/// The counts, and the connections that are open.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) counts: Counts,
    open_connections: u64,
}

impl Tally {
    pub(super) fn connection(&mut self) {
        self.counts.tcp_connections += 1;
        self.open_connections += 1;
        let most = &mut self.counts.most_tcp_connections;
        *most = self.open_connections.max(*most);
    }

    pub(super) fn connection_closed(&mut self) {
        self.open_connections -= 1;
    }

    /// Begins again at zero, with the connections that are open.
    pub(super) fn restart(&mut self) {
        let most_tcp_connections = self.open_connections;
        self.counts = Counts { most_tcp_connections, ..Counts::default() };
    }
}
