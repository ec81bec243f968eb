//! Ctrl-C, and the other ways in which a step is asked to end.
//!
//! Whoever runs programs asks here, so that they are ended in order instead of
//! being left behind.

use std::future::{pending, poll_fn};
use std::pin::pin;
use std::task::Poll;

use tokio::sync::watch;
use xtask_step::outcome::{Interrupted, Outcome};

/// Tells whether the step has been asked to end.
#[derive(Clone, Debug)]
pub struct Interrupt(watch::Receiver<bool>);

impl Interrupt {
    /// Takes the signals over: from here on none of them ends this process by
    /// itself.
    pub fn listen() -> Outcome<Self> {
        let (heard, interrupt) = watch::channel(false);
        let interrupted = signals()?;
        tokio::spawn(async move {
            interrupted.await;
            // An error means that nobody waits any more.
            let _ = heard.send(true);
        });
        Ok(Self(interrupt))
    }

    /// One that has been heard already.
    #[cfg(test)]
    pub(crate) fn at_once() -> Self {
        Self(watch::channel(true).1)
    }

    /// One that never comes.
    #[cfg(test)]
    pub(crate) fn never() -> Self {
        Self(watch::channel(false).1)
    }

    /// Waits for the end of `work`, unless the interrupt comes first.
    pub async fn unless<T>(&self, work: impl Future<Output = T>) -> Result<T, Interrupted> {
        let mut work = pin!(work);
        let mut heard = pin!(self.heard());
        poll_fn(|cx| match work.as_mut().poll(cx) {
            Poll::Ready(done) => Poll::Ready(Ok(done)),
            Poll::Pending => heard.as_mut().poll(cx).map(|()| Err(Interrupted)),
        })
        .await
    }

    /// Waits for it.
    pub async fn heard(&self) {
        // An error means that no signal can come any more.
        if self.0.clone().wait_for(|is_heard| *is_heard).await.is_err() {
            pending::<()>().await;
        }
    }
}

#[cfg(unix)]
fn signals() -> Outcome<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    Ok(poll_fn(move |cx| {
        let signals = [&mut interrupt, &mut terminate, &mut hangup];
        let is_heard = signals.into_iter().any(|signal| signal.poll_recv(cx).is_ready());
        if is_heard { Poll::Ready(()) } else { Poll::Pending }
    }))
}

#[cfg(not(unix))]
fn signals() -> Outcome<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        // Without the signal there is nothing to wait for.
        if tokio::signal::ctrl_c().await.is_err() {
            pending::<()>().await;
        }
    })
}
