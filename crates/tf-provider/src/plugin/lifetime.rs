//! The end of a process whose host is gone.
//!
//! Terraform ends a plugin with the `Shutdown` RPC. If Terraform itself dies, no such request comes,
//! and plugins made with go-plugin stay behind as orphans. So connected clients are counted: a host
//! that has left, or never came, ends the process. This module must not know sockets or signals.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

/// The reason for the end of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// The host asked for it.
    Shutdown,
    /// The host was there and is gone.
    HostGone,
    /// No host ever came.
    NoHost,
    /// A person at the terminal asked for it.
    Interrupted,
    /// The system asked for it.
    Terminated,
    /// The server cannot go on.
    Failed,
}

impl Ending {
    /// Terraform reports a crash for any code but 0.
    pub(super) fn exit_code(self) -> ExitCode {
        match self {
            Self::Shutdown | Self::HostGone | Self::Interrupted => ExitCode::SUCCESS,
            Self::NoHost | Self::Failed => ExitCode::FAILURE,
            // What a shell reports for a process ended by SIGTERM, which this is to all intents.
            Self::Terminated => ExitCode::from(128 + 15),
        }
    }
}

/// The parent of the process, which decides on its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parent {
    /// Terraform, which connects at once and ends the process by RPC.
    Host,
    /// A person, who attaches Terraform now and then, and ends the process from the terminal.
    Developer,
}

impl Parent {
    pub(super) fn limits(self) -> AbsenceLimits {
        match self {
            Self::Host => {
                AbsenceLimits { first: Duration::from_secs(60), again: Duration::from_secs(3) }
            }
            Self::Developer => AbsenceLimits { first: Duration::MAX, again: Duration::MAX },
        }
    }
}

/// The longest times without a client.
#[derive(Clone, Copy, Debug)]
pub(super) struct AbsenceLimits {
    /// Before the first connection. Hosts themselves give up on a plugin after a minute.
    first: Duration,
    /// After the last connection was closed: a client may be reconnecting.
    again: Duration,
}

/// Counts the clients that are connected.
#[derive(Clone, Debug, Default)]
pub(super) struct Clients(Arc<watch::Sender<Presence>>);

#[derive(Clone, Copy, Debug, Default)]
struct Presence {
    now: usize,
    ever: bool,
}

/// One client, present until dropped.
#[derive(Debug)]
pub(super) struct Present(Clients);

impl Clients {
    /// Counts a client.
    pub(super) fn enter(&self) -> Present {
        self.0.send_modify(|presence| {
            presence.now += 1;
            presence.ever = true;
        });
        Present(self.clone())
    }

    /// Resolves when no client has been connected for longer than the limits allow.
    pub(super) async fn absence(&self, limits: AbsenceLimits) -> Ending {
        let mut presence = self.0.subscribe();
        loop {
            let Presence { now, ever } = *presence.borrow_and_update();
            let (limit, ending) = match (now, ever) {
                (0, false) => (limits.first, Ending::NoHost),
                (0, true) => (limits.again, Ending::HostGone),
                _ => (Duration::MAX, Ending::HostGone),
            };
            if tokio::time::timeout(limit, presence.changed()).await.is_err() {
                return ending;
            }
        }
    }
}

impl Drop for Present {
    fn drop(&mut self) {
        self.0.0.send_modify(|presence| presence.now -= 1);
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{Instant, sleep};

    use super::*;

    /// Plays `visits` to a process that a host started, and reports how and after how many seconds
    /// it ended.
    async fn ends(visits: impl AsyncFnOnce(&Clients)) -> (Ending, u64) {
        let clients = Clients::default();
        let start = Instant::now();
        let visits = async {
            visits(&clients).await;
            std::future::pending().await
        };
        tokio::select! {
            ending = clients.absence(Parent::Host.limits()) => (ending, start.elapsed().as_secs()),
            () = visits => unreachable!("visits never end by themselves"),
        }
    }

    async fn seconds(count: u64) {
        sleep(Duration::from_secs(count)).await;
    }

    #[tokio::test(start_paused = true)]
    async fn ends_where_no_host_ever_connects() {
        assert_eq!(ends(async |_| {}).await, (Ending::NoHost, 60));
    }

    #[tokio::test(start_paused = true)]
    async fn ends_soon_after_the_host_dies() {
        let ending = ends(async |clients| {
            seconds(50).await;
            let host = clients.enter();
            seconds(3600).await;
            drop(host);
        });
        assert_eq!(ending.await, (Ending::HostGone, 50 + 3600 + 3));
    }

    #[tokio::test(start_paused = true)]
    async fn waits_for_a_client_that_reconnects() {
        let ending = ends(async |clients| {
            drop(clients.enter());
            seconds(2).await;
            let again = clients.enter();
            seconds(100).await;
            drop(again);
        });
        assert_eq!(ending.await, (Ending::HostGone, 2 + 100 + 3));
    }

    #[tokio::test(start_paused = true)]
    async fn waits_for_a_developer() {
        let clients = Clients::default();
        drop(clients.enter());
        let absence = clients.absence(Parent::Developer.limits());
        let day = Duration::from_secs(24 * 60 * 60);
        assert!(tokio::time::timeout(day, absence).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn waits_for_the_last_of_several_clients() {
        let ending = ends(async |clients| {
            let first = clients.enter();
            let second = clients.enter();
            drop(first);
            seconds(10).await;
            drop(second);
        });
        assert_eq!(ending.await, (Ending::HostGone, 10 + 3));
    }
}
