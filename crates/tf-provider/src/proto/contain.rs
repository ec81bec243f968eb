//! Every call runs inside a containment: it is logged, and a panic in it
//! becomes a diagnostic, so that the calls beside it go on.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::FutureExt;
use tokio::time::Instant;
use tracing::Instrument;

use crate::diagnostics::{Diagnostics, Result, Severity, panicked};

/// Runs one call.
pub(super) async fn contain<T>(
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
            "answered"
        );
        outcome
    };
    contained.instrument(span).await
}

fn count_errors(told: &Diagnostics) -> usize {
    told.iter().filter(|each| each.severity() == Severity::Error).count()
}
