//! The report of a panic on stderr.
//!
//! Terraform shows a plugin's stderr to the user only from a line on that begins with `panic: `, so
//! Rust's own words would be lost. The text is part of bug reports, and must not quote values: a
//! message that was put together at run time, as by `unwrap` on an error, may hold a password from
//! the configuration. So a message is shown only if it stands in the source as it is; otherwise the
//! location has to do, which leads to the same place in the source. Keeping a panic within its
//! request is not done here.

use std::any::Any;
use std::backtrace::Backtrace;
use std::fmt::{self, Display, Write};
use std::panic::{self, Location};
use std::thread;

use super::log;

/// In place of a message that was put together at run time.
const WITHHELD: &str = "message withheld, as it may quote a value of the configuration";

/// Replaces Rust's report of panics, for every thread.
pub(super) fn install_hook() {
    panic::set_hook(Box::new(|info| {
        let thread = thread::current();
        let report = Report {
            message: literal(info.payload()),
            location: info.location(),
            thread: thread.name(),
            backtrace: Backtrace::force_capture(),
        };
        // One write, so that lines of other threads do not come between.
        let mut text = String::new();
        let _ = write!(text, "{report}");
        log::plain(&text);
    }));
}

/// The message, if it is the same in every run of the program.
fn literal(payload: &dyn Any) -> Option<&'static str> {
    payload.downcast_ref::<&'static str>().copied()
}

struct Report<'a, B> {
    message: Option<&'static str>,
    location: Option<&'a Location<'a>>,
    thread: Option<&'a str>,
    backtrace: B,
}

impl<B: Display> Display for Report<'_, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "panic: {}", self.message.unwrap_or(WITHHELD))?;
        writeln!(f)?;
        if let Some(location) = self.location {
            writeln!(f, "location: {location}")?;
        }
        writeln!(f, "thread: {}", self.thread.unwrap_or("unnamed"))?;
        match self.backtrace.to_string().trim_end() {
            // Release builds are stripped, and a page of unknown frames is of no use.
            frames if !frames.contains("::") => writeln!(f, "no backtrace: no symbols"),
            frames => writeln!(f, "{frames}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The payload of a panic, without disturbing the hook of the test harness.
    fn payload(panicking: impl FnOnce() + panic::UnwindSafe) -> Box<dyn Any + Send> {
        panic::catch_unwind(panicking).unwrap_err()
    }

    #[test]
    fn shows_what_stands_in_the_source() {
        let payload = payload(|| panic!("the plan has a root"));
        assert_eq!(literal(payload.as_ref()), Some("the plan has a root"));
    }

    #[test]
    fn withholds_what_was_put_together_at_run_time() {
        let secret = std::hint::black_box("hunter2");
        let formatted = payload(move || panic!("cannot use {secret}"));
        assert_eq!(literal(formatted.as_ref()), None);
        let unwrapped = payload(move || {
            secret.parse::<u8>().map_err(|_| secret).unwrap();
        });
        assert_eq!(literal(unwrapped.as_ref()), None);
    }

    #[test]
    fn begins_the_way_terraform_looks_for() {
        let report = Report {
            message: None,
            location: Some(Location::caller()),
            thread: Some("worker"),
            backtrace: "  0: tf_provider::frame\n",
        };
        let text = report.to_string();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0], format!("panic: {WITHHELD}"));
        assert!(lines[2].starts_with("location: ") && lines[2].contains("panic.rs:"));
        assert_eq!(lines[3..], ["thread: worker", "  0: tf_provider::frame"]);
    }

    #[test]
    fn leaves_out_frames_without_names() {
        let backtrace = "  0: <unknown>\n  1: start_thread\n";
        let report = Report { message: Some("x"), location: None, thread: None, backtrace };
        assert!(!report.to_string().contains("<unknown>"));
    }
}
