//! Someone between the provider and the API, for what a server that keeps its
//! promises never does: losing answers, refusing without a reason, a proxy's
//! page in the place of an answer.
//!
//! Requests go through to the emulator, except where a trick is waiting for
//! them. It speaks HTTP/1.1, one request a connection, and runs in threads of
//! its own, so that it can hold a request for as long as a test likes.

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep};

/// The longest a test waits for a request.
const LIMIT: Duration = Duration::from_secs(60);

/// What is done to a request.
#[derive(Clone)]
pub(crate) enum Trick {
    /// Answers in the API's place, which never hears of the request.
    Answer(Reply),
    /// As `Answer`, with what is made of the request.
    Echo(Arc<dyn Fn(&str) -> Reply + Send + Sync>),
    /// Lets the API act and answers something else.
    AnswerAfterwards(Reply),
    /// Lets the API act and gives no answer.
    LoseTheAnswer,
    /// Changes the JSON of the API's answer.
    Edit(Arc<dyn Fn(&mut Value) + Send + Sync>),
    /// Keeps the request until the gate opens.
    Hold(Gate),
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// Closed until it is opened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gate(Arc<(Mutex<bool>, Condvar)>);

/// The running interceptor; it stops when it is dropped.
#[derive(Debug)]
pub(crate) struct Interceptor {
    address: SocketAddr,
    desk: Arc<Desk>,
}

/// What all connections share.
struct Desk {
    upstream: SocketAddr,
    rules: Mutex<VecDeque<Rule>>,
    seen: Mutex<Vec<String>>,
    is_closed: AtomicBool,
}

/// For which requests a trick is waiting, and for how many of them.
struct Rule {
    line: String,
    left: usize,
    trick: Trick,
}

/// A request: its first line as `GET openai`, and all of it.
struct Request {
    line: String,
    bytes: Vec<u8>,
}

impl Reply {
    /// An answer of this status with this text.
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: body.into() }.header("Content-Type", content_type)
    }

    /// The answer with one more header.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A refusal in the API's own form.
    pub(crate) fn refusal(status: u16, detail: &str) -> Self {
        let error = serde_json::json!({ "status": status.to_string(), "detail": detail });
        let body = serde_json::json!({ "errors": [error] });
        Self::new(status, "application/json", body.to_string())
    }

    /// The page of some other server.
    pub(crate) fn page(status: u16, title: &str) -> Self {
        let page = format!("<html><head><title>{title}</title></head><body>{title}</body></html>");
        Self::new(status, "text/html", page)
    }

    /// An answer that says nothing but its status.
    pub(crate) fn empty(status: u16) -> Self {
        Self::new(status, "text/plain", "")
    }

    fn write(&self, stream: &mut TcpStream) -> io::Result<()> {
        let Self { status, headers, body } = self;
        let headers: String =
            headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let head = format!(
            "HTTP/1.1 {status} Played\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body].concat())
    }
}

impl Trick {
    /// Answers in the API's place.
    pub(crate) fn answer(reply: Reply) -> Self {
        Self::Answer(reply)
    }

    /// Answers in the API's place with what is made of the request.
    pub(crate) fn echo(repeat: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        Self::Echo(Arc::new(repeat))
    }

    /// Changes the JSON of the API's answer.
    pub(crate) fn edit(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self::Edit(Arc::new(change))
    }

    /// Takes members out of the API's answer, by their JSON pointers.
    pub(crate) fn leave_out(pointers: &'static [&'static str]) -> Self {
        Self::edit(move |object| {
            for pointer in pointers {
                let (parent, name) = pointer.rsplit_once('/').expect("a pointer has a slash");
                if let Some(Value::Object(members)) = object.pointer_mut(parent) {
                    members.remove(name);
                }
            }
        })
    }
}

impl Gate {
    /// Lets everything through that waits or comes later.
    pub(crate) fn open(&self) {
        *lock(&self.0.0) = true;
        self.0.1.notify_all();
    }

