//! The course of one call over all its attempts: what is known so far, and waiting.
//!
//! Cancelling and deadlines end a call here, between attempts. What the caller is told
//! then says what was awaited, for how long, and whether the server may have acted.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};
use tracing::warn;

use crate::error::{Error, Kind, Result};
use crate::request::Request;
use crate::retry::Outcome;
use crate::types::CallOptions;

/// A wait longer than this is worth a line that a person can understand.
pub(super) const NOTABLE_WAIT: Duration = Duration::from_secs(3);

/// What is known of a call under way.
pub(crate) struct Course<'a> {
    request: &'a Request,
    patience: &'a CallOptions,
    begun: Instant,
    attempts: u32,
    in_doubt: bool,
}

impl<'a> Course<'a> {
    pub(crate) fn new(request: &'a Request, patience: &'a CallOptions) -> Self {
        Self { request, patience, begun: Instant::now(), attempts: 0, in_doubt: false }
    }

    /// The course of a call that has failed with `cause` and may go on.
    pub(crate) fn resumed(
        request: &'a Request,
        patience: &'a CallOptions,
        attempts: u32,
        cause: &Error,
    ) -> Self {
        Self { attempts, in_doubt: cause.outcome_unknown(), ..Self::new(request, patience) }
    }

    pub(crate) fn attempts(&self) -> u32 {
        self.attempts
    }

    pub(crate) fn begin_attempt(&mut self) -> u32 {
        self.attempts += 1;
        self.attempts
    }

    /// Remembers what came of an attempt.
    pub(crate) fn note(&mut self, outcome: Outcome) {
        self.in_doubt |= !self.request.only_reads() && outcome.may_have_worked();
    }

    /// An error that is not about an attempt of this call.
    pub(crate) fn doubting(&self, error: Error) -> Error {
        error.in_doubt(self.in_doubt)
    }

    /// The error that the call ends with.
    pub(crate) fn ended(&self, error: Error) -> Error {
        if self.expired() && error.is_timeout() {
            return self.given_up(Kind::Deadline, Some(error));
        }
        error.after(self.attempts).in_doubt(self.in_doubt)
    }

    /// Whether another attempt may be made.
    pub(crate) fn may_go_on(&self) -> Result<()> {
        if self.patience.cancelled.is_cancelled() {
            return Err(self.given_up(Kind::Cancelled, None));
        }
        if self.expired() {
            return Err(self.given_up(Kind::Deadline, None));
        }
        Ok(())
    }

    /// Waits before the next attempt, or gives up at once where that is known to come
    /// too late.
    pub(crate) async fn pause(&self, wait: Duration, cause: Error) -> Result<()> {
        let too_late = |deadline| Instant::now() + wait >= deadline;
        if self.patience.deadline.is_some_and(too_late) {
            return Err(self.given_up(Kind::Deadline, Some(cause)));
        }
        if wait > NOTABLE_WAIT {
            warn!(
                "waiting {:.0} seconds before trying {:?} again (attempt {}), because it failed: {cause}",
                wait.as_secs_f32(),
                self.request,
                self.attempts + 1,
            );
        }
        self.sleep_until(Instant::now() + wait, || Some(cause)).await
    }

    /// Waits before an attempt that would come too early, or gives up at once where its
    /// time is known to come too late.
    pub(crate) async fn hold(&self, until: Instant) -> Result<()> {
        if self.patience.deadline.is_some_and(|deadline| until >= deadline) {
            let seconds = (until - Instant::now()).as_secs_f32();
            return Err(self.given_up(Kind::Deadline, None).hint(format!(
                "the host asks for fewer requests; the next one could be sent in {seconds:.0} s"
            )));
        }
        self.sleep_until(until, || None).await
    }

    async fn sleep_until(
        &self,
        until: Instant,
        cause: impl FnOnce() -> Option<Error>,
    ) -> Result<()> {
        tokio::select! {
            biased;
            () = self.patience.cancelled.cancelled() => {
                Err(self.given_up(Kind::Cancelled, cause()))
            }
            () = sleep_until(until) => Ok(()),
        }
    }

    fn expired(&self) -> bool {
        let passed = |deadline| Instant::now() >= deadline;
        self.patience.deadline.is_some_and(passed)
    }

    fn given_up(&self, kind: Kind, cause: Option<Error>) -> Error {
        let why =
            if kind == Kind::Cancelled { "was cancelled" } else { "was given up at its deadline" };
        let waited = self.begun.elapsed().as_secs_f32();
        let summary = match self.attempts {
            0 => format!("{why} before it was sent"),
            _ => format!("{why} after {waited:.1} s"),
        };
        let error = Error::new(kind, summary)
            .of_call(self.request.verb(), self.request.url.path())
            .after(self.attempts)
            .in_doubt(self.in_doubt);
        match cause {
            Some(cause) => error.because(cause),
            None => error,
        }
    }
}

/// Waits for `what` no longer than the caller wants to.
pub(crate) async fn in_time<T>(
    patience: &CallOptions,
    what: &str,
    future: impl Future<Output = T>,
) -> Result<T> {
    let begun = Instant::now();
    let ended = |kind, why: &str| {
        let waited = begun.elapsed().as_secs_f32();
        Err(Error::new(kind, format!("{why} after waiting {waited:.1} s for {what}")))
    };
    let within_deadline = async {
        match patience.deadline {
            Some(deadline) => timeout_at(deadline, future).await.ok(),
            None => Some(future.await),
        }
    };
    tokio::select! {
        biased;
        () = patience.cancelled.cancelled() => ended(Kind::Cancelled, "was cancelled"),
        result = within_deadline => match result {
            Some(result) => Ok(result),
            None => ended(Kind::Deadline, "the deadline passed"),
        },
    }
}
