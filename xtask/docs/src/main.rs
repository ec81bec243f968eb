//! `cargo xtask docs`: the pages of the Terraform registry in `docs/`.
//!
//! A page is made of the schema that the provider serves, of the files in
//! `examples/` and, where there is something to explain, of prose in
//! `templates/`. The result is committed; `--check` fails where it is not what
//! would be written, and either way a file in `docs/` that nothing makes fails.
//!
//! Format: Terraform registry, "Provider Documentation"; the layout of pages,
//! examples and headings is that of terraform-plugin-docs.

mod credentials;
mod example;
mod page;
mod schema;
mod template;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use xtask_step::outcome::{self, Outcome, fail};
use xtask_step::{Arguments, workspace};

use self::page::Page;

fn main() -> ExitCode {
    outcome::exit_code(run())
}

/// Writes the pages, or with `--check` compares them.
fn run() -> Outcome {
    let mut arguments = Arguments::from_env();
    let check = arguments.contains("--check");
    xtask_step::finish(arguments)?;
    let pages = page::all()?;
    for Page { path, text } in &pages {
        workspace::write_or_compare(path, text, check, "docs")?;
    }
    let made: Vec<_> = pages.iter().map(|page| workspace::root().join(&page.path)).collect();
    for file in files_below(&workspace::root().join("docs"))? {
        if !made.contains(&file) {
            return fail(format!(
                "{} is a page of nothing that is served: delete it.",
                show(&file)
            ));
        }
    }
    Ok(())
}

/// All files below a folder, sorted; none where there is no such folder.
fn files_below(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    if !folder.exists() {
        return Ok(files);
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        match path.is_dir() {
            true => files.extend(files_below(&path)?),
            false => files.push(path),
        }
    }
    files.sort();
    Ok(files)
}

/// A path as it is written in messages: from the checkout's folder.
fn show(path: &Path) -> String {
    path.strip_prefix(workspace::root()).unwrap_or(path).display().to_string()
}
