//! Faults: rules that pick requests, and the effects on them.
//!
//! `effect` says what can be done to a request, `fault` which requests a rule picks,
//! and `rules` holds the rules in force. The server applies them (`server::inject`).

mod effect;
mod fault;
mod rules;

pub use effect::{Announce, Answer, Effect, InvalidFault, RateLimit, When};
pub use fault::Fault;
pub(crate) use rules::Plan;
pub use rules::{Faults, Played, StandingFault};
