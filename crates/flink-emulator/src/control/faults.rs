//! Faults as data: which requests something is done to, and what.
//!
//! A [`Fault`] is a rule. The same value is written in a test, sent to the
//! control API and given on the command line. How it is played is the business
//! of the server; this module knows nothing of connections and of bodies.

mod effect;
mod glob;
mod rules;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use axum::http::Method;
use serde::{Deserialize, Serialize};

pub use effect::{Announce, Answer, Effect, RateLimit, When};
pub(crate) use rules::Plan;
pub use rules::{Faults, Played, StandingFault};

/// A rule: which requests are picked, and what is done to them.
///
/// Made by naming the effect, it picks every request until narrowed down:
///
/// ```
/// use flink_emulator::{Answer, Fault, Method};
///
/// let lost = Fault::drop_after().on(Method::POST, "*/connections").times(1);
/// let limit = Fault::answer(Answer::status(429).header("Retry-After", "2")).skip(10).times(2).repeat();
/// assert_eq!(lost, r#"{"method": "POST", "path": "*/connections", "times": 1, "fault": {"drop": "after"}}"#.parse()?);
/// # let _ = limit;
/// # Ok::<(), flink_emulator::InvalidFault>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use]
pub struct Fault {
    #[serde(default, skip_serializing_if = "Option::is_none", with = "method_name")]
    method: Option<Method>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(default, skip_serializing_if = "is_zero")]
    skip: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    times: Option<u64>,
    #[serde(default, skip_serializing_if = "is_false")]
    repeat: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
    #[serde(default, skip_serializing_if = "is_zero")]
    seed: u64,
    #[serde(rename = "fault")]
    effect: Effect,
}

/// What is done.
impl Fault {
    /// Any effect.
    pub fn new(effect: Effect) -> Self {
        Self {
            method: None,
            path: None,
            skip: 0,
            times: None,
            repeat: false,
            probability: None,
            seed: 0,
            effect,
        }
    }

    /// The work is done at once and the answer comes later. Delays add up, and
    /// the rules that follow are still tried.
    pub fn delay(by: Duration) -> Self {
        Self::new(Effect::Delay { milliseconds: milliseconds(by), when: When::After })
    }

    /// The work begins later, also for a client that has hung up meanwhile.
    pub fn delay_before(by: Duration) -> Self {
        Self::new(Effect::Delay { milliseconds: milliseconds(by), when: When::Before })
    }

    /// The connection is closed, and the work not done.
    pub fn drop_before() -> Self {
        Self::new(Effect::Drop(When::Before))
    }

    /// The work is done, and the connection closed without an answer.
    pub fn drop_after() -> Self {
        Self::new(Effect::Drop(When::After))
    }

    /// Another answer than the one the work would give, or gave.
    pub fn answer(answer: Answer) -> Self {
        Self::new(Effect::Answer(answer))
    }

    /// A status in the form of the API, without the work being done.
    pub fn status(status: u16) -> Self {
        Self::answer(Answer::status(status))
    }

    /// The same after the work.
    pub fn status_after(status: u16) -> Self {
        Self::answer(Answer::status(status).after_the_work())
    }

    /// The page of some proxy, without the work being done.
    pub fn page(status: u16) -> Self {
        Self::answer(Answer::page(status))
    }

    /// The same after the work.
    pub fn page_after(status: u16) -> Self {
        Self::answer(Answer::page(status).after_the_work())
    }

    /// What a new API key meets until every part of the service knows it.
    pub fn key_not_yet_valid() -> Self {
        Self::status(401)
    }

    /// Half of the body comes under a `Content-Length` that says all of it.
    pub fn cut() -> Self {
        Self::new(Effect::Cut { bytes: None, chunked: false })
    }

    /// Half of the body comes in a chunk, and no end of the chunks.
    pub fn cut_chunked() -> Self {
        Self::new(Effect::Cut { bytes: None, chunked: true })
    }

    /// The body comes in pieces of so many bytes, with a pause between them.
    pub fn drip(bytes: usize, pause: Duration) -> Self {
        Self::new(Effect::Drip { bytes, milliseconds: milliseconds(pause) })
    }

    /// The body is compressed, and no header says so.
    pub fn gzip() -> Self {
        Self::new(Effect::Gzip)
    }

    /// Someone else writes the object just before the request does.
    pub fn stale() -> Self {
        Self::new(Effect::Stale)
    }

    /// So many requests in each window of time, and a 429 for those beyond.
    pub fn rate_limit(requests: u32, window: Duration, announce: Announce) -> Self {
        let milliseconds = milliseconds(window);
        Self::new(Effect::RateLimit(RateLimit { requests, milliseconds, announce }))
    }
}

/// Which requests are picked.
impl Fault {
    /// Those of a method whose path matches a pattern, in which `*` stands for
    /// any text, slashes included.
    pub fn on(self, method: Method, path: impl Into<String>) -> Self {
        self.method(method).path(path)
    }

    /// Those of a method.
    pub fn method(mut self, method: Method) -> Self {
        self.method = Some(method);
        self
    }

    /// Those whose path, as it was sent and without the query, matches a pattern.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Not the first so many.
    pub fn skip(mut self, requests: u64) -> Self {
        self.skip = requests;
        self
    }

