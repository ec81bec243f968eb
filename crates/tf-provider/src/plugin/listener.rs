//! The socket a host connects to.
//!
//! A Unix socket that only its owner can open, or, where there is no usable directory for one and on
//! Windows, a port of the loopback interface. It must not know TLS or gRPC. go-plugin does the same,
//! except that it leaves the access mode to the umask and fails when `TMPDIR` is long.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::net::UnixListener;

use super::environment::Placement;
use super::start_error::StartError;

#[cfg(unix)]
mod socket_file;

#[cfg(unix)]
pub(super) use self::socket_file::SocketFile;

/// The wait before the next try when the system has no resources for another connection.
const EXHAUSTED: Duration = Duration::from_millis(50);

/// A byte stream in both directions, of whatever kind.
pub(super) trait Socket: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Socket for T {}

/// Accepts connections of either kind.
#[derive(Debug)]
pub(crate) enum Listener {
    #[cfg(unix)]
    Unix(UnixListener),
    Tcp(TcpListener),
}

/// The address of a listener. Dropping it removes what it left in the file system.
#[derive(Debug)]
pub(super) enum Endpoint {
    #[cfg(unix)]
    Unix(SocketFile),
    Tcp(SocketAddr),
}

impl Listener {
    /// Listens at the first place that works. Needs a runtime.
    pub(super) fn bind(placement: &Placement) -> Result<(Self, Endpoint), StartError> {
        #[cfg(unix)]
        for directory in &placement.directories {
            match socket_file::bind(directory, placement.group.as_deref()) {
                Ok((listener, file)) => return Ok((Self::Unix(listener), Endpoint::Unix(file))),
                Err(error) => {
                    tracing::warn!(directory = %directory.display(), %error, "no socket here");
                }
            }
        }
        bind_tcp(placement.ports.clone()).map_err(StartError::Listen)
    }

    /// Waits for the next connection, for as long as that takes.
    pub(super) async fn accept(&self) -> Box<dyn Socket> {
        loop {
            match self.try_accept().await {
                Ok(socket) => return socket,
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(EXHAUSTED).await;
                }
            }
        }
    }

    async fn try_accept(&self) -> io::Result<Box<dyn Socket>> {
        match self {
            #[cfg(unix)]
            Self::Unix(listener) => Ok(Box::new(listener.accept().await?.0)),
            Self::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                // Requests and replies are small and each waits for the other.
                stream.set_nodelay(true)?;
                Ok(Box::new(stream))
            }
        }
    }
}

impl Endpoint {
    /// The kind of address, in the words of the handshake.
    pub(super) fn network(&self) -> &'static str {
        match self {
            #[cfg(unix)]
            Self::Unix(_) => "unix",
            Self::Tcp(_) => "tcp",
        }
    }

    /// The address itself, in the words of the handshake.
    pub(super) fn address(&self) -> String {
        match self {
            #[cfg(unix)]
            Self::Unix(file) => file.path().to_owned(),
            Self::Tcp(address) => address.to_string(),
        }
    }
}

#[cfg(unix)]
impl From<UnixListener> for Listener {
    fn from(listener: UnixListener) -> Self {
        Self::Unix(listener)
    }
}

impl From<TcpListener> for Listener {
    fn from(listener: TcpListener) -> Self {
        Self::Tcp(listener)
    }
}

/// Takes the first free port, like go-plugin: firewalls are set up for the range the host gives.
fn bind_tcp(ports: RangeInclusive<u16>) -> io::Result<(Listener, Endpoint)> {
    let mut failure = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for port in ports {
        match std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Ok(listener) => {
                listener.set_nonblocking(true)?;
                let listener = TcpListener::from_std(listener)?;
                let address = listener.local_addr()?;
                return Ok((Listener::Tcp(listener), Endpoint::Tcp(address)));
            }
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

#[cfg(test)]
mod tests;
