//! The attempts of one call: how many were made, the waits between them, and their end.
//!
//! Cancellation and deadlines end a call here, between attempts. The error then says what
//! was awaited, for how long, and whether the server may have acted.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};
use tracing::warn;

use crate::error::{Error, Kind, Result};
use crate::request::Request;
use crate::retry::Outcome;
use crate::types::CallOptions;

/// Longer waits are logged as warnings, because a person may be watching.
pub(super) const NOTABLE_WAIT: Duration = Duration::from_secs(3);

/// The attempts of a call under way.
pub(super) struct Attempts<'a> {
    request: &'a Request,
    options: &'a CallOptions,
    begun: Instant,
    /// The number of attempts made.
    pub(super) made: u32,
    pub(super) outcome_unknown: bool,
}

impl<'a> Attempts<'a> {
    pub(super) fn new(request: &'a Request, options: &'a CallOptions) -> Self {
        Self { request, options, begun: Instant::now(), made: 0, outcome_unknown: false }
    }

    /// The attempts of a call that failed with `cause` and may go on.
    pub(super) fn resumed(
        request: &'a Request,
        options: &'a CallOptions,
        made: u32,
        cause: &Error,
    ) -> Self {
        Self { made, outcome_unknown: cause.outcome_unknown(), ..Self::new(request, options) }
    }

    /// Remembers whether an attempt may have changed something.
    pub(super) fn note(&mut self, outcome: Outcome) {
        self.outcome_unknown |= !self.request.only_reads() && outcome.may_have_worked();
    }

    /// The error that the call ends with.
    pub(super) fn ended(&self, error: Error) -> Error {
        if self.is_too_late(Instant::now()) && error.is_timeout() {
            return self.given_up(Kind::Deadline, Some(error));
        }
        error.after(self.made).with_outcome_unknown(self.outcome_unknown)
    }

    /// Fails if the call was cancelled or its deadline has passed.
    pub(super) fn may_go_on(&self) -> Result<()> {
        if self.options.cancelled.is_cancelled() {
            return Err(self.given_up(Kind::Cancelled, None));
        }
        if self.is_too_late(Instant::now()) {
            return Err(self.given_up(Kind::Deadline, None));
        }
        Ok(())
    }

    /// Waits before the next attempt. Fails at once where the wait would end after the
    /// deadline.
    pub(super) async fn pause(&self, wait: Duration, cause: Error) -> Result<()> {
        let until = Instant::now() + wait;
        if self.is_too_late(until) {
            return Err(self.given_up(Kind::Deadline, Some(cause)));
        }
        if wait > NOTABLE_WAIT {
            warn!(
                "waiting {:.0} seconds before trying {:?} again (attempt {}), because it failed: {cause}",
                wait.as_secs_f32(),
                self.request,
                self.made + 1,
            );
        }
        self.sleep_until(until, Some(cause)).await
    }

    /// Waits for the time at which the host accepts an attempt. Fails at once where that
    /// is after the deadline.
    pub(super) async fn hold(&self, until: Instant) -> Result<()> {
        if self.is_too_late(until) {
            let seconds = (until - Instant::now()).as_secs_f32();
            return Err(self.given_up(Kind::Deadline, None).hint(format!(
                "the host asks for fewer requests; the next one could be sent in {seconds:.0} s"
            )));
        }
        self.sleep_until(until, None).await
    }

    async fn sleep_until(&self, until: Instant, cause: Option<Error>) -> Result<()> {
        tokio::select! {
            biased;
            () = self.options.cancelled.cancelled() => Err(self.given_up(Kind::Cancelled, cause)),
            () = sleep_until(until) => Ok(()),
        }
    }

    fn is_too_late(&self, time: Instant) -> bool {
        self.options.deadline.is_some_and(|deadline| time >= deadline)
    }

    fn given_up(&self, kind: Kind, cause: Option<Error>) -> Error {
        let why =
            if kind == Kind::Cancelled { "was cancelled" } else { "was given up at its deadline" };
        let waited = self.begun.elapsed().as_secs_f32();
        let summary = match self.made {
            0 => format!("{why} before it was sent"),
            _ => format!("{why} after {waited:.1} s"),
        };
        let error = Error::new(kind, summary)
            .of_call(self.request.verb(), self.request.url.path())
            .after(self.made)
            .with_outcome_unknown(self.outcome_unknown);
        match cause {
            Some(cause) => error.because(cause),
            None => error,
        }
    }
}

/// Waits for `what` until the deadline or a cancellation.
pub(crate) async fn in_time<T>(
    options: &CallOptions,
    what: &str,
    future: impl Future<Output = T>,
) -> Result<T> {
    let begun = Instant::now();
    let ended = |kind, why: &str| {
        let waited = begun.elapsed().as_secs_f32();
        Err(Error::new(kind, format!("{why} after waiting {waited:.1} s for {what}")))
    };
    let within_deadline = async {
        match options.deadline {
            Some(deadline) => timeout_at(deadline, future).await.ok(),
            None => Some(future.await),
        }
    };
    tokio::select! {
        biased;
        () = options.cancelled.cancelled() => ended(Kind::Cancelled, "was cancelled"),
        result = within_deadline => match result {
            Some(result) => Ok(result),
            None => ended(Kind::Deadline, "the deadline passed"),
        },
    }
}
