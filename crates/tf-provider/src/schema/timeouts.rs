//! The `timeouts` block and the durations in it.
//!
//! Source: Terraform, "Operation Timeouts"; Go, `time.ParseDuration`.

use std::collections::BTreeMap;
use std::time::Duration;

use super::attribute::string;
use super::block::{Block, Nesting, block};
use super::validator::{Violation, rule};
use crate::value::Value;

/// The name of the block.
pub(crate) const TIMEOUTS: &str = "timeouts";

/// An operation that a timeout bounds. Open: the protocol may get more.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// Creating the object.
    Create,
    /// Refreshing it.
    Read,
    /// Updating it in place.
    Update,
    /// Deleting it.
    Delete,
}

impl Operation {
    fn argument(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }

    fn gerund(self) -> &'static str {
        match self {
            Self::Create => "creating",
            Self::Read => "reading",
            Self::Update => "updating",
            Self::Delete => "deleting",
        }
    }
}

/// The operations that have a timeout, each with its default.
#[derive(Clone, Debug)]
pub(crate) struct Timeouts(BTreeMap<Operation, Duration>);

impl Timeouts {
    pub(super) fn new(defaults: impl IntoIterator<Item = (Operation, Duration)>) -> Self {
        Self(defaults.into_iter().collect())
    }

    /// The same limit for every operation.
    pub(super) fn fixed(limit: Duration) -> Self {
        use Operation::{Create, Delete, Read, Update};
        Self::new([Create, Read, Update, Delete].map(|operation| (operation, limit)))
    }

    pub(super) fn block(&self) -> Block {
        let arguments = self.0.iter().map(|(operation, default)| {
            let doing = operation.gerund();
            string(operation.argument()).validate(rule(is_duration)).describe(&format!(
                "How long {doing} may take, as in `30s`, `5m` or `1h30m`. Default: `{}`.",
                in_words(*default)
            ))
        });
        arguments.fold(
            block(TIMEOUTS, Nesting::Single).describe("How long operations may take."),
            Block::attribute,
        )
    }

    /// The time for `operation` on an object with these values.
    pub(crate) fn limit(&self, operation: Operation, object: &Value) -> Option<Duration> {
        let default = *self.0.get(&operation)?;
        let configured = object
            .get(TIMEOUTS)
            .and_then(|timeouts| timeouts.get(operation.argument()))
            .and_then(Value::as_str)
            .and_then(parse_duration);
        Some(configured.unwrap_or(default))
    }
}

fn is_duration(text: &str) -> Result<(), Violation> {
    match parse_duration(text) {
        Some(duration) if !duration.is_zero() => Ok(()),
        _ => Err(Violation::error(
            "must be a length of time above zero, such as \"30s\", \"5m\" or \"1h30m\"",
        )),
    }
}

fn in_words(duration: Duration) -> String {
    match duration.as_secs() {
        seconds if seconds.is_multiple_of(3600) => format!("{}h", seconds / 3600),
        seconds if seconds.is_multiple_of(60) => format!("{}m", seconds / 60),
        seconds => format!("{seconds}s"),
    }
}

/// Reads a length of time as Go writes it: numbers with a unit (`h`, `m`, `s`,
/// `ms`, `us`, `ns`), one after the other, each with an optional fraction.
///
/// `None` where the text is anything else, is negative, or is longer than a
/// hundred years.
#[must_use]
pub fn parse_duration(text: &str) -> Option<Duration> {
    const HUNDRED_YEARS: f64 = 100.0 * 366.0 * 86_400.0;
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    if rest == "0" {
        return Some(Duration::ZERO);
    }
    if rest.is_empty() {
        return None;
    }
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let unit = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
        seconds += number * unit_in_seconds(&rest[..unit])?;
        rest = &rest[unit..];
    }
    (seconds <= HUNDRED_YEARS).then(|| Duration::from_secs_f64(seconds))
}

fn unit_in_seconds(unit: &str) -> Option<f64> {
    Some(match unit {
        "h" => 3600.0,
        "m" => 60.0,
        "s" => 1.0,
        "ms" => 1e-3,
        "us" | "µs" | "μs" => 1e-6,
        "ns" => 1e-9,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_what_go_writes() {
        for (text, milliseconds) in
            [("30s", 30_000), ("1h30m", 5_400_000), ("1.5h", 5_400_000), ("250ms", 250), ("0", 0)]
        {
            assert_eq!(parse_duration(text), Some(Duration::from_millis(milliseconds)), "{text}");
        }
    }

    #[test]
    fn refuses_other_texts() {
        for text in ["", "30", "s", "-5m", "5 m", "1d", "1..5s", "five", "1e9h", "99999999999h"] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    #[test]
    fn takes_the_configured_time_before_the_default() {
        let timeouts = Timeouts::new([(Operation::Create, Duration::from_secs(60))]);
        let block = Value::Map([("create".to_owned(), Value::from("5s"))].into());
        let object = Value::Map([(TIMEOUTS.to_owned(), block)].into());
        assert_eq!(timeouts.limit(Operation::Create, &object), Some(Duration::from_secs(5)));
        assert_eq!(timeouts.limit(Operation::Create, &Value::Null), Some(Duration::from_secs(60)));
        assert_eq!(timeouts.limit(Operation::Delete, &object), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,24}") {
            let _ = parse_duration(&text);
        }
    }
}
