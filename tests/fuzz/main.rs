//! Replays the inputs of `fuzz/corpus/`, which has a folder for each target. Nothing here is
//! random, and no fuzzer is needed.

#[path = "../../fuzz/src/lib.rs"]
#[expect(unreachable_pub, reason = "the programs of the fuzzer see it from outside")]
mod fuzz;

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// The maximal size of an input, in bytes. Larger inputs are hard to read.
const LARGEST: usize = 64 << 10;

macro_rules! targets {
    ($($name:ident)*) => {
        /// The targets that are replayed.
        const TARGETS: &[&str] = &[$(stringify!($name)),*];

        $(#[test]
        fn $name() {
            replay(stringify!($name), fuzz::$name::run);
        })*
    };
}

targets! { api_answer duration grpc_call handshake import_id list_pages msgpack state_json }

/// Runs a target on its inputs, and names the inputs on which it fails.
fn replay(target: &str, run: fn(&[u8])) {
    let mut failed = Vec::new();
    let inputs = entries(&corpus().join(target));
    assert!(!inputs.is_empty(), "{target} has no corpus");
    for path in inputs {
        let input = fs::read(&path).expect("the corpus can be read");
        let fine = input.len() <= LARGEST && catch_unwind(AssertUnwindSafe(|| run(&input))).is_ok();
        if !fine {
            failed.push(path);
        }
    }
    assert!(failed.is_empty(), "{target} fails on {failed:#?}; the panics are above");
}

#[test]
fn every_target_of_the_fuzzer_is_replayed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let expected: BTreeSet<String> = TARGETS.iter().map(|&name| name.to_owned()).collect();
    let stems = |folder: &str| -> BTreeSet<String> {
        let paths = entries(&root.join(folder)).into_iter();
        paths.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect()
    };
    assert_eq!(stems("corpus"), expected);
    assert_eq!(stems("fuzz_targets"), expected);
    let manifest = fs::read_to_string(root.join("Cargo.toml")).expect("there is a manifest");
    for name in expected {
        assert!(manifest.contains(&format!("\nname = \"{name}\"\n")), "{name} is no binary");
    }
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join("corpus")
}

/// The entries of a folder, sorted.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> =
        entries.map(|entry| entry.expect("the folder can be read").path()).collect();
    paths.sort();
    paths
}
