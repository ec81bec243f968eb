//! Classifies failures to connect by their causes.
//!
//! Types decide wherever a library has one. Names that do not exist are the exception
//! on Unix, where the standard library keeps nothing but the resolver's words.

use std::error::Error;
use std::io;

use rustls::InvalidMessage;

use super::causes::causes;

/// The words of the resolvers of glibc, of macOS, and of musl and FreeBSD for a name that
/// does not exist.
const NO_SUCH_NAME: [&str; 3] =
    ["Name or service not known", "nodename nor servname", "Name does not resolve"];

/// The code of Windows for the same (`WSAHOST_NOT_FOUND`), whose words are translated.
const HOST_NOT_FOUND: i32 = 11001;

/// The first words of every failure between the client and the server's end of a proxy's
/// tunnel. The type is private to the library.
const IN_TUNNEL: &str = "tunnel error";

/// The reason why no connection was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConnectError {
    /// No host has this name.
    UnknownHost,
    /// The name could not be resolved for the moment.
    Unresolved,
    /// The host refused the connection.
    Refused,
    /// No network leads to the host.
    Unreachable,
    /// There was no connection in time.
    TimedOut,
    /// The server answered a TLS handshake with something else.
    NotTls,
    /// The server's certificate is not trusted.
    Distrusted,
    /// The request was to pass a proxy, which failed or refused.
    Proxy,
    /// Anything else.
    Other,
}

/// The way that a request takes to its server.
#[derive(Clone, Copy, Debug)]
pub(super) struct Route {
    pub(super) tls: bool,
    pub(super) proxied: bool,
}

impl ConnectError {
    /// Returns true if the failure does not pass by itself.
    pub(crate) fn is_lasting(self) -> bool {
        matches!(self, Self::UnknownHost | Self::NotTls | Self::Distrusted)
    }

    /// The class of an error that came before the request was sent.
    pub(super) fn of(error: &reqwest::Error, route: Route) -> Self {
        if causes(error).any(is_distrust) {
            return Self::Distrusted;
        }
        if causes(error).any(is_not_tls) && route.reached_server(error) {
            return Self::NotTls;
        }
        if route.proxied {
            return Self::Proxy;
        }
        let of_io = || causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>());
        if error.is_dns() {
            let unknown = of_io().any(is_unknown_host);
            return if unknown { Self::UnknownHost } else { Self::Unresolved };
        }
        if error.is_timeout() {
            return Self::TimedOut;
        }
        let known = of_io().find_map(|error| match error.kind() {
            io::ErrorKind::ConnectionRefused => Some(Self::Refused),
            io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::NetworkDown => Some(Self::Unreachable),
            _ => None,
        });
        known.unwrap_or(Self::Other)
    }
}

impl Route {
    /// Returns true if a failed TLS handshake was one with the server and not with the
    /// proxy.
    fn reached_server(self, error: &reqwest::Error) -> bool {
        let in_tunnel = || causes(error).any(|cause| cause.to_string().starts_with(IN_TUNNEL));
        !self.proxied || (self.tls && !in_tunnel())
    }
}

fn is_distrust(error: &(dyn Error + 'static)) -> bool {
    matches!(error.downcast_ref(), Some(rustls::Error::InvalidCertificate(_)))
}

/// Returns true if the first bytes of the peer do not begin a TLS record.
fn is_not_tls(error: &(dyn Error + 'static)) -> bool {
    let Some(rustls::Error::InvalidMessage(what)) = error.downcast_ref() else { return false };
    matches!(
        what,
        InvalidMessage::InvalidContentType
            | InvalidMessage::UnknownProtocolVersion
            | InvalidMessage::MessageTooLarge
    )
}

fn is_unknown_host(error: &io::Error) -> bool {
    match error.raw_os_error() {
        Some(code) => cfg!(windows) && code == HOST_NOT_FOUND,
        None => {
            let text = error.to_string();
            NO_SUCH_NAME.iter().any(|words| text.contains(words))
        }
    }
}

#[cfg(test)]
mod tests;
