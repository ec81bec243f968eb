//! A proxy between the provider and the emulator, for the three things that a rule of
//! faults cannot do: repeat a request in the response, change the JSON of a response, and
//! hold a request until a test has done something else.
//!
//! It speaks HTTP/1.1 with one request a connection, in threads of its own.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::Value;

/// The pause between two looks whether a request is still held.
const INTERVAL: Duration = Duration::from_millis(5);

/// Something to do with a request.
#[derive(Clone)]
pub(crate) enum Trick {
    /// Responds in place of the API with a reply that is made from the request.
    Echo(Arc<dyn Fn(&str) -> Reply + Send + Sync>),
    /// Changes the JSON of the API's response.
    Edit(Arc<dyn Fn(&mut Value) + Send + Sync>),
    /// Keeps the request until the rules are cleared.
    Hold,
}

impl Trick {
    pub(crate) fn echo(reply: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        Self::Echo(Arc::new(reply))
    }

    pub(crate) fn edit(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self::Edit(Arc::new(change))
    }
}

/// A response.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: u16,
    headers: String,
    body: Vec<u8>,
}

impl Reply {
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = String::new();
        Self { status, headers, body: body.into() }.header("Content-Type", content_type)
    }

    /// The response with one more header.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers += &format!("{name}: {value}\r\n");
        self
    }

    /// A refusal in the API's own form.
    pub(crate) fn refusal(status: u16, detail: &str) -> Self {
        let error = serde_json::json!({ "status": status.to_string(), "detail": detail });
        let body = serde_json::json!({ "errors": [error] });
        Self::new(status, "application/json", body.to_string())
    }

    /// An HTML page with this title.
    pub(crate) fn page(status: u16, title: &str) -> Self {
        let page = format!("<html><head><title>{title}</title></head><body>{title}</body></html>");
        Self::new(status, "text/html", page)
    }

    fn write(&self, stream: &mut TcpStream) -> io::Result<()> {
        let Self { status, headers, body } = self;
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status} -\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(&[head.as_bytes(), body].concat())
    }
}

/// The running proxy. Its threads end with the process.
#[derive(Clone)]
pub(crate) struct Interceptor {
    address: SocketAddr,
    upstream: SocketAddr,
    rules: Arc<Mutex<Vec<Rule>>>,
    seen: Arc<Mutex<Vec<String>>>,
}

/// A trick for the next requests of a line such as `GET openai`.
struct Rule {
    line: String,
    left: usize,
    trick: Trick,
}

impl Interceptor {
    /// Starts in front of the server at `upstream`.
    pub(crate) fn start(upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let proxy = Self { address, upstream, rules: Arc::default(), seen: Arc::default() };
        let serving = proxy.clone();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let proxy = serving.clone();
                // An error means that the client has hung up.
                thread::spawn(move || drop(proxy.serve(stream)));
            }
        });
        proxy
    }

    /// The address at which it listens.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Plays a trick on the next request of this line, such as `GET openai`.
    pub(crate) fn next(&self, line: &str, trick: Trick) {
        self.add(line, 1, trick);
    }

    /// Plays a trick on every request of this line.
    pub(crate) fn every(&self, line: &str, trick: Trick) {
        self.add(line, usize::MAX, trick);
    }

    fn add(&self, line: &str, left: usize, trick: Trick) {
        lock(&self.rules).push(Rule { line: line.to_owned(), left, trick });
    }

    /// Removes all rules and releases the requests that are held.
    pub(crate) fn clear(&self) {
        lock(&self.rules).clear();
    }

    /// The lines of the requests so far, and of those that are held.
    pub(crate) fn seen(&self) -> MutexGuard<'_, Vec<String>> {
        lock(&self.seen)
    }

    fn serve(&self, mut stream: TcpStream) -> io::Result<()> {
        let (line, request) = read_request(&stream)?;
        self.seen().push(line.clone());
        let reply = match self.trick_for(&line) {
            None => self.forward(&request)?,
            Some(Trick::Echo(reply)) => reply(&String::from_utf8_lossy(&request)),
            Some(Trick::Edit(change)) => {
                let mut reply = self.forward(&request)?;
                let mut object = serde_json::from_slice(&reply.body)?;
                change(&mut object);
                reply.body = object.to_string().into_bytes();
                reply
            }
            Some(Trick::Hold) => {
                while lock(&self.rules).iter().any(|rule| rule.line == line) {
                    thread::sleep(INTERVAL);
                }
                self.forward(&request)?
            }
        };
        reply.write(&mut stream)
    }

    fn trick_for(&self, line: &str) -> Option<Trick> {
        let mut rules = lock(&self.rules);
        let rule = rules.iter_mut().find(|rule| rule.left > 0 && rule.line == line)?;
        rule.left -= 1;
        Some(rule.trick.clone())
    }

    fn forward(&self, request: &[u8]) -> io::Result<Reply> {
        let mut upstream = TcpStream::connect(self.upstream)?;
        upstream.write_all(request)?;
        let mut response = BufReader::new(upstream);
        let head = read_head(&mut response)?;
        let status = head[0].split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| io::Error::other("the response has no status"))?;
        let mut body = Vec::new();
        response.read_to_end(&mut body)?;
        Ok(Reply::new(status, header(&head, "content-type").unwrap_or("text/plain"), body))
    }
}

impl fmt::Debug for Interceptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interceptor").field("address", &self.address).finish_non_exhaustive()
    }
}

/// Reads a request and asks the API to close the connection after it. Returns the method
/// with the end of the path, and all bytes.
fn read_request(stream: &TcpStream) -> io::Result<(String, Vec<u8>)> {
    let mut stream = BufReader::new(stream);
    let head = read_head(&mut stream)?;
    let length = header(&head, "content-length").and_then(|length| length.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body)?;

    let mut words = head[0].split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let path = target.split('?').next().unwrap_or_default();
    let line = format!("{method} {}", path.rsplit('/').next().unwrap_or_default());
    let kept = head.iter().filter(|line| !line.to_ascii_lowercase().starts_with("connection:"));
    let mut text: String = kept.map(|line| format!("{line}\r\n")).collect();
    text.push_str("connection: close\r\n\r\n");
    Ok((line, [text.into_bytes(), body].concat()))
}

/// The lines before the body.
fn read_head(stream: &mut impl BufRead) -> io::Result<Vec<String>> {
    let lines = stream.lines().take_while(|line| line.as_ref().is_ok_and(|line| !line.is_empty()));
    let head: Vec<String> = lines.collect::<io::Result<_>>()?;
    if head.is_empty() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(head) }
}

fn header<'a>(head: &'a [String], name: &str) -> Option<&'a str> {
    let mut headers = head.iter().skip(1).filter_map(|line| line.split_once(':'));
    headers.find(|(each, _)| each.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
