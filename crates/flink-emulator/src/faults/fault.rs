//! A rule of faults, as data: the requests that it picks, and its effect.
//!
//! The same value is written in a test, sent to the control API and given on the
//! command line. This file knows nothing of connections and of bodies.

use std::str::FromStr;
use std::time::Duration;

use axum::http::Method;
use serde::{Deserialize, Serialize};
use wildmatch::WildMatch;

use super::effect::{Announce, Answer, Effect, InvalidFault, RateLimit, When};

/// The methods that a client of the API may use; any other name is a mistake.
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// A rule: the requests that it picks, and the effect on them.
///
/// It is made with its effect, and picks every request until it is narrowed down:
///
/// ```
/// use flink_emulator::{Answer, Fault, Method};
///
/// let lost = Fault::drop_after().on(Method::POST, "*/connections").times(1);
/// let limit = Fault::answer(Answer::status(429).header("Retry-After", "2")).skip(10).times(2);
/// assert_eq!(lost, r#"{"method": "POST", "path": "*/connections", "times": 1, "fault": {"drop": "after"}}"#.parse()?);
/// # let _ = limit;
/// # Ok::<(), flink_emulator::InvalidFault>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use]
pub struct Fault {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) method: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) path: Option<String>,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) skip: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) times: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) probability: Option<f64>,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) seed: u64,
    #[serde(rename = "fault")]
    pub(super) effect: Effect,
}

/// Rules by their effect.
impl Fault {
    /// A rule with any effect.
    pub fn new(effect: Effect) -> Self {
        Self { method: None, path: None, skip: 0, times: None, probability: None, seed: 0, effect }
    }

    /// Handles the request at once and responds later. Delays add up, and the
    /// rules that follow are still tried.
    pub fn delay(by: Duration) -> Self {
        Self::new(Effect::Delay { milliseconds: milliseconds(by), when: When::After })
    }

    /// Handles the request later, even if the client closes the connection meanwhile.
    pub fn delay_before(by: Duration) -> Self {
        Self::new(Effect::Delay { milliseconds: milliseconds(by), when: When::Before })
    }

    /// Closes the connection without handling the request.
    pub fn drop_before() -> Self {
        Self::new(Effect::Drop(When::Before))
    }

    /// Handles the request and closes the connection without a response.
    pub fn drop_after() -> Self {
        Self::new(Effect::Drop(When::After))
    }

    /// Sends another response.
    pub fn answer(answer: Answer) -> Self {
        Self::new(Effect::Answer(answer))
    }

    /// Sends a status in the form of the API without handling the request.
    pub fn status(status: u16) -> Self {
        Self::answer(Answer::status(status))
    }

    /// Sends a status in the form of the API after handling the request.
    pub fn status_after(status: u16) -> Self {
        Self::answer(Answer::status(status).after_the_work())
    }

    /// Sends the HTML page of a proxy without handling the request.
    pub fn page(status: u16) -> Self {
        Self::answer(Answer::page(status))
    }

    /// Sends the HTML page of a proxy after handling the request.
    pub fn page_after(status: u16) -> Self {
        Self::answer(Answer::page(status).after_the_work())
    }

    /// Refuses credentials, as the service does until a new API key is known to every
    /// part of it.
    pub fn key_not_yet_valid() -> Self {
        Self::status(401)
    }

    /// Sends half of the body under the `Content-Length` of all of it.
    pub fn cut() -> Self {
        Self::new(Effect::Cut { chunked: false })
    }

    /// Sends half of the body in a chunk, and no end of the chunks.
    pub fn cut_chunked() -> Self {
        Self::new(Effect::Cut { chunked: true })
    }

    /// Sends the body in pieces of so many bytes, with a pause between them.
    pub fn drip(bytes: usize, pause: Duration) -> Self {
        Self::new(Effect::Drip { bytes, milliseconds: milliseconds(pause) })
    }

    /// Compresses the body without a header that says so.
    pub fn gzip() -> Self {
        Self::new(Effect::Gzip)
    }

    /// Lets a third party write the object just before the request is handled.
    pub fn stale() -> Self {
        Self::new(Effect::Stale)
    }

    /// Allows so many requests in each window of time, and sends a 429 to the others.
    pub fn rate_limit(requests: u32, window: Duration, announce: Announce) -> Self {
        let milliseconds = milliseconds(window);
        Self::new(Effect::RateLimit(RateLimit { requests, milliseconds, announce }))
    }
}

/// The requests that a rule picks.
impl Fault {
    /// Picks those of a method whose path matches a pattern, in which `*` stands
    /// for any text, slashes included.
    pub fn on(self, method: Method, path: impl Into<String>) -> Self {
        self.method(method).path(path)
    }

    /// Picks those of a method.
    pub fn method(mut self, method: Method) -> Self {
        self.method = Some(method.to_string());
        self
    }

    /// Picks those whose path, as it was sent and without the query, matches a pattern.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Passes over the first requests.
    pub fn skip(mut self, requests: u64) -> Self {
        self.skip = requests;
        self
    }

    /// Picks at most so many.
    pub fn times(mut self, requests: u64) -> Self {
        self.times = Some(requests);
        self
    }