    fn pass(&self) {
        let mut is_open = lock(&self.0.0);
        while !*is_open {
            is_open = self.0.1.wait(is_open).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Interceptor {
    /// Starts in front of the server at `upstream`.
    pub(crate) fn start(upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let desk = Arc::new(Desk {
            upstream,
            rules: Mutex::default(),
            seen: Mutex::default(),
            is_closed: AtomicBool::new(false),
        });
        let shared = Arc::clone(&desk);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if shared.is_closed.load(Ordering::SeqCst) {
                    return;
                }
                let desk = Arc::clone(&shared);
                // A client that went away needs no answer.
                thread::spawn(move || drop(desk.serve(stream)));
            }
        });
        Self { address, desk }
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Plays a trick on the next request of this line, such as `GET openai`.
    pub(crate) fn next(&self, line: &str, trick: Trick) -> &Self {
        self.add(line, 1, trick)
    }

    /// Plays a trick on every request of this line from now on.
    pub(crate) fn every(&self, line: &str, trick: Trick) -> &Self {
        self.add(line, usize::MAX, trick)
    }

    /// Keeps every request of this line until the gate is opened.
    pub(crate) fn hold(&self, line: &str) -> Gate {
        let gate = Gate::default();
        self.every(line, Trick::Hold(gate.clone()));
        gate
    }

    /// Plays no tricks any more.
    pub(crate) fn calm(&self) {
        lock(&self.desk.rules).clear();
    }

    /// Waits until a request of this line has come.
    pub(crate) async fn arrival(&self, line: &str) {
        self.arrivals(line, 1).await;
    }

    /// Waits until so many requests of this line have come.
    pub(crate) async fn arrivals(&self, line: &str, count: usize) {
        let end = Instant::now() + LIMIT;
        while lock(&self.desk.seen).iter().filter(|each| *each == line).count() < count {
            assert!(Instant::now() < end, "not {count} times {line} within {LIMIT:?}");
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// The lines of the requests since the last time of asking.
    pub(crate) fn take_seen(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.desk.seen))
    }

    fn add(&self, line: &str, left: usize, trick: Trick) -> &Self {
        lock(&self.desk.rules).push_back(Rule { line: line.to_owned(), left, trick });
        self
    }
}

impl Drop for Interceptor {
    fn drop(&mut self) {
        self.desk.is_closed.store(true, Ordering::SeqCst);
        for rule in &*lock(&self.desk.rules) {
            if let Trick::Hold(gate) = &rule.trick {
                gate.open();
            }
        }
        // Wakes the listener, which then sees that it is over.
        drop(TcpStream::connect(self.address));
    }
}

impl Desk {
    fn serve(&self, mut stream: TcpStream) -> io::Result<()> {
        let request = Request::read(&stream)?;
        lock(&self.seen).push(request.line.clone());
        let reply = match self.trick_for(&request.line) {
            None => self.forward(&request)?,
            Some(Trick::Answer(reply)) => reply,
            Some(Trick::Echo(repeat)) => repeat(&String::from_utf8_lossy(&request.bytes)),
            Some(Trick::AnswerAfterwards(reply)) => self.forward(&request).map(|_| reply)?,
            Some(Trick::LoseTheAnswer) => {
                self.forward(&request)?;
                return stream.shutdown(Shutdown::Both);
            }
            Some(Trick::Edit(change)) => {
                let mut reply = self.forward(&request)?;
                let mut object = serde_json::from_slice(&reply.body)?;
                change(&mut object);
                reply.body = object.to_string().into_bytes();
                reply
            }
            Some(Trick::Hold(gate)) => {
                gate.pass();
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

    fn forward(&self, request: &Request) -> io::Result<Reply> {
        let mut upstream = TcpStream::connect(self.upstream)?;
        upstream.write_all(&request.bytes)?;
        let mut answer = BufReader::new(upstream);
        let head = read_head(&mut answer)?;
        let word = |at: usize| head[0].split(' ').nth(at).unwrap_or_default();
        let status = word(1).parse().map_err(|_| io::Error::other("an answer has a status"))?;
        let mut body = Vec::new();
        answer.read_to_end(&mut body)?;
        let content_type = header(&head, "content-type").unwrap_or("text/plain");
        Ok(Reply::new(status, content_type, body))
    }
}

impl Request {
    /// Reads a request, and makes it the only one of its connection.
    fn read(stream: &TcpStream) -> io::Result<Self> {
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
        Ok(Self { line, bytes: [text.into_bytes(), body].concat() })
    }
}

/// The lines before the body: the first one, and one for each header.
fn read_head(stream: &mut impl BufRead) -> io::Result<Vec<String>> {
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        match line.trim_end() {
            "" if head.is_empty() => return Err(io::ErrorKind::UnexpectedEof.into()),
            "" => return Ok(head),
            line => head.push(line.to_owned()),
        }
    }
}

fn header<'a>(head: &'a [String], name: &str) -> Option<&'a str> {
    let mut headers = head.iter().skip(1).filter_map(|line| line.split_once(':'));
    headers.find(|(each, _)| each.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").field("upstream", &self.upstream).finish_non_exhaustive()
    }
}
