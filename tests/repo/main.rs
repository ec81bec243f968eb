//! The rules of this repository that a machine can hold.
//!
//! They stand in ARCHITECTURE.md with their reasons. A test here reads files as
//! text, asks cargo for the workspace's manifests, or runs the real command line
//! on the examples; it needs no network. A failure lists everything that breaks its rule,
//! with paths and lines.

/// The command line, as the acceptance tests run it.
#[expect(dead_code, reason = "no example is interrupted")]
#[path = "../acceptance/cli.rs"]
mod cli;

mod crates;
mod examples;
mod imports;
mod machine;
mod modules;
mod nouns;
mod promises;
mod shape;
mod tree;

/// Fails with everything that a rule has against the tree.
#[track_caller]
fn assert_none(rule: &str, found: impl IntoIterator<Item = String>) {
    let found: Vec<String> = found.into_iter().collect();
    assert!(found.is_empty(), "{rule}:\n  {}\n", found.join("\n  "));
}
