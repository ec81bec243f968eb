//! One call from beginning to end: attempts, redirects, waits, errors.
//!
//! The order of things lives here. The decisions live elsewhere: `retry` decides whether
//! and when to send again, `redirect` whom to follow, `auth` which credentials to send.
//! Knows no concrete API.

mod attempt;
mod attempts;
mod authorization;
mod key_activation;
mod no_response;
mod response;
mod sender;

pub(crate) use attempts::in_time;
pub(crate) use authorization::{Anonymous, Authorization, Identity};
pub(crate) use key_activation::KeyActivation;
pub(crate) use response::ApiResponse;
pub(crate) use sender::Sender;

#[cfg(test)]
mod tests;
