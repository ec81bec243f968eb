//! A server on loopback that responds with given bytes, and a client for it.
//!
//! Both run on one thread, so that the same input has the same result. The server knows
//! only enough HTTP to find the end of a request.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use flink_client::{Client, ClientBuilder, Credentials, Error, Place};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};

/// The secret of the API key that requests carry.
pub(super) const KEY_SECRET: &str = "planted-key-secret";

/// The secret in the header: after the key, in base64.
pub(super) const IN_THE_HEADER: &str = "S0VZOnBsYW50ZWQta2V5LXNlY3JldA==";

/// The maximal length of an error, whatever the server sends.
const LONGEST: usize = 8 << 10;

/// The server, and a client of it.
pub(super) struct Server {
    runtime: Runtime,
    script: Arc<Mutex<Script>>,
    url: String,
    client: Client,
}

/// The responses to send, and the requests received.
#[derive(Default)]
struct Script {
    answers: VecDeque<Vec<u8>>,
    requests: Vec<String>,
}

impl Server {
    /// Starts to listen.
    pub(super) fn start() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let script = Arc::<Mutex<Script>>::default();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port is free");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let serving = Arc::clone(&script);
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&serving)));
            }
        });
        let key = Credentials::basic("KEY", KEY_SECRET);
        let client = builder(&url).credentials(key).build().expect("settings of a client");
        Self { runtime, script, url, client }
    }

    /// The client, which is shared by all inputs.
    pub(super) fn client(&self) -> Client {
        self.client.clone()
    }

    /// A new client without credentials.
    pub(super) fn builder(&self) -> ClientBuilder {
        builder(&self.url)
    }

    /// The address of a path.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Makes a call that gets these responses. Returns its result and the first lines of the
    /// requests.
    pub(super) fn play<T>(
        &self,
        answers: impl IntoIterator<Item = Vec<u8>>,
        call: impl Future<Output = T>,
    ) -> (T, Vec<String>) {
        let answers = answers.into_iter().collect();
        *locked(&self.script) = Script { answers, requests: Vec::new() };
        let outcome = self.runtime.block_on(call);
        let requests = std::mem::take(&mut locked(&self.script).requests);
        (outcome, requests)
    }
}

fn builder(url: &str) -> ClientBuilder {
    Client::builder()
        .rest_endpoint(url)
        .cloud_endpoint(url)
        .no_proxy()
        .max_retries(0)
        .max_retry_wait(Duration::ZERO)
}

/// The place of all connections.
pub(super) fn place() -> Place {
    let [organization, environment, cloud, region] =
        ["org", "env-1", "aws", "us-west-2"].map(str::to_owned);
    Place { organization, environment, cloud, region }
}

/// Asserts that an error is one line of limited length without the secrets of the request.
pub(super) fn assert_decent(error: &Error, secrets: &[&str]) {
    let parts = [error.message(), error.request_id()];
    let text = format!("{error}\n{error:?}\n{parts:?}");
    for secret in secrets {
        assert!(!text.contains(secret), "{secret} shows: {text}");
    }
    assert!(!error.to_string().contains(char::is_control), "{text}");
    assert!(text.len() < LONGEST, "{} bytes: {text}", text.len());
}

/// Responds to each request of a connection with the next response, until one closes it.
async fn serve(mut stream: TcpStream, script: Arc<Mutex<Script>>) {
    while let Some(request) = read(&mut stream).await {
        let answer = {
            let mut script = locked(&script);
            script.requests.push(request);
            script.answers.pop_front()
        };
        let Some(answer) = answer else { return };
        let stays = answer.starts_with(KEPT.as_bytes());
        if stream.write_all(&answer).await.is_err() || !stays {
            return;
        }
    }
}

/// The beginning of a response after which the connection stays open.
const KEPT: &str = "HTTP/1.1 200 OK\r\ncontent-length: ";

/// A success with a body.
pub(super) fn success(body: &[u8]) -> Vec<u8> {
    [format!("{KEPT}{}\r\n\r\n", body.len()).as_bytes(), body].concat()
}

/// The first line of the next request, all of which is read.
async fn read(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |length| length.parse().expect("a number")) {
                return head.lines().next().map(str::to_owned);
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

fn locked(script: &Mutex<Script>) -> std::sync::MutexGuard<'_, Script> {
    script.lock().unwrap_or_else(PoisonError::into_inner)
}