    /// Picks each with this probability, by draws that are the same in each run.
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = Some(probability);
        self
    }

    /// Sets the seed of the draws.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Checks that the rule can pick a request and that its effect is possible.
    ///
    /// # Errors
    ///
    /// When it is not, with the field at fault.
    pub fn check(&self) -> Result<(), InvalidFault> {
        if let Some(method) = self.method.as_deref().filter(|method| !METHODS.contains(method)) {
            let known = METHODS.join(", ");
            let detail = format!("unknown method `{method}`, expected one of {known}");
            return Err(InvalidFault::new("/method", detail));
        }
        if let Some(wrong) = self.path.as_deref().and_then(pattern_error) {
            return Err(InvalidFault::new("/path", format!("the pattern {wrong}")));
        }
        if self.times == Some(0) {
            return Err(InvalidFault::new("/times", "a rule that never fires is none"));
        }
        if self.probability.is_some_and(|probability| !(0.0..=1.0).contains(&probability)) {
            return Err(InvalidFault::new("/probability", "a probability lies from 0 to 1"));
        }
        self.effect.check()
    }
}

impl Fault {
    /// Returns true if the method and the path of a request are the rule's.
    pub(super) fn matches(&self, method: &Method, path: &str) -> bool {
        self.method.as_ref().is_none_or(|wanted| method == wanted.as_str())
            && self.path.as_ref().is_none_or(|pattern| WildMatch::new(pattern).matches(path))
    }
}

/// The reason for which a pattern can match no path, if so.
fn pattern_error(pattern: &str) -> Option<&'static str> {
    if !pattern.starts_with(['/', '*']) {
        return Some("must begin with / or *, as every path begins with /");
    }
    if pattern.contains(['?', '#']) {
        return Some("is matched against the path alone, so it can hold no ? and no #");
    }
    if pattern.contains(|letter: char| !letter.is_ascii_graphic()) {
        return Some("is matched against the path as it is sent, so it must be percent-encoded");
    }
    None
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

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_rule_as_it_was_written() {
        for written in [
            r#"{"fault":"stale"}"#,
            r#"{"method":"PUT","path":"*/a%20b","skip":1,"times":2,"fault":"gzip"}"#,
            r#"{"probability":0.5,"seed":7,"fault":{"drop":"after"}}"#,
            r#"{"fault":{"delay":{"milliseconds":5,"when":"before"}}}"#,
            r#"{"fault":{"answer":{"status":503,"when":"after","headers":{"a":"b"},"body":"c"}}}"#,
            r#"{"fault":{"cut":{"chunked":true}}}"#,
            r#"{"fault":{"drip":{"bytes":3,"milliseconds":5}}}"#,
            r#"{"fault":{"rate_limit":{"requests":1,"milliseconds":5,"announce":"nothing"}}}"#,
        ] {
            let fault: Fault = written.parse().unwrap();
            assert_eq!(serde_json::to_string(&fault).unwrap(), written);
        }
        assert_eq!(r#"{"fault":{"cut":{}}}"#.parse(), Ok(Fault::cut()));
    }

    #[test]
    fn lets_a_star_stand_for_any_text() {
        for (pattern, path, expected) in [
            ("/a/b", "/a/b/c", false),
            ("*/connections", "/x/connections", true),
            ("*/connections", "/x/connections/openai", false),
            ("/sql/*/b", "/sql/a/c/b", true),
            ("*/oauth*/token", "/sts/v1/oauth2/token", true),
        ] {
            let fault = Fault::gzip().path(pattern);
            assert_eq!(fault.matches(&Method::GET, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn refuses_a_rule_that_cannot_work_with_the_reason() {
        for (fields, reason) in [
            (r#""method": "GET""#, "missing field `fault`"),
            (r#""fault": "stale", "metod": "GET""#, "unknown field `metod`"),
            (r#""fault": "explode""#, "unknown variant `explode`"),
            (r#""fault": {"delay": {}}"#, "missing field `milliseconds`"),
            (r#""fault": {"cut": {"byte": 1}}"#, "unknown field `byte`"),
            (r#""fault": "stale", "method": "get""#, "/method: unknown method `get`"),
            (r#""fault": "stale", "path": """#, "/path: the pattern must begin with"),
            (r#""fault": "stale", "path": "/a?b""#, "/path: the pattern is matched"),
            (r#""fault": "stale", "path": "/a#b""#, "/path: the pattern is matched"),
            (r#""fault": "stale", "path": "/a b""#, "must be percent-encoded"),
            (r#""fault": "stale", "path": "/ä""#, "must be percent-encoded"),
            (r#""fault": "stale", "times": 0"#, "/times: a rule that never fires"),
            (r#""fault": "stale", "probability": 1.5"#, "/probability: "),
            (r#""fault": {"answer": {"status": 600}}"#, "/fault/answer/status: "),
            (r#""fault": {"answer": {"status": 200, "headers": {"a b": "c"}}}"#, "`a b`"),
            (
                r#""fault": {"answer": {"status": 200, "headers": {"Content-Length": "1"}}}"#,
                "`cut`",
            ),
            (r#""fault": {"drip": {"bytes": 0, "milliseconds": 1}}"#, "/fault/drip/bytes: "),
            (
                r#""fault": {"rate_limit": {"requests": 1, "milliseconds": 0}}"#,
                "/fault/rate_limit/milliseconds: ",
            ),
        ] {
            let refused = format!("{{{fields}}}").parse::<Fault>().unwrap_err().to_string();
            assert!(refused.contains(reason), "{fields}: {refused}");
        }
    }
}
