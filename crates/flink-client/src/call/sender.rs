//! Sends requests: again where the policy says so, and no faster than a host allows.
//!
//! Knows nothing of credentials: an [`Identity`] supplies them for each attempt, since a
//! token can expire while a call waits.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};
use tracing::{debug, warn};
use url::Url;

use super::attempt::{Attempt, Failed};
use super::attempts::{Attempts, NOTABLE_WAIT};
use super::authorization::{Authorization, Identity};
use super::response::ApiResponse;
use crate::error::{Error, Result, is_transient};
use crate::redirect;
use crate::request::Request;
use crate::retry::{Jitter, Outcome, RetryPolicy};
use crate::throttle::Throttles;
use crate::transport::{HttpResponse, Transport};
use crate::types::CallOptions;

/// The time for one request, from its first byte to the last of its response.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);

/// Sends requests on behalf of the whole client.
pub(crate) struct Sender {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) policy: RetryPolicy,
    pub(crate) throttles: Throttles,
    pub(crate) jitter: Jitter,
}

impl Sender {
    /// Sends a request as `identity` and returns a successful response.
    pub(crate) async fn send(
        &self,
        request: &Request,
        options: &CallOptions,
        identity: &impl Identity,
    ) -> Result<ApiResponse> {
        let mut attempts = Attempts::new(request, options);
        let mut renewed = false;
        loop {
            attempts.may_go_on()?;
            let auth = identity.authorize(request.audience, options).await;
            let auth = auth.map_err(|error| {
                error.while_authenticating().with_outcome_unknown(attempts.outcome_unknown)
            })?;
            self.wait_for_turn(request, &attempts).await?;
            attempts.made += 1;
            let attempt = Attempt {
                request,
                auth: &auth,
                options,
                transport_secrets: self.transport.secrets(),
                number: attempts.made,
            };
            let sent = Instant::now();
            let attempted = self.attempt(&attempt).await;
            self.note_served(request, &auth, sent, &attempted);
            let Failed { error, outcome } = match attempted {
                Ok(response) => return Ok(response),
                Err(failed) => failed,
            };
            if error.is_unauthenticated() && auth.renewable.is_some() && !renewed {
                renewed = true;
                identity.forget(request.audience, &auth);
                continue;
            }
            let Some(outcome) = outcome else {
                return Err(attempts.ended(error));
            };
            attempts.note(outcome);
            match self.next_wait(request, outcome, sent, attempts.made) {
                Some(wait) => attempts.pause(wait, error).await?,
                None => return Err(attempts.ended(error)),
            }
        }
    }

    /// Waits as long as the policy waits after this many attempts, for callers that
    /// look at the object between two attempts of their own.
    pub(crate) async fn back_off(
        &self,
        request: &Request,
        options: &CallOptions,
        attempts: u32,
        cause: Error,
    ) -> Result<()> {
        let wait = self.policy.backoff(attempts, (self.jitter)());
        Attempts::resumed(request, options, attempts, &cause).pause(wait, cause).await
    }

    /// Notes that the host serves requests and accepts the credentials: any response
    /// says so that is no transient failure.
    fn note_served(
        &self,
        request: &Request,
        auth: &Authorization,
        sent: Instant,
        attempted: &Result<ApiResponse, Failed>,
    ) {
        let status = match attempted {
            Ok(response) => Some(response.status()),
            Err(failed) => failed.error.status(),
        };
        let Some(status) = status.filter(|status| !is_transient(*status)) else { return };
        self.throttles.of(request.host(), |throttle| throttle.served(sent));
        if status != 401 {
            auth.accepted();
        }
    }

    /// Waits for this request's turn where its host asked for fewer requests.
    async fn wait_for_turn(&self, request: &Request, attempts: &Attempts<'_>) -> Result<()> {
        let mut turn = None;
        loop {
            let now = Instant::now();
            let begins = self.throttles.of(request.host(), |throttle| throttle.turn(turn, now));
            if begins <= now {
                return Ok(());
            }
            turn = Some(begins);
            attempts.hold(begins).await?;
        }
    }

    /// The wait before the next attempt, or `None` if there is to be none.
    fn next_wait(
        &self,
        request: &Request,
        outcome: Outcome,
        sent: Instant,
        made: u32,
    ) -> Option<Duration> {
        let rounds = self.slow_down(request, outcome, sent);
        let tries = if outcome.is_one_of_too_many() { rounds.clamp(1, made) } else { made };
        let wait = self.policy.next_wait(request.repeat, outcome, tries, (self.jitter)());
        self.unless_unreachable(request, outcome, wait)
    }

    /// Throttles all requests to a host that reports too many. Returns how many times in
    /// a row it has done so.
    fn slow_down(&self, request: &Request, outcome: Outcome, sent: Instant) -> u32 {
        let Some(asked) = outcome.slows_down() else { return 0 };
        let asked = asked.map(|asked| asked.min(self.policy.most));
        let backoff = |rounds| self.policy.backoff(rounds, (self.jitter)());
        let host = request.host();
        let now = Instant::now();
        let (wait, rounds) = self
            .throttles
            .of(host, |throttle| (throttle.refused(sent, now, asked, backoff), throttle.rounds()));
        if let Some(wait) = wait.filter(|wait| *wait > NOTABLE_WAIT) {
            warn!("{host} asks for fewer requests: the next ones wait {:.0} s", wait.as_secs_f32());
        }
        rounds
    }

    /// `wait`, unless another request has already used up its retries because the host
    /// could not be reached.
    fn unless_unreachable(
        &self,
        request: &Request,
        outcome: Outcome,
        wait: Option<Duration>,
    ) -> Option<Duration> {
        if outcome != Outcome::NotSent {
            return wait;
        }
        let now = Instant::now();
        self.throttles.of(request.host(), |throttle| {
            if wait.is_none() {
                throttle.unreachable(now);
            }
            wait.filter(|_| !throttle.is_unreachable(now))
        })
    }

    /// Sends a request once, through redirects, and classifies the response.
    async fn attempt(&self, attempt: &Attempt<'_>) -> Result<ApiResponse, Failed> {
        let request = attempt.request;
        let mut url = request.url.clone();
        let mut hops = 0;
        loop {
            let response = self.exchange(attempt, &url).await?;
            if !redirect::is_redirect(response.status) {
                return attempt.judge(response, &url);
            }
            let step = redirect::Step {
                method: &request.method,
                status: response.status,
                configured: &request.url,
                current: &url,
                location: response.header("location"),
                hops,
            };
            url = step.target().map_err(|why| attempt.misdirected(&response, &why))?;
            hops += 1;
        }
    }

    /// Sends a request to one address, within the time that is left.
    async fn exchange(&self, attempt: &Attempt<'_>, url: &Url) -> Result<HttpResponse, Failed> {
        let begun = Instant::now();
        let own = begun + REQUEST_TIMEOUT;
        let limit = attempt.options.deadline.map_or(own, |deadline| deadline.min(own));
        let exchange = self.transport.exchange(attempt.http_request(url));
        let ended = match timeout_at(limit, exchange).await {
            Ok(ended) => ended.map_err(|failure| attempt.no_response(url, &failure)),
            Err(_) => Err(attempt.timed_out(url, begun.elapsed())),
        };
        let response = ended.as_ref().ok();
        debug!(
            method = attempt.request.verb(),
            path = attempt.request.url.path(),
            status = response.map(|response| response.status),
            request_id = response.and_then(|response| attempt.request_id(response)),
            attempt = attempt.number,
            milliseconds = begun.elapsed().as_millis() as u64,
            "API request"
        );
        ended
    }
}
