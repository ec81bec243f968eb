//! Planted secrets in every argument that takes one, and the search for them in all output.
//!
//! The table [`outputs::KEPT`] lists the outputs that may have secrets; all other outputs
//! must have none. `SECURITY.md` promises that and names these tests.

mod all_types;
mod echo;
mod misplaced;
mod outputs;
#[cfg(target_os = "linux")]
mod process;
pub(crate) mod search;
mod stored;
mod tokens;
