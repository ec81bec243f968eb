//! One call from beginning to end: credentials, redirects, retries, errors.
//!
//! The order of things lives here; what to decide in each case lives in `retry`,
//! `redirect`, `auth` and `error`. Knows no concrete API.

mod answer;
mod course;
mod unanswered;

use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderValue};
use tokio::time::{Instant, timeout_at};
use tracing::{debug, warn};
use url::Url;

use crate::auth::{Authenticator, Authorisation};
use crate::error::{Error, Kind, Result, one_line, readable};
use crate::redirect;
use crate::request::Request;
use crate::retry::pace::Paces;
use crate::retry::{Jitter, Outcome, Policy, is_transient};
use crate::secret::{Redactor, Secret};
use crate::transport::{Incoming, Outgoing, Transport};
use crate::types::CallOptions;

pub(crate) use answer::Answer;
use course::NOTABLE_WAIT;
pub(crate) use course::{Course, in_time};

/// Sends requests on behalf of the whole client.
pub(crate) struct Caller {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) auth: Authenticator,
    pub(crate) policy: Policy,
    pub(crate) paces: Paces,
    pub(crate) jitter: Jitter,
    pub(crate) request_timeout: Duration,
}

/// An attempt that came to nothing.
struct Failed {
    error: Error,
    /// What the retry policy needs to know, or `None` where trying again is no use.
    outcome: Option<Outcome>,
}

/// One attempt and what belongs to it.
struct Attempt<'a> {
    request: &'a Request,
    auth: &'a Authorisation,
    patience: &'a CallOptions,
    number: u32,
}

impl Caller {
    /// Sends a request, again where the policy says so, and returns a successful answer.
    pub(crate) async fn send(&self, request: &Request, patience: &CallOptions) -> Result<Answer> {
        let mut course = Course::new(request, patience);
        let mut renewed = false;
        loop {
            course.may_go_on()?;
            let auth = match self.auth.authorise(self, request.audience, patience).await {
                Ok(auth) => auth,
                Err(error) => return Err(course.doubting(error.while_authenticating())),
            };
            self.keep_pace(request, &course).await?;
            let attempt =
                Attempt { request, auth: &auth, patience, number: course.begin_attempt() };
            let sent = Instant::now();
            let attempted = self.attempt(&attempt).await;
            self.tell_others(request, &auth, sent, &attempted);
            let Failed { error, outcome } = match attempted {
                Ok(answer) => return Ok(answer),
                Err(failed) => failed,
            };
            if error.is_unauthenticated() && auth.is_renewable() && !renewed {
                renewed = true;
                self.auth.forget(request.audience, &auth);
                continue;
            }
            let Some(outcome) = outcome else {
                return Err(course.ended(error));
            };
            course.note(outcome);
            let rounds = self.slow_down(request, outcome, sent);
            let made = course.attempts();
            let tries = if outcome.is_one_of_too_many() { rounds.clamp(1, made) } else { made };
            let wait = self.policy.next_wait(request.repeat, outcome, tries, self.jitter.draw());
            match self.unless_in_vain(request, outcome, wait) {
                Some(wait) => course.pause(wait, error).await?,
                None => return Err(course.ended(error)),
            }
        }
    }

    /// Lets the calls to come know that the host serves requests and takes the
    /// credentials, which any answer says that is no passing failure.
    fn tell_others(
        &self,
        request: &Request,
        auth: &Authorisation,
        sent: Instant,
        attempted: &Result<Answer, Failed>,
    ) {
        let status = match attempted {
            Ok(answer) => Some(answer.status()),
            Err(failed) => failed.error.status(),
        };
        let Some(status) = status.filter(|status| !is_transient(*status)) else { return };
        self.paces.of(request.host(), |pace| pace.served(sent));
        if status != 401 {
            auth.accepted();
        }
    }

    /// Waits for this request's turn where its host asks for fewer of them.
    async fn keep_pace(&self, request: &Request, course: &Course<'_>) -> Result<()> {
        let mut turn = None;
        loop {
            let now = Instant::now();
            let begins = self.paces.of(request.host(), |pace| pace.turn(turn, now));
            if begins <= now {
                return Ok(());
            }
            turn = Some(begins);
            course.hold(begins).await?;
        }
    }

    /// Slows all requests to a host down that says that there are too many. Returns how
    /// many times in a row it has said so.
    fn slow_down(&self, request: &Request, outcome: Outcome, sent: Instant) -> u32 {
        let Some(asked) = outcome.slows_down() else { return 0 };
        let asked = asked.map(|asked| asked.min(self.policy.most));
        let backoff = |rounds| self.policy.backoff(rounds, self.jitter.draw());
        let host = request.host();
        let now = Instant::now();
        let wait = self.paces.of(host, |pace| pace.refused(sent, now, asked, backoff));
        if let Some(wait) = wait.filter(|wait| *wait > NOTABLE_WAIT) {
            warn!("{host} asks for fewer requests: the next ones wait {:.0} s", wait.as_secs_f32());
        }
        self.paces.of(host, |pace| pace.rounds())
    }

