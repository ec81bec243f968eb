//! Signals from the terminal and the system.
//!
//! Ctrl-C reaches the whole process group, so the provider hears it along with Terraform. Terraform
//! then asks for a stop by RPC and waits for the objects at hand; a provider that died of the signal
//! would lose them. go-plugin swallows the signal for the same reason. This module must not know
//! what ends besides the process.

#[cfg(not(unix))]
pub(super) use self::other::Signals;
#[cfg(unix)]
pub(super) use self::unix::Signals;

#[cfg(unix)]
mod unix {
    use std::io;

    use tokio::signal::unix::{Signal, SignalKind, signal};

    use crate::plugin::lifetime::{Ending, Parent};

    /// From its creation on, the process no longer dies of these signals by itself.
    #[derive(Debug)]
    pub(in crate::plugin) struct Signals {
        interrupt: Signal,
        terminate: Signal,
    }

    impl Signals {
        /// Takes over the signals. Needs a runtime.
        pub(in crate::plugin) fn install() -> io::Result<Self> {
            Ok(Self {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
            })
        }

        /// Resolves at SIGTERM, and at SIGINT if that was meant for this process.
        pub(in crate::plugin) async fn ending(mut self, parent: Parent) -> Ending {
            tokio::select! {
                _ = self.interrupt.recv(), if parent == Parent::Developer => Ending::Interrupted,
                _ = self.terminate.recv() => Ending::Terminated,
            }
        }
    }
}

#[cfg(not(unix))]
mod other {
    use std::io;

    use tokio::signal::ctrl_c;

    use crate::plugin::lifetime::{Ending, Parent};

    /// Takes over Ctrl-C from the moment the future is first polled.
    #[derive(Debug)]
    pub(in crate::plugin) struct Signals;

    impl Signals {
        pub(in crate::plugin) fn install() -> io::Result<Self> {
            Ok(Self)
        }

        /// Resolves at Ctrl-C if that was meant for this process.
        pub(in crate::plugin) async fn ending(self, parent: Parent) -> Ending {
            while ctrl_c().await.is_ok() {
                if parent == Parent::Developer {
                    return Ending::Interrupted;
                }
            }
            std::future::pending().await
        }
    }
}
