//! Cargo, called from a program that Cargo itself runs.

use xtask_step::workspace;

use crate::Program;

/// Cargo in this checkout.
#[must_use]
pub fn cargo() -> Program {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    Program::new(cargo).without_env(describes_this_package).current_dir(workspace::root())
}

/// The cargo of a nightly compiler, in this checkout.
#[must_use]
pub fn nightly() -> Program {
    let rustup = Program::new("rustup").args(["run", "nightly", "cargo"]);
    rustup.without_env(describes_this_package).current_dir(workspace::root())
}

/// Returns true for the variables in which `cargo run` describes this package. A
/// build that saw them would differ from one started by hand, and each would undo
/// the other's work. The front, `xtask`, has the same rule.
fn describes_this_package(name: &str) -> bool {
    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}
