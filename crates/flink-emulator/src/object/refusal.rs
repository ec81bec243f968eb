//! The reasons for which an object is not created or changed.
//!
//! Each reason has its status here. This file knows no noun.

use std::fmt;
use std::io;

use crate::error::Failure;

/// The error of a change to an object, such as a connection.
#[derive(Debug)]
pub struct Refusal {
    /// The kind of object, such as `connection`.
    noun: &'static str,
    reason: Reason,
}

/// The reason of a [`Refusal`].
#[derive(Debug)]
pub(crate) enum Reason {
    /// No object has the name.
    NotFound { name: String },
    /// Another object has the name.
    AlreadyExists { name: String },
    /// The object would break a rule.
    Invalid(Violation),
    /// The state file cannot be written, so nothing has changed.
    Unsaved(io::Error),
}

impl Refusal {
    pub(crate) fn new(noun: &'static str, reason: Reason) -> Self {
        Self { noun, reason }
    }

    pub(crate) fn not_found(noun: &'static str, name: &str) -> Self {
        Self::new(noun, Reason::NotFound { name: name.to_owned() })
    }

    /// Returns true if there is no object of the name.
    pub fn is_not_found(&self) -> bool {
        matches!(self.reason, Reason::NotFound { .. })
    }

    /// Returns true if another object has the name.
    pub fn is_already_exists(&self) -> bool {
        matches!(self.reason, Reason::AlreadyExists { .. })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noun = self.noun;
        match &self.reason {
            Reason::NotFound { name } => write!(f, "the {noun} '{name}' does not exist"),
            Reason::AlreadyExists { name } => write!(f, "the {noun} '{name}' already exists"),
            Reason::Invalid(violation) => violation.fmt(f),
            Reason::Unsaved(error) => write!(f, "the state file cannot be written: {error}"),
        }
    }
}

impl std::error::Error for Refusal {}

/// A rule that an object would break, and the field that breaks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    /// The field as a JSON pointer into the object.
    pub(crate) pointer: &'static str,
    pub(crate) detail: String,
}

impl Violation {
    pub(crate) fn new(pointer: &'static str, detail: impl Into<String>) -> Self {
        Self { pointer, detail: detail.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pointer, self.detail)
    }
}

impl From<Violation> for Failure {
    fn from(violation: Violation) -> Self {
        Self::invalid(violation.pointer, violation.detail)
    }
}

/// A refusal has the same message here as in the library.
impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let message = refusal.to_string();
        let mut detail = message.replacen("the ", "The ", 1);
        detail.push('.');
        match refusal.reason {
            Reason::NotFound { .. } => Self::not_found(detail),
            Reason::AlreadyExists { .. } => Self::already_exists(detail),
            Reason::Invalid(violation) => violation.into(),
            Reason::Unsaved(_) => Self::internal(detail),
        }
    }
}
