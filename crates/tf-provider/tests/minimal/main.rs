//! The providers of `examples/`, run by the real CLI.
//!
//! It needs `terraform` or `tofu`, on `PATH` or as `TF_ACC_TERRAFORM_PATH` says,
//! and fails with the reason where there is none.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

mod cli;
mod panics;
#[cfg(target_os = "linux")]
mod process;

use std::fs;

use self::cli::{Changes, Workspace};

const NOTE: &str = r#"resource "notebook_note" "a" {
  title = "list"
  text  = "milk"
}
"#;

/// A workspace for the provider of the crate's documentation.
fn notebook() -> Workspace {
    Workspace::new("minimal", "notebook")
}

fn write(workspace: &Workspace, resources: &str) {
    workspace.write(&format!("  folder = {:?}", workspace.folder()), resources);
}

#[test]
fn the_documented_provider_lives_a_life_with_the_real_cli() {
    let workspace = notebook();
    let note = workspace.folder().join("list.txt");
    write(&workspace, NOTE);
    assert_eq!(workspace.plan(), Changes::Some);

    workspace.apply();
    assert_eq!(fs::read_to_string(&note).unwrap(), "milk");
    assert_eq!(workspace.plan(), Changes::None);

    write(&workspace, &NOTE.replace("milk", "milk and bread"));
    workspace.apply();
    assert_eq!(fs::read_to_string(&note).unwrap(), "milk and bread");

    fs::write(&note, "changed by hand").unwrap();
    assert_eq!(workspace.plan(), Changes::Some);
    fs::remove_file(&note).unwrap();
    assert_eq!(workspace.plan(), Changes::Some);

    workspace.apply();
    workspace.destroy();
    assert!(!note.exists());
}

#[test]
fn the_documented_provider_imports_what_is_there() {
    let workspace = notebook();
    fs::write(workspace.folder().join("list.txt"), "milk").unwrap();
    write(&workspace, NOTE);
    workspace.run(&["import", "notebook_note.a", "list"]);
    assert_eq!(workspace.plan(), Changes::None);
}

#[test]
fn the_documented_provider_reads_a_data_source() {
    const TITLES: &str = r#"data "notebook_titles" "all" {
  depends_on = [notebook_note.a]
}

output "titles" {
  value = data.notebook_titles.all.titles
  precondition {
    condition     = data.notebook_titles.all.titles == tolist(["list", "other"])
    error_message = "The titles are those of the folder."
  }
}
"#;
    let workspace = notebook();
    fs::write(workspace.folder().join("other.txt"), "").unwrap();
    write(&workspace, &format!("{NOTE}\n{TITLES}"));
    workspace.apply();
    assert_eq!(workspace.plan(), Changes::None);
}
