//! The chain of an error's causes, and their messages as one text.

use std::error::Error;
use std::io;
use std::iter::successors;

/// Returns an error and its causes, the outermost first.
pub(super) fn causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    successors(Some(error), |error| cause(*error))
}

fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>() {
        // Its source is that of the error it carries, not that error.
        Some(error) => error.get_ref().map(|carried| carried as _),
        None => error.source(),
    }
}

/// The messages of an error and its causes, without repetition.
pub(super) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = String::new();
    for cause in causes(error) {
        let message = cause.to_string();
        if text.contains(&message) {
            continue;
        }
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&message);
    }
    text
}
