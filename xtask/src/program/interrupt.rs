//! Ctrl-C, and the other ways in which a step is asked to end.
//!
//! Whoever runs programs asks here, so that they are ended in order instead of
//! being left behind.

use std::error::Error;
use std::fmt;

use tokio_util::sync::CancellationToken;

use crate::outcome::Outcome;

/// Whether the step has been asked to end.
#[derive(Clone, Debug)]
pub(crate) struct Interrupt(CancellationToken);

/// The step ends because it was asked to.
#[derive(Debug)]
pub(crate) struct Interrupted;

impl Interrupt {
    /// Takes the signals over: from here on none of them ends this process by
    /// itself.
    pub(crate) fn listen() -> Outcome<Self> {
        let token = CancellationToken::new();
        let interrupted = signals()?;
        let heard = token.clone();
        tokio::spawn(async move {
            interrupted.await;
            heard.cancel();
        });
        Ok(Self(token))
    }

    /// One that has been heard already.
    #[cfg(test)]
    pub(crate) fn at_once() -> Self {
        let token = CancellationToken::new();
        token.cancel();
        Self(token)
    }

    /// One that never comes.
    #[cfg(test)]
    pub(crate) fn never() -> Self {
        Self(CancellationToken::new())
    }

    /// Waits for it.
    pub(crate) async fn heard(&self) {
        self.0.cancelled().await;
    }
}

#[cfg(unix)]
fn signals() -> Outcome<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn signals() -> Outcome<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        // Without the signal there is nothing to wait for.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("interrupted")
    }
}

impl Error for Interrupted {}
