//! A transport for tests: it responds from a script and records the requests.
//!
//! Has no sockets, so time may stand still under it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::{ConnectError, Exchange, Extent, Failure, HttpRequest, HttpResponse, Stage, Transport};
use crate::auth::Credentials;
use crate::client::{Client, ClientBuilder};
use crate::types::{CallOptions, Place};
use crate::{AuthData, ConnectionSpec};

/// The outcome of one request.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    result: Result<HttpResponse, Failure>,
    after: Duration,
}

/// A request as it was sent.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    pub(crate) at: Instant,
}

impl Sent {
    /// Method and path, the way a test wants to compare them.
    pub(crate) fn line(&self) -> String {
        let url = url::Url::parse(&self.url).unwrap();
        let last = url.path_segments().unwrap().next_back().unwrap();
        format!("{} {last}", self.method)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// The script and the requests so far.
#[derive(Clone, Default)]
pub(crate) struct Script {
    steps: Arc<Mutex<VecDeque<Step>>>,
    sent: Arc<Mutex<Vec<Sent>>>,
}

impl Script {
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self { steps: Arc::new(Mutex::new(steps.into_iter().collect())), ..Self::default() }
    }

    /// A client over this script that never waits longer than it has to.
    pub(crate) fn client(&self) -> Client {
        self.client_of(Client::builder())
    }

    /// As [`Script::client`], with more settings.
    pub(crate) fn client_of(&self, builder: ClientBuilder) -> Client {
        self.client_with(builder.credentials(Credentials::basic("KEY", "key-secret")))
    }

    /// As [`Script::client_of`], with other credentials.
    pub(crate) fn client_with(&self, builder: ClientBuilder) -> Client {
        builder.build_on(Arc::new(self.clone()), || 0.0).unwrap()
    }

    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }

    /// All requests, one line each.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.sent().iter().map(Sent::line).collect()
    }

    /// The seconds between the requests, rounded.
    pub(crate) fn waits(&self) -> Vec<u64> {
        let seconds = |pair: &[Sent]| (pair[1].at - pair[0].at).as_secs_f32().round() as u64;
        self.sent().windows(2).map(seconds).collect()
    }
}

impl Transport for Script {
    fn exchange(&self, request: HttpRequest) -> Exchange<'_> {
        let body = request.body.unwrap_or_default();
        self.sent.lock().unwrap().push(Sent {
            method: request.method.to_string(),
            url: request.url.to_string(),
            headers: request.headers,
            body: String::from_utf8(body).unwrap(),
            at: Instant::now(),
        });
        let step = self.steps.lock().unwrap().pop_front();
        Box::pin(async move {
            let step = step.expect("the script has a step for every request");
            sleep(step.after).await;
            step.result
        })
    }
}

impl Step {
    /// This step, but later.
    pub(crate) fn after(mut self, seconds: u64) -> Self {
        self.after = Duration::from_secs(seconds);
        self
    }

    /// This response with one more header.
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        let response = self.result.as_mut().expect("only responses have headers");
        response
            .headers
            .insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        self
    }

    /// This response without its end.
    pub(crate) fn cut(mut self) -> Self {
        let response = self.result.as_mut().expect("only responses can be cut");
        response.body.truncate(response.body.len() / 2);
        response.extent = Extent::Cut("unexpected end of file".to_owned());
        self
    }

    fn failure(stage: Stage, reason: &str) -> Self {
        Self { result: Err(Failure { stage, reason: reason.to_owned() }), after: Duration::ZERO }
    }
}

/// A response with a body.
pub(crate) fn response(status: u16, body: impl ToString) -> Step {
    Step { result: Ok(http_response(status, body)), after: Duration::ZERO }
}

/// As [`response`], for the transports of other tests.
pub(crate) fn http_response(status: u16, body: impl ToString) -> HttpResponse {
    let body = body.to_string().into_bytes();
    HttpResponse { status, headers: HeaderMap::new(), body, extent: Extent::Whole }
}

/// A refusal in the API's own form.
pub(crate) fn refusal(status: u16) -> Step {
    let error = json!({ "status": status.to_string(), "detail": "refused" });
    response(status, json!({ "errors": [error] }))
}

/// The request is sent and has no response.
pub(crate) fn no_response() -> Step {
    Step::failure(Stage::Sent, "connection reset by peer")
}

/// No connection comes about.
pub(crate) fn unconnected() -> Step {
    not_connected(ConnectError::Refused)
}

/// No connection comes about, for this reason.
pub(crate) fn not_connected(why: ConnectError) -> Step {
    Step::failure(Stage::Unconnected(why), "tcp connect error")
}

/// The options of a call that is cancelled after so many seconds.
pub(crate) fn cancelled_after(seconds: u64) -> CallOptions {
    let options = CallOptions::default();
    let token = options.cancelled.clone();
    tokio::spawn(async move {
        sleep(Duration::from_secs(seconds)).await;
        token.cancel();
    });
    options
}

/// The connection that a create of [`spec`] makes, as the API shows it.
pub(crate) fn object(name: &str, version: &str) -> Value {
    json!({
        "name": name,
        "metadata": { "uid": "uid-1", "resource_version": version },
        "spec": { "connection_type": "REST", "endpoint": "https://e" },
    })
}

/// A connection with two secrets.
pub(crate) fn spec() -> ConnectionSpec {
    ConnectionSpec {
        name: "x".to_owned(),
        connection_type: "REST".to_owned(),
        endpoint: "https://e".to_owned(),
        auth_data: AuthData::new()
            .secret("USERNAME", "planted-user")
            .secret("PASSWORD", "planted \"quoted\"\npassword"),
    }
}

/// A place.
pub(crate) fn place() -> Place {
    Place {
        organization: "org".to_owned(),
        environment: "env-1".to_owned(),
        cloud: "AWS".to_owned(),
        region: "us-west-2".to_owned(),
    }
}
