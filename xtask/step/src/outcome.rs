//! How a step ends: well, or with a sentence that says what to do.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

use crate::console;

/// The result of a step.
pub type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// The exit code that a shell reports of a program ended by Ctrl-C.
const ENDED_BY_INTERRUPT: u8 = 130;

/// The exit code for a command line that makes no sense.
const WRONG_USAGE: u8 = 2;

/// Ends the step with a sentence for the person at the terminal.
pub fn fail<T>(sentence: impl Into<String>) -> Outcome<T> {
    Err(sentence.into().into())
}

/// Ends the step because of its arguments.
pub fn fail_usage<T>(sentence: impl Into<String>) -> Outcome<T> {
    Err(WrongUsage(sentence.into()).into())
}

/// Prints why the step ends, if it does not end well, and returns its exit code.
#[must_use]
pub fn exit_code(outcome: Outcome) -> ExitCode {
    let Err(error) = outcome else { return ExitCode::SUCCESS };
    console::error(&error.to_string());
    code_of(&*error).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// The exit code of errors that have one of their own.
fn code_of(error: &(dyn Error + 'static)) -> Option<u8> {
    let is_usage = error.is::<WrongUsage>() || error.is::<pico_args::Error>();
    match is_usage {
        true => Some(WRONG_USAGE),
        false => error.is::<Interrupted>().then_some(ENDED_BY_INTERRUPT),
    }
}

/// The step ends because it was asked to.
#[derive(Debug)]
pub struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("interrupted")
    }
}

impl Error for Interrupted {}

/// The arguments make no sense.
#[derive(Debug)]
struct WrongUsage(String);

impl fmt::Display for WrongUsage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for WrongUsage {}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(outcome: Outcome) -> Option<u8> {
        code_of(&*outcome.unwrap_err())
    }

    #[test]
    fn interrupts_and_wrong_arguments_have_exit_codes_of_their_own() {
        assert_eq!(code(fail("broken")), None);
        assert_eq!(code(Err(Interrupted.into())), Some(130));
        assert_eq!(code(fail_usage("no such option")), Some(2));
        let mut arguments = pico_args::Arguments::from_vec(vec!["--seconds".into(), "x".into()]);
        let parsed = arguments.value_from_str::<_, u32>("--seconds");
        assert_eq!(code(parsed.map(drop).map_err(Into::into)), Some(2));
    }
}
