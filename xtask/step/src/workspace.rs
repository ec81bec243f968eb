//! The folders of the checkout, and generated files.

use std::fs;
use std::path::{Path, PathBuf};

use crate::outcome::{Outcome, fail};

/// The folder of the checkout.
#[must_use]
pub fn root() -> PathBuf {
    // This package is two folders below it.
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().nth(2).unwrap_or(package).to_owned()
}

/// Creates an empty folder below `target/` for the files of a step.
pub fn scratch(step: &str) -> Outcome<PathBuf> {
    emptied(&format!("xtask/{step}"))
}

/// Creates an empty folder below `target/`; removes the files of an earlier run.
pub fn emptied(path: &str) -> Outcome<PathBuf> {
    let folder = root().join("target").join(path);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Writes `content` to `path` below the checkout. With `check`, writes nothing and
/// fails if the file differs.
pub fn write_or_compare(path: &str, content: &str, check: bool, step: &str) -> Outcome {
    let file = root().join(path);
    let committed = fs::read_to_string(&file).unwrap_or_default();
    if committed == content {
        return Ok(());
    }
    if check {
        return fail(format!(
            "{path} is out of date: run `cargo xtask {step}` and commit what it writes."
        ));
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&file, content)?;
    Ok(())
}
