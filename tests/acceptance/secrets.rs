//! Secrets that are recognised wherever they come out, planted in every place
//! where one can be given.
//!
//! What may come out where is a table, [`outputs::KEPT`]; everything else has to
//! be free of them. `SECURITY.md` makes promises of it and names these tests.

mod echo;
mod estate;
mod misplaced;
mod outputs;
#[cfg(target_os = "linux")]
mod process;
mod search;
mod stored;
mod tokens;
