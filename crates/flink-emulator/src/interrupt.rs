//! The two ways in which a program is asked to end.

use std::io;

/// Waits for Ctrl-C or SIGTERM. From this call on neither ends the program by
/// itself, also while nothing waits yet.
#[cfg(unix)]
pub(crate) fn interrupted() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
pub(crate) fn interrupted() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without the signal there is nothing to wait for, so this ends at once.
        let _ = tokio::signal::ctrl_c().await;
    })
}
