//! The cost of a noun in lines, crate by crate, and its limits.
//!
//! `cargo test --test repo cost -- --nocapture` prints it.

use std::collections::BTreeSet;

use crate::assert_none;
use crate::tree::{File, sources};

/// The most lines of a data source.
const DATA_SOURCE: usize = 100;

/// The most lines of a noun in a crate, without tests.
const LIMITS: [(&str, usize); 3] =
    [("src/", 200), ("crates/flink-client/src/api/", 120), ("crates/flink-emulator/src/", 150)];

/// Nouns that have more to say than their fields, with the reason.
const EXCEPTIONS: [(&str, &str); 1] =
    [("connection", "the table of 19 types and 18 keys, and the drift of credentials")];

#[test]
fn the_cost_of_a_noun_stays_below_its_limits() {
    let mut found = Vec::new();
    println!("{:<14}{:>10}{:>8}{:>10}", "lines of", "provider", "client", "emulator");
    for noun in nouns() {
        let costs = LIMITS.map(|(folder, limit)| (folder, limit, cost(folder, &noun)));
        let [provider, client, emulator] = costs.map(|(_, _, lines)| lines);
        println!("{noun:<14}{provider:>10}{client:>8}{emulator:>10}");
        let is_excepted = EXCEPTIONS.iter().any(|(name, _)| *name == noun);
        for (folder, limit, lines) in costs {
            if lines > limit && !is_excepted {
                found.push(format!("{noun}: {lines} lines below {folder}, more than {limit}"));
            }
        }
    }
    assert_none("a noun costs a folder", found);
}

#[test]
fn a_data_source_is_one_short_file() {
    let long = sources().filter(|file| {
        file.path.starts_with("src/")
            && file.path.ends_with("data_source.rs")
            && lines(file) > DATA_SOURCE
    });
    let found = long.map(|file| format!("{}: {} lines", file.path, lines(file)));
    assert_none(&format!("a data source has at most {DATA_SOURCE} lines"), found);
}

/// The nouns of the provider: the modules that serve a resource or a data source.
pub(crate) fn nouns() -> BTreeSet<String> {
    let served = ["resource", "data_source", "list_data_source"];
    let noun = |file: &'static File| {
        let (noun, module) =
            file.path.strip_prefix("src/")?.strip_suffix(".rs")?.split_once('/')?;
        served.contains(&module).then(|| noun.to_owned())
    };
    sources().filter_map(noun).collect()
}

/// The lines of a noun below a folder: its file and the files of its folder. The emulator
/// keeps nouns of the control plane in a folder of their own.
fn cost(folder: &str, noun: &str) -> usize {
    let is_own = |file: &&File| {
        let below = file.path.strip_prefix(folder).unwrap_or_default();
        let below = below.strip_prefix("control_plane/").unwrap_or(below);
        below.strip_prefix(noun).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
    };
    let files = sources().filter(is_own);
    files.filter(|file| !file.path.contains("tests")).map(lines).sum()
}

/// The lines of a file without its unit tests.
fn lines(file: &File) -> usize {
    file.text.lines().take_while(|line| *line != "#[cfg(test)]").count()
}
