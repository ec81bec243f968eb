//! How a step of the development loop ends: well, or with a sentence that says
//! what to do.

use std::error::Error;

/// The result of a step.
pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// Ends the step with a sentence for the person at the terminal.
pub(crate) fn fail<T>(sentence: impl Into<String>) -> Outcome<T> {
    Err(sentence.into().into())
}
