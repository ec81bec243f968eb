//! Rules for one value.
//!
//! A message says what a value must be and never quotes it: the configuration may have
//! marked it as sensitive.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::diagnostics::Severity;
use crate::value::{Number, Value};

/// The objection of a rule to a value: a sentence that begins with "must" or "should" and
/// never quotes the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    severity: Severity,
    title: Option<String>,
    sentence: String,
}

impl Violation {
    /// Makes an error: the value cannot be used.
    #[must_use]
    pub fn error(sentence: impl Into<String>) -> Self {
        Self { severity: Severity::Error, title: None, sentence: sentence.into() }
    }

    /// Makes a warning: the value looks wrong, but the service decides. Terraform shows only
    /// the first of several warnings with the same title, so each rule has its own.
    #[must_use]
    pub fn warning(title: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, title: Some(title.into()), sentence: sentence.into() }
    }

    pub(crate) fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    pub(crate) fn severity(&self) -> Severity {
        self.severity
    }

    pub(crate) fn sentence(&self) -> &str {
        &self.sentence
    }
}

type Rule = Arc<dyn Fn(&Value) -> Result<(), Violation> + Send + Sync>;

/// A rule for values that are known and not null.
#[derive(Clone)]
pub struct Validator(Rule);

impl Validator {
    /// Makes a rule over a value of any type.
    #[must_use]
    pub fn new(rule: impl Fn(&Value) -> Result<(), Violation> + Send + Sync + 'static) -> Self {
        Self(Arc::new(rule))
    }

    pub(crate) fn run(&self, value: &Value) -> Result<(), Violation> {
        (self.0)(value)
    }
}

impl fmt::Debug for Validator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Validator")
    }
}

/// Makes a rule over texts.
#[must_use]
pub fn rule(rule: impl Fn(&str) -> Result<(), Violation> + Send + Sync + 'static) -> Validator {
    Validator::new(move |value| value.as_str().map_or(Ok(()), &rule))
}

/// Requires a text of this many characters.
#[must_use]
pub fn length(characters: RangeInclusive<usize>) -> Validator {
    rule(move |text| {
        let count = text.chars().count();
        if characters.contains(&count) {
            return Ok(());
        }
        let (least, most) = (characters.start(), characters.end());
        Err(Violation::error(format!("must be {least} to {most} characters long; it has {count}")))
    })
}

/// Requires one of these texts.
#[must_use]
pub fn one_of<const N: usize>(words: [&'static str; N]) -> Validator {
    rule(move |text| {
        if words.contains(&text) {
            return Ok(());
        }
        Err(Violation::error(format!("must be one of {}", quoted_list(&words))))
    })
}

/// Requires a number from the start to the end of `range`, both included. Numbers are
/// compared exactly, with every digit.
#[must_use]
pub fn between<N: Into<Number>>(range: RangeInclusive<N>) -> Validator {
    let (least, most) = range.into_inner();
    let (least, most): (Number, Number) = (least.into(), most.into());
    Validator::new(move |value| match value.as_number() {
        Some(number) if *number < least || *number > most => {
            Err(Violation::error(format!("must be from {least} to {most}")))
        }
        _ => Ok(()),
    })
}

/// Requires a number without a fraction.
#[must_use]
pub fn whole() -> Validator {
    Validator::new(|value| match value.as_number() {
        Some(number) if !number.is_whole() => Err(Violation::error("must be a whole number")),
        _ => Ok(()),
    })
}

/// Requires at least this many elements of a list, set or map.
#[must_use]
pub fn min_items(least: usize) -> Validator {
    items(move |count| count >= least, format!("must have at least {least}"))
}

/// Allows at most this many elements of a list, set or map.
#[must_use]
pub fn max_items(most: usize) -> Validator {
    items(move |count| count <= most, format!("must have at most {most}"))
}

fn items(fits: impl Fn(usize) -> bool + Send + Sync + 'static, demand: String) -> Validator {
    Validator::new(move |value| {
        let list = value.as_list().map(<[Value]>::len);
        match list.or_else(|| value.as_map().map(BTreeMap::len)) {
            Some(count) if !fits(count) => {
                Err(Violation::error(format!("{demand} elements; it has {count}")))
            }
            _ => Ok(()),
        }
    })
}

fn quoted_list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn complaint(validator: &Validator, value: impl Into<Value>) -> String {
        let complaint = validator.run(&value.into()).err();
        complaint.map(|it| it.sentence().to_owned()).unwrap_or_default()
    }

    #[test]
    fn compares_numbers_exactly_and_includes_the_bounds() {
        let port = between(1..=65_535);
        for good in ["1", "65535", "1.5", "1e3"] {
            assert_eq!(complaint(&port, Number::parse(good).unwrap()), "", "{good}");
        }
        for bad in ["0", "-1", "65535.00000000000000000000000001", "0.9999999999999999999999"] {
            let said = complaint(&port, Number::parse(bad).unwrap());
            assert_eq!(said, "must be from 1 to 65535", "{bad}");
        }
        assert_eq!(complaint(&whole(), Number::parse("1.0").unwrap()), "");
        assert_eq!(complaint(&whole(), Number::parse("1.5").unwrap()), "must be a whole number");
    }

    #[test]
    fn counts_elements_of_lists_and_maps() {
        let two = || Value::list(["a", "b"]);
        assert_eq!(complaint(&min_items(2), two()), "");
        assert_eq!(complaint(&max_items(2), two()), "");
        assert_eq!(complaint(&min_items(3), two()), "must have at least 3 elements; it has 2");
        let map = Value::map([("a", 1), ("b", 2)]);
        assert_eq!(complaint(&max_items(1), map), "must have at most 1 elements; it has 2");
    }
}
