//! The part of a request that every handler is given beside its values.
//!
//! The server makes a [`Request`], in which the provider's type is erased; the
//! adapter of a handler turns it into a [`Call`]. Nothing here knows resources or
//! data sources.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::diagnostics::{Diagnostic, Diagnostics};

/// The rest of a request: what every operation has, for a provider that was configured
/// into a `P`.
pub struct Call<P> {
    provider: Arc<P>,
    warnings: Diagnostics,
    deadline: Option<Instant>,
    cancelled: CancellationToken,
}

/// The same before it is known what configuring the provider made.
///
/// A deadline of `None` is no deadline.
pub(crate) struct Request {
    pub(crate) provider: Arc<dyn Any + Send + Sync>,
    pub(crate) deadline: Option<Instant>,
    pub(crate) cancelled: CancellationToken,
}

impl Request {
    /// The call of a handler whose provider is a `P`.
    pub(crate) fn into_call<P: Send + Sync + 'static>(self) -> Call<P> {
        let provider = self
            .provider
            .downcast()
            .expect("a provider takes only resources and data sources that share its type");
        Call {
            provider,
            warnings: Diagnostics::none(),
            deadline: self.deadline,
            cancelled: self.cancelled,
        }
    }
}

impl<P> Call<P> {
    /// The result of configuring the provider.
    #[must_use]
    pub fn provider(&self) -> &P {
        &self.provider
    }

    /// The end of the operation's time, as its timeout says. `None` where there is no
    /// timeout.
    ///
    /// It is an instant of tokio's clock, on which handlers run and which a test can
    /// pause; `into_std` gives the standard library's.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// The token that is cancelled when Terraform asks for an early end (Ctrl-C).
    /// Waiting should stop at once; a request under way should finish.
    ///
    /// It is the token of `tokio-util` because a handler passes it on: clients and
    /// tasks that run on tokio take one as it is.
    #[must_use]
    pub fn cancelled(&self) -> &CancellationToken {
        &self.cancelled
    }

    /// Reports a warning. The operation goes on.
    pub fn warn(&mut self, warning: Diagnostic) {
        self.warnings.push(warning);
    }

    pub(crate) fn into_warnings(self) -> Diagnostics {
        self.warnings
    }
}

impl<P> fmt::Debug for Call<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}
