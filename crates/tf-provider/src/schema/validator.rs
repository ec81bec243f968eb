//! Rules for one value.
//!
//! A rule says what a value must be. What it is, nobody says: the configuration
//! may have marked it as sensitive.

use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::diagnostics::Severity;
use crate::value::Value;

/// What a rule has against a value: a sentence that begins with "must" or
/// "should" and never quotes the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    severity: Severity,
    title: Option<String>,
    sentence: String,
}

impl Violation {
    /// The value cannot be used.
    #[must_use]
    pub fn error(sentence: impl Into<String>) -> Self {
        Self { severity: Severity::Error, title: None, sentence: sentence.into() }
    }

    /// The value looks wrong, but the service decides. Terraform shows only the first of
    /// several warnings with the same title, so each rule has its own.
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
    /// A rule over a value of any type.
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

/// A rule over texts.
#[must_use]
pub fn rule(rule: impl Fn(&str) -> Result<(), Violation> + Send + Sync + 'static) -> Validator {
    Validator::new(move |value| value.as_str().map_or(Ok(()), &rule))
}

/// The number of characters a text must have.
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

/// The texts of which a value must be one.
#[must_use]
pub fn one_of<const N: usize>(words: [&'static str; N]) -> Validator {
    rule(move |text| {
        if words.contains(&text) {
            return Ok(());
        }
        Err(Violation::error(format!("must be one of {}", quoted_list(&words))))
    })
}

fn quoted_list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    quoted.join(", ")
}
