//! The TCP connections: their number, and their end.
//!
//! A connection is served until the client closes it, the emulator stops, or a
//! fault closes it, which may be in the middle of a response. This file knows
//! nothing of what is sent over it.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::{Extension, Router};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use super::tls;
use crate::journal::OpenConnection;
use crate::world::World;

/// The time that a stopping server gives to requests that are under way.
const GRACE: Duration = Duration::from_secs(2);

/// The pause after the system has refused a connection, for instance because
/// too many files are open: it would refuse the next one as well.
const PAUSE: Duration = Duration::from_millis(50);

/// One TCP connection, as the requests that come over it see it.
#[derive(Debug)]
pub(super) struct Wire {
    stopped: watch::Receiver<()>,
    /// Notified to close the connection.
    closed: Notify,
    /// Set with the first request that is not for the control API.
    counted: OnceLock<OpenConnection>,
}

/// Serves until the other end of `stopped` is dropped or used.
pub(super) async fn serve(
    listener: TcpListener,
    world: Arc<World>,
    router: Router,
    mut stopped: watch::Receiver<()>,
) {
    let acceptor = tls::acceptor(&world);
    let graceful = GracefulShutdown::new();
    // Dropped at the end, and with it every connection that is left.
    let mut wires = JoinSet::new();
    loop {
        let (stream, _) = tokio::select! {
            // An error means that the sender was dropped, which stops the server too.
            _ = stopped.changed() => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(_) => {
                    sleep(PAUSE).await;
                    continue;
                }
            },
        };
        while wires.try_join_next().is_some() {}
        let limit = world.settings().max_tcp_connections;
        if limit.is_some_and(|limit| wires.len() >= limit) {
            world.journal.connection_refused();
            continue;
        }
        let wire = Wire::new(stopped.clone());
        let watcher = graceful.watcher();
        let served = serve_connection(
            stream,
            acceptor.clone(),
            world.clone(),
            wire,
            router.clone(),
            watcher,
        );
        wires.spawn(served);
    }
    drop(listener);
    // The requests that are left end with their connections.
    let _ = timeout(GRACE, graceful.shutdown()).await;
}

/// Serves one connection to its end.
async fn serve_connection(
    stream: TcpStream,
    acceptor: Option<TlsAcceptor>,
    world: Arc<World>,
    wire: Arc<Wire>,
    router: Router,
    watcher: Watcher,
) {
    // Small pieces are sent at once.
    let _ = stream.set_nodelay(true);
    let Some(acceptor) = acceptor else { return serve_http(stream, wire, router, watcher).await };
    let mut stopped = wire.stopped.clone();
    let secured = tokio::select! {
        _ = stopped.changed() => return,
        secured = acceptor.accept(stream) => secured,
    };
    match secured {
        Ok(stream) => serve_http(stream, wire, router, watcher).await,
        Err(_) => world.journal.handshake_failed(),
    }
}

/// Speaks HTTP, in the version that the client begins with.
async fn serve_http(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    wire: Arc<Wire>,
    router: Router,
    watcher: Watcher,
) {
    let router = Router::new().fallback_service(router).layer(Extension(wire.clone()));
    let builder = auto::Builder::new(TokioExecutor::new());
    let service = TowerToHyperService::new(router);
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        () = wire.closed.notified() => {}
        // An error comes from a client that closes the connection or speaks no HTTP.
        _ = watcher.watch(connection) => {}
    }
}

impl Wire {
    fn new(stopped: watch::Receiver<()>) -> Arc<Self> {
        Arc::new(Self { stopped, closed: Notify::new(), counted: OnceLock::new() })
    }

    /// Counts the connection, once.
    pub(super) fn count_once(&self, world: &World) {
        self.counted.get_or_init(|| world.journal.connected());
    }

    /// Closes the connection. The future never completes: it is dropped with the
    /// connection.
    pub(super) async fn close<T>(&self) -> T {
        self.closed.notify_one();
        std::future::pending().await
    }

    /// Runs a future after a delay, unless the emulator is stopped before, and even
    /// if the client closes the connection meanwhile.
    pub(super) async fn later<T: Send + 'static>(
        &self,
        delay: Duration,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        let mut stopped = self.stopped.clone();
        let task = tokio::spawn(async move {
            tokio::select! {
                _ = stopped.changed() => None,
                () = sleep(delay) => Some(work.await),
            }
        });
        task.await.ok().flatten()
    }
}
