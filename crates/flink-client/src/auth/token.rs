//! A token that is fetched when it is first needed and again before it expires.
//!
//! Many calls may want it at once; one of them fetches it and the others wait for that.

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::call::{ApiResponse, in_time};
use crate::error::{Error, Result};
use crate::secret::Secret;
use crate::transport;
use crate::types::CallOptions;

/// The lifetime of a token whose issuer does not state one.
const ASSUMED_LIFE: Duration = Duration::from_secs(600);

/// The longest lifetime that is believed.
const LONGEST_LIFE: Duration = Duration::from_secs(86_400);

/// Holds a token, or the failure of the last attempt to fetch one.
#[derive(Default)]
pub(super) struct Slot {
    state: Mutex<State>,
    /// The number of fetches that have ended.
    fetches: AtomicU64,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    /// The failure of the last fetch, for the calls that waited for it.
    failure: Option<Error>,
}

/// A token and when to replace it.
pub(super) struct Token {
    value: Secret,
    renew_at: Instant,
}

/// A token as a call uses it.
pub(super) struct Held {
    pub(super) value: Secret,
    /// True if it was fetched before this call.
    pub(super) cached: bool,
}

impl Slot {
    /// The token, fetched if there is none or if it is about to expire.
    pub(super) async fn get(
        &self,
        options: &CallOptions,
        fetch: impl Future<Output = Result<Token>>,
    ) -> Result<Held> {
        let fetches = self.fetches.load(Ordering::Acquire);
        let mut state = in_time(options, "an access token", self.state.lock()).await?;
        if let Some(token) = &state.token
            && Instant::now() < token.renew_at
        {
            return Ok(Held { value: token.value.clone(), cached: true });
        }
        // The calls that waited while a fetch failed would fail the same way, one after
        // the other.
        if self.fetches.load(Ordering::Acquire) != fetches
            && let Some(failure) = &state.failure
        {
            return Err(failure.clone());
        }
        let fetched = fetch.await;
        self.fetches.fetch_add(1, Ordering::Release);
        match fetched {
            Ok(token) => {
                let value = token.value.clone();
                *state = State { token: Some(token), failure: None };
                Ok(Held { value, cached: false })
            }
            Err(error) => {
                // A deadline or cancellation concerns one call, not the token.
                let shared = !error.is_cancelled() && !error.is_deadline();
                state.failure = shared.then(|| error.clone());
                Err(error)
            }
        }
    }

    /// Forgets the token if it is still this one.
    pub(super) fn forget(&self, value: &Secret) {
        // The holder of the lock is about to replace it anyway.
        if let Ok(mut state) = self.state.try_lock()
            && state.token.as_ref().is_some_and(|token| token.value == *value)
        {
            state.token = None;
        }
    }
}

/// The response of a token endpoint (RFC 6749, section 5.1).
#[derive(Deserialize)]
struct Reply {
    access_token: String,
    /// Seconds, as a number or as a text that holds one, which some identity providers send.
    #[serde(default)]
    expires_in: Value,
}

impl Token {
    /// Reads the response of a token endpoint. The token is replaced `margin` before it
    /// expires, or after three quarters of its life where that is shorter.
    pub(super) fn read(
        response: &ApiResponse,
        asked_at: Instant,
        margin: Duration,
    ) -> Result<Self> {
        let reply: Reply = transport::json(response.body()?).map_err(|why| {
            response.unusable(&format!("and something that is no access token: {why}"))
        })?;
        let seconds = match &reply.expires_in {
            Value::Number(number) => number.as_f64().map(|seconds| seconds as u64),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let life = seconds.map_or(ASSUMED_LIFE, Duration::from_secs).min(LONGEST_LIFE);
        Ok(Self {
            value: Secret::new(reply.access_token),
            renew_at: asked_at + life - margin.min(life / 4),
        })
    }
}