    /// The wait before the next attempt, unless another request to the host has waited as
    /// long as it may and the host could not be reached.
    fn unless_in_vain(
        &self,
        request: &Request,
        outcome: Outcome,
        wait: Option<Duration>,
    ) -> Option<Duration> {
        if outcome != Outcome::NotSent {
            return wait;
        }
        let now = Instant::now();
        self.paces.of(request.host(), |pace| {
            if wait.is_none() {
                pace.unreachable(now);
            }
            wait.filter(|_| !pace.is_unreachable(now))
        })
    }

    /// Waits as long as the policy waits after this many attempts, for callers that
    /// look at the state of things between two attempts of their own.
    pub(crate) async fn back_off(
        &self,
        request: &Request,
        patience: &CallOptions,
        attempts: u32,
        cause: Error,
    ) -> Result<()> {
        let wait = self.policy.backoff(attempts, self.jitter.draw());
        Course::resumed(request, patience, attempts, &cause).pause(wait, cause).await
    }

    /// Sends a request once, through redirects, and looks at the answer.
    async fn attempt(&self, attempt: &Attempt<'_>) -> Result<Answer, Failed> {
        let request = attempt.request;
        let mut url = request.url.clone();
        let mut hops = 0;
        loop {
            let incoming = self.exchange(attempt, &url).await?;
            if !redirect::is_redirect(incoming.status) {
                return attempt.judge(incoming, &url);
            }
            let step = redirect::Step {
                method: &request.method,
                status: incoming.status,
                configured: &request.url,
                current: &url,
                location: incoming.header("location"),
                hops,
            };
            url = step.target().map_err(|why| attempt.misdirected(&incoming, &why))?;
            hops += 1;
        }
    }

    /// Sends a request to one address, within the time that is left.
    async fn exchange(&self, attempt: &Attempt<'_>, url: &Url) -> Result<Incoming, Failed> {
        let begun = Instant::now();
        let limits = [begun.checked_add(self.request_timeout), attempt.patience.deadline];
        let carry = self.transport.carry(attempt.outgoing(url));
        let carried = match limits.into_iter().flatten().min() {
            Some(limit) => timeout_at(limit, carry).await,
            None => Ok(carry.await),
        };
        let carried = match carried {
            Ok(carried) => carried.map_err(|failure| attempt.unanswered(url, &failure)),
            Err(_) => Err(attempt.timed_out(url, begun.elapsed())),
        };
        let arrived = carried.as_ref().ok();
        debug!(
            method = attempt.request.verb(),
            path = attempt.request.url.path(),
            status = arrived.map(|incoming| incoming.status),
            request_id = arrived.and_then(|incoming| attempt.request_id(incoming)),
            attempt = attempt.number,
            milliseconds = begun.elapsed().as_millis() as u64,
            "API request"
        );
        carried
    }
}

impl Attempt<'_> {
    fn outgoing(&self, url: &Url) -> Outgoing {
        let mut headers: HeaderMap = self.auth.headers().clone();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        if let Some(body) = &self.request.body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(body.content_type));
        }
        Outgoing {
            method: self.request.method.clone(),
            url: url.clone(),
            headers,
            body: self.request.body.as_ref().map(|body| body.bytes.clone()),
        }
    }

    /// An error of this call.
    fn error(&self, kind: Kind, summary: impl Into<String>) -> Error {
        Error::new(kind, summary).of_call(self.request.verb(), self.request.url.path())
    }

    /// Text of others without what this call sent in confidence.
    fn shown(&self, text: &str) -> String {
        let redactor = Redactor::new(self.secrets());
        // Joining lines can complete a secret that was broken over two.
        readable(&redactor.clean(&one_line(&redactor.clean(text))))
    }

    /// What this call sent in confidence.
    fn secrets(&self) -> impl Iterator<Item = &str> {
        let secrets = self.request.secrets.iter().chain(self.auth.secrets());
        secrets.map(Secret::expose)
    }

    fn request_id(&self, incoming: &Incoming) -> Option<String> {
        let id = incoming.header("x-request-id")?;
        // Every answer has one, and nearly all need no cleaning.
        let plain = id.len() <= 64
            && id.bytes().all(|byte| byte.is_ascii_graphic())
            && !self.secrets().any(|secret| id.contains(secret));
        Some(if plain { id.to_owned() } else { self.shown(id) })
    }

    fn misdirected(&self, incoming: &Incoming, why: &str) -> Failed {
        Failed {
            error: self
                .error(Kind::Redirect, self.shown(why))
                .with_status(incoming.status)
                .with_request_id(self.request_id(incoming)),
            outcome: None,
        }
    }
}

#[cfg(test)]
mod tests;
