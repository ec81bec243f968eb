//! Ctrl-C and the other signals that end a step.

use std::future::{pending, poll_fn};
use std::pin::pin;
use std::task::Poll;

use tokio::sync::watch;

use crate::outcome::{Outcome, interrupted};

/// Notifies about a signal that ends the step.
#[derive(Clone, Debug)]
pub struct Interrupt(watch::Receiver<bool>);

impl Interrupt {
    /// Handles the signals from here on: none of them ends this process by itself.
    pub fn listen() -> Outcome<Self> {
        let (sender, interrupt) = watch::channel(false);
        let signal = signals()?;
        tokio::spawn(async move {
            signal.await;
            // An error means that nothing waits any more.
            let _ = sender.send(true);
        });
        Ok(Self(interrupt))
    }

    /// An interrupt for tests, which has come already or never comes.
    #[cfg(test)]
    pub(crate) fn fixed(has_come: bool) -> Self {
        Self(watch::channel(has_come).1)
    }

    /// Waits for the end of `work`. Fails as interrupted if a signal comes first.
    pub async fn unless<T>(&self, work: impl Future<Output = T>) -> Outcome<T> {
        let mut work = pin!(work);
        let mut signal = pin!(self.heard());
        poll_fn(|cx| match work.as_mut().poll(cx) {
            Poll::Ready(done) => Poll::Ready(Ok(done)),
            Poll::Pending => signal.as_mut().poll(cx).map(|()| Err(interrupted())),
        })
        .await
    }

    /// Waits for a signal.
    pub async fn heard(&self) {
        // An error means that no signal can come any more.
        if self.0.clone().wait_for(|has_come| *has_come).await.is_err() {
            pending::<()>().await;
        }
    }
}

#[cfg(unix)]
fn signals() -> Outcome<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};

    let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
    let mut signals = kinds.into_iter().map(signal).collect::<Result<Vec<_>, _>>()?;
    Ok(poll_fn(move |cx| {
        let is_any_ready = signals.iter_mut().any(|signal| signal.poll_recv(cx).is_ready());
        if is_any_ready { Poll::Ready(()) } else { Poll::Pending }
    }))
}

#[cfg(not(unix))]
fn signals() -> Outcome<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        // An error means that no signal can come.
        if tokio::signal::ctrl_c().await.is_err() {
            pending::<()>().await;
        }
    })
}
