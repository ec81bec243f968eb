//! Secrets that are recognised in any output, planted in every place where one can
//! be given.
//!
//! The table [`outputs::KEPT`] says which output may hold which secrets; every other
//! output has to be free of them. `SECURITY.md` promises that and names these tests.

mod all_types;
mod echo;
mod misplaced;
mod outputs;
#[cfg(target_os = "linux")]
mod process;
pub(crate) mod search;
mod stored;
mod tokens;
