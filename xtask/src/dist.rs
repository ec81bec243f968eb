//! `cargo xtask dist`.

use crate::outcome::{Outcome, fail};

pub(crate) fn run() -> Outcome {
    fail("not there yet")
}
