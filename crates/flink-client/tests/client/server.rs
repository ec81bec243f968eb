//! A server that follows a script, byte for byte.
//!
//! Knows HTTP only so far as to find the end of a request.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// The outcome of one request.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// The response is these bytes.
    Answer(Vec<u8>),
    /// The response is these bytes, and the connection is closed.
    Close(Vec<u8>),
    /// It is read, and the connection is reset.
    Reset,
    /// It is read and gets no response.
    Silence,
}

/// The server and what it has seen.
pub(crate) struct Server {
    address: SocketAddr,
    scheme: &'static str,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    connections: usize,
    requests: Vec<String>,
    script: VecDeque<Act>,
}

impl Server {
    /// Starts a server that speaks plain HTTP.
    pub(crate) async fn start(script: impl IntoIterator<Item = Act>) -> Self {
        Self::start_with(script, None).await
    }

    /// Starts a server that speaks TLS if there is an acceptor.
    pub(crate) async fn start_with(
        script: impl IntoIterator<Item = Act>,
        tls: Option<TlsAcceptor>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            scheme: if tls.is_some() { "https" } else { "http" },
            state: Arc::new(Mutex::new(State {
                script: script.into_iter().collect(),
                ..State::default()
            })),
        };
        let state = Arc::clone(&server.state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                state.lock().unwrap().connections += 1;
                tokio::spawn(serve(stream, tls.clone(), Arc::clone(&state)));
            }
        });
        server
    }

    /// An address without a listener.
    pub(crate) async fn nowhere() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self { address: listener.local_addr().unwrap(), scheme: "http", state: Arc::default() }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.address)
    }

    /// The requests, head and body, in order.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.state.lock().unwrap().requests.clone()
    }

    /// The methods of the requests.
    pub(crate) fn methods(&self) -> Vec<String> {
        let method = |request: &String| request.split(' ').next().unwrap().to_owned();
        self.requests().iter().map(method).collect()
    }

    pub(crate) fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }
}

async fn serve(mut stream: TcpStream, tls: Option<TlsAcceptor>, state: Arc<Mutex<State>>) {
    match tls {
        // Clients that do not trust the certificate disconnect here.
        Some(tls) => {
            if let Ok(mut stream) = tls.accept(stream).await {
                perform(&mut stream, &state).await;
            }
        }
        None => {
            if let Some(Act::Reset) = perform(&mut stream, &state).await {
                stream.set_zero_linger().unwrap();
            }
        }
    }
}

/// Responds to requests until the end of the connection, which may be by an act.
async fn perform(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    state: &Mutex<State>,
) -> Option<Act> {
    loop {
        let request = read_request(stream).await?;
        let act = {
            let mut state = state.lock().unwrap();
            state.requests.push(request);
            state.script.pop_front().expect("the script has an act for every request")
        };
        match &act {
            Act::Answer(bytes) => stream.write_all(bytes).await.ok()?,
            Act::Close(bytes) => {
                let _ = stream.write_all(bytes).await;
                let _ = stream.shutdown().await;
                return Some(act);
            }
            Act::Silence => std::future::pending().await,
            Act::Reset => return Some(act),
        }
    }
}

/// The first byte of a TLS handshake (RFC 8446, section 5.1).
const HANDSHAKE: u8 = 22;

async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut bytes = Vec::with_capacity(1 << 14);
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if bytes.first() == Some(&HANDSHAKE) {
            return Some(text);
        }
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("content-length").then(|| value.parse().ok())?
            });
            if body.len() >= length.unwrap_or(0) {
                return Some(text);
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

/// A response with these headers, one a line, and this body.
pub(crate) fn answer(status: u16, headers: &[&str], body: impl AsRef<[u8]>) -> Act {
    Act::Answer(bytes(status, headers, body.as_ref().len(), body.as_ref()))
}

/// A response that announces this body and ends in the middle of it.
pub(crate) fn cut(status: u16, body: &str) -> Act {
    Act::Close(bytes(status, &[], body.len(), &body.as_bytes()[..body.len() / 2]))
}

fn bytes(status: u16, headers: &[&str], length: usize, body: &[u8]) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status} Whatever\r\ncontent-length: {length}\r\n");
    for header in headers {
        head.push_str(header);
        head.push_str("\r\n");
    }
    head.push_str("\r\n");
    [head.as_bytes(), body].concat()
}
