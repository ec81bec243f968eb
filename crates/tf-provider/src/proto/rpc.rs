//! Running one call of the protocol: it is logged, and a panic in it becomes a diagnostic,
//! so that other calls go on.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::FutureExt;
use tokio::time::Instant;
use tracing::Instrument;

use crate::diagnostics::{Diagnostics, Result, Severity, panicked};

/// Runs a call in a span of the log, and turns a panic into an error.
pub(super) async fn run<T>(
    rpc: &'static str,
    type_name: &str,
    call: impl Future<Output = Result<T>>,
) -> Result<T> {
    static CALLS: AtomicU64 = AtomicU64::new(1);
    let span = tracing::debug_span!(
        "call",
        tf_rpc = rpc,
        tf_resource_type = type_name,
        tf_req_id = CALLS.fetch_add(1, Ordering::Relaxed),
        tf_proto_version = "5.10",
    );
    let contained = async {
        let started = Instant::now();
        let outcome =
            AssertUnwindSafe(call).catch_unwind().await.unwrap_or_else(|_| Err(panicked().into()));
        tracing::debug!(
            tf_req_duration_ms = started.elapsed().as_millis() as u64,
            errors = outcome.as_ref().err().map_or(0, count_errors),
            "responded"
        );
        outcome
    };
    contained.instrument(span).await
}

fn count_errors(diagnostics: &Diagnostics) -> usize {
    diagnostics.iter().filter(|each| each.severity() == Severity::Error).count()
}
