//! The result of a step, its message and its exit code.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

use crate::console;

/// The result of a step. The text of an error says what to do next.
pub type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// The exit code that a shell reports for a program that Ctrl-C ended.
const EXIT_INTERRUPTED: u8 = 130;

/// The exit code for an invalid command line.
const EXIT_USAGE: u8 = 2;

/// An error that has an exit code of its own.
#[derive(Debug)]
enum Failure {
    Interrupted,
    Usage(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Interrupted => f.write_str("interrupted"),
            Self::Usage(text) => f.write_str(text),
        }
    }
}

impl Error for Failure {}

/// Fails the step with a message.
pub fn fail<T>(message: impl Into<String>) -> Outcome<T> {
    Err(message.into().into())
}

/// Fails the step because its arguments are invalid.
pub fn fail_usage<T>(message: impl Into<String>) -> Outcome<T> {
    Err(Failure::Usage(message.into()).into())
}

/// The error of a step that a signal ended.
#[must_use]
pub fn interrupted() -> Box<dyn Error> {
    Failure::Interrupted.into()
}

/// Returns true if a signal ended the step.
#[must_use]
pub fn is_interrupted(error: &(dyn Error + 'static)) -> bool {
    matches!(error.downcast_ref(), Some(Failure::Interrupted))
}

/// Prints the error of a failed step and returns the exit code.
#[must_use]
pub fn exit_code(outcome: Outcome) -> ExitCode {
    let Err(error) = outcome else { return ExitCode::SUCCESS };
    console::error(&error.to_string());
    code_of(&*error).map_or(ExitCode::FAILURE, ExitCode::from)
}

fn code_of(error: &(dyn Error + 'static)) -> Option<u8> {
    match error.downcast_ref() {
        Some(Failure::Interrupted) => Some(EXIT_INTERRUPTED),
        Some(Failure::Usage(_)) => Some(EXIT_USAGE),
        None => error.is::<pico_args::Error>().then_some(EXIT_USAGE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(outcome: Outcome) -> Option<u8> {
        code_of(&*outcome.unwrap_err())
    }

    #[test]
    fn interrupts_and_invalid_arguments_have_exit_codes_of_their_own() {
        assert_eq!(code(fail("broken")), None);
        assert_eq!(code(Err(interrupted())), Some(130));
        assert_eq!(code(fail_usage("no such option")), Some(2));
        let mut arguments = pico_args::Arguments::from_vec(vec!["--seconds".into(), "x".into()]);
        let parsed = arguments.value_from_str::<_, u32>("--seconds");
        assert_eq!(code(parsed.map(drop).map_err(Into::into)), Some(2));
    }
}
