//! From a listening socket to connections that are ready for gRPC.
//!
//! Each client authenticates in a task of its own and within a time limit, so that one that stalls,
//! or is not the host at all, delays no other. This module must not know the rules of TLS or the
//! services. go-plugin has the same tasks in Go's net/http2; the numbers are this crate's.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::server::Connected;

use super::lifetime::{Clients, Present};
use super::listener::{Listener, Socket};
use super::log;

/// The time for the TLS handshake. Terraform needs about 4 ms.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// The most handshakes at a time; further clients wait in the socket's queue.
const HANDSHAKES: usize = 32;

/// Connections as the gRPC server takes them. Dropping the stream closes the socket.
pub(super) type Connections = BoxStream<'static, Result<Connection, Infallible>>;

/// A connection whose other end may be talked to. While it exists, a client counts as present.
pub(super) struct Connection {
    socket: Box<dyn Socket>,
    _present: Present,
}

/// Starts to accept connections. Needs a runtime.
pub(super) fn connections(
    listener: Listener,
    tls: Option<TlsAcceptor>,
    clients: Clients,
) -> Connections {
    let (ready, connections) = mpsc::channel(HANDSHAKES);
    tokio::spawn(accept(listener, Admission { tls, clients, ready }));
    ReceiverStream::new(connections).map(Ok).boxed()
}

async fn accept(listener: Listener, admission: Admission) {
    let mut handshakes = JoinSet::new();
    loop {
        tokio::select! {
            () = admission.ready.closed() => return,
            Some(_) = handshakes.join_next() => {}
            socket = listener.accept(), if handshakes.len() < HANDSHAKES => {
                handshakes.spawn(admission.clone().admit(socket));
            }
        }
    }
}

/// The steps from an accepted socket to the server.
#[derive(Clone)]
struct Admission {
    tls: Option<TlsAcceptor>,
    clients: Clients,
    ready: mpsc::Sender<Connection>,
}

impl Admission {
    async fn admit(self, socket: Box<dyn Socket>) {
        let socket = match self.authenticate(socket).await {
            Ok(socket) => socket,
            // Terraform says only that the plugin did not respond; the cause is known here alone.
            Err(error) => return log::complain(&format!("TLS handshake failed: {error}")),
        };
        let connection = Connection { socket, _present: self.clients.enter() };
        // When the server is ending the receiver is gone, and the connection is closed.
        let _ = self.ready.send(connection).await;
    }

    async fn authenticate(&self, socket: Box<dyn Socket>) -> io::Result<Box<dyn Socket>> {
        let Some(tls) = &self.tls else { return Ok(socket) };
        let stream = tokio::time::timeout(HANDSHAKE, tls.accept(socket)).await??;
        Ok(Box::new(stream))
    }
}

impl Connected for Connection {
    type ConnectInfo = ();

    fn connect_info(&self) {}
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;
    use std::time::SystemTime;

    use futures_util::FutureExt;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};
    use tokio_rustls::TlsConnector;

    use super::*;
    use crate::plugin::tls;

    /// A listener with TLS, its address, and a way to connect to it.
    async fn guarded() -> (Connections, SocketAddr, TlsConnector) {
        let identity = tls::identity(tls::tests::LAUNCHER, SystemTime::now()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let terraform = tls::tests::terraform(&identity);
        let tls = TlsAcceptor::from(identity.config);
        (connections(listener.into(), Some(tls), Clients::default()), address, terraform)
    }

    #[tokio::test]
    async fn a_client_that_stalls_delays_no_other() {
        let (mut connections, address, terraform) = guarded().await;
        let _silent = TcpStream::connect(address).await.unwrap();
        let prompt = TcpStream::connect(address).await.unwrap();

        let handshake = terraform.connect("localhost".try_into().unwrap(), prompt);
        let (connected, admitted) = tokio::join!(handshake, connections.next());
        connected.unwrap();
        assert!(admitted.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_stalls_is_cut_off() {
        let (_connections, address, _) = guarded().await;
        let mut silent = TcpStream::connect(address).await.unwrap();
        assert_eq!(silent.read(&mut [0; 1]).await.unwrap_or(0), 0);
    }

    #[tokio::test]
    async fn a_client_that_is_refused_does_not_count_as_present() {
        let (mut connections, address, _) = guarded().await;
        let mut third_party = TcpStream::connect(address).await.unwrap();
        third_party.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
        let mut rest = Vec::new();
        let _ = third_party.read_to_end(&mut rest).await;
        assert!(connections.next().now_or_never().is_none());
    }

    #[tokio::test]
    async fn the_socket_closes_with_the_stream() {
        let (connections, address, _) = guarded().await;
        drop(connections);
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    }
}