    /// At most so many.
    pub fn times(mut self, requests: u64) -> Self {
        self.times = Some(requests);
        self
    }

    /// Begins again with `skip` after `times`, for ever.
    pub fn repeat(mut self) -> Self {
        self.repeat = true;
        self
    }

    /// Each with this probability, by draws that are the same at each run.
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = Some(probability);
        self
    }

    /// Other draws.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Says why a rule could never do what it says.
    ///
    /// # Errors
    ///
    /// When it could not.
    pub fn check(&self) -> Result<(), InvalidFault> {
        if let Some(wrong) = self.path.as_deref().and_then(glob::fault_of) {
            return Err(InvalidFault::new("/path", format!("the pattern {wrong}")));
        }
        if self.times == Some(0) {
            return Err(InvalidFault::new("/times", "a rule that never fires is none"));
        }
        if self.repeat && (self.times.is_none() || self.probability.is_some()) {
            let detail = "a rule that is to be repeated says `times`, and no `probability`";
            return Err(InvalidFault::new("/repeat", detail));
        }
        if self.probability.is_some_and(|probability| !(0.0..=1.0).contains(&probability)) {
            return Err(InvalidFault::new("/probability", "a probability lies from 0 to 1"));
        }
        self.effect.check()
    }
}

impl FromStr for Fault {
    type Err = InvalidFault;

    /// Reads a rule from JSON, and checks it.
    fn from_str(json: &str) -> Result<Self, InvalidFault> {
        let fault: Self = serde_json::from_str(json)
            .map_err(|error| InvalidFault::new("", format!("this is no fault: {error}")))?;
        fault.check()?;
        Ok(fault)
    }
}

/// A rule that cannot be followed, and the field at fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidFault {
    pointer: String,
    detail: String,
}

impl InvalidFault {
    pub(crate) fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into() }
    }

    /// The field at fault as a JSON pointer.
    pub(crate) fn pointer(&self) -> &str {
        &self.pointer
    }

    /// What is wrong with it.
    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }
}

impl fmt::Display for InvalidFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pointer.as_str() {
            "" => f.write_str(&self.detail),
            pointer => write!(f, "{pointer}: {}", self.detail),
        }
    }
}

impl std::error::Error for InvalidFault {}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

fn is_false(choice: &bool) -> bool {
    !choice
}

/// A method by its name. Only those that a client of the API may use: any other
/// word is a slip.
mod method_name {
    use axum::http::Method;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

    pub(super) fn serialize<S: Serializer>(
        method: &Option<Method>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        method.as_ref().map(Method::as_str).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Method>, D::Error> {
        let Some(name) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
        if !METHODS.contains(&name.as_str()) {
            let known = METHODS.join(", ");
            return Err(D::Error::custom(format!("unknown method `{name}`, expected {known}")));
        }
        name.parse().map(Some).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_answer() -> impl Strategy<Value = Fault> {
        let page = (200u16..600).prop_map(Fault::page_after);
        let message = (200u16..600, "[ -~]{0,8}").prop_map(|(status, text)| {
            Fault::answer(Answer::status(status).header("Retry-After", "1").body(text))
        });
        prop_oneof![(200u16..600).prop_map(Fault::status), page, message]
    }

    fn any_effect() -> impl Strategy<Value = Fault> {
        let time = || (0u64..10_000).prop_map(Duration::from_millis);
        prop_oneof![
            time().prop_map(Fault::delay),
            time().prop_map(Fault::delay_before),
            Just(Fault::drop_before()),
            Just(Fault::drop_after()),
            any_answer(),
            Just(Fault::cut()),
            Just(Fault::cut_chunked()),
            (1usize..100, time()).prop_map(|(bytes, pause)| Fault::drip(bytes, pause)),
            Just(Fault::gzip()),
            Just(Fault::stale()),
            (any::<u32>(), 1u64..1000).prop_map(|(requests, window)| {
                Fault::rate_limit(requests, Duration::from_millis(window), Announce::Reset)
            }),
        ]
    }

    prop_compose! {
        fn any_fault()(
            effect in any_effect(),
            method in proptest::option::of(Just(Method::PUT)),
            path in proptest::option::of("[/*][a-z/*%]{0,8}"),
            skip in 0u64..3,
            times in proptest::option::of(1u64..3),
            thousandth in proptest::option::of(0u32..=1000),
            seed in any::<u64>(),
        ) -> Fault {
            let probability = thousandth.map(|part| f64::from(part) / 1000.0);
            let repeat = times.is_some() && probability.is_none();
            Fault { method, path, skip, times, repeat, probability, seed, effect: effect.effect }
        }
    }

    proptest! {
        #[test]
        fn a_rule_is_the_same_after_it_was_written_down(fault in any_fault()) {
            let written = serde_json::to_string(&fault).unwrap();
            prop_assert_eq!(written.parse(), Ok(fault));
        }
    }

    #[test]
    fn what_is_left_out_is_not_written() {
        let written = serde_json::to_string(&Fault::stale()).unwrap();
        assert_eq!(written, r#"{"fault":"stale"}"#);
    }
}
