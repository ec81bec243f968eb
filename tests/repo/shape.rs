//! The shape of files, functions and folders.
//!
//! The numbers are there to start a thought. Where one is wrong for a file, the
//! file goes into the list of exceptions, with the reason.

use std::collections::BTreeMap;

use crate::assert_none;
use crate::tree::{File, sources};

const LONGEST_FILE: usize = 700;
const LONGEST_FUNCTION: usize = 80;
const MOST_FILES: usize = 20;
const DEEPEST: usize = 3;

/// Names that say nothing of what a module is for.
const VAGUE: [&str; 8] =
    ["common", "constants", "helper", "helpers", "misc", "shared", "util", "utils"];

/// Paths that a budget does not hold for, with the reason.
const EXCEPTIONS: [(&str, &str); 0] = [];

fn is_excepted(path: &str) -> bool {
    EXCEPTIONS.iter().any(|(excepted, _)| *excepted == path)
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent = sources().filter(|file| !file.text.starts_with("//! "));
    assert_none("a source opens with `//!`", silent.map(|file| file.path.clone()));
}

#[test]
fn files_stay_short() {
    let count = |file: &File| file.text.lines().count();
    let long = sources().filter(|file| count(file) > LONGEST_FILE && !is_excepted(&file.path));
    let found = long.map(|file| format!("{}: {} lines", file.path, count(file)));
    assert_none(&format!("a file has at most {LONGEST_FILE} lines"), found);
}

#[test]
fn functions_stay_short() {
    let found = sources().filter(|file| !is_excepted(&file.path)).flat_map(|file| {
        let long = functions(file).into_iter().filter(|each| each.lines > LONGEST_FUNCTION);
        long.map(|each| format!("{}:{}: {} lines", file.path, each.line, each.lines))
    });
    assert_none(&format!("a function has at most {LONGEST_FUNCTION} lines"), found);
}

/// The first line of a function and its length in lines.
#[derive(Debug, PartialEq, Eq)]
struct Function {
    line: usize,
    lines: usize,
}

/// The functions of a file that rustfmt has seen: one ends at the first brace
/// that stands as far left as it began.
fn functions(file: &File) -> Vec<Function> {
    let lines: Vec<&str> = file.text.lines().collect();
    let begins = lines.iter().enumerate().filter(|(_, line)| is_function(line.trim_start()));
    let with_end = begins.filter_map(|(start, line)| {
        let indent = line.len() - line.trim_start().len();
        let end = format!("{}}}", " ".repeat(indent));
        let signature_ends = |line: &&str| line.ends_with(['{', ';', '}']);
        let signature = lines[start..].iter().position(|line| signature_ends(&line.trim_end()))?;
        let rest = &lines[start + signature..];
        let length = match rest.first()?.ends_with('{') {
            true => rest.iter().position(|line| **line == end)? + 1,
            false => 1,
        };
        Some(Function { line: start + 1, lines: signature + length })
    });
    with_end.collect()
}

/// Returns true if a line begins a function: nothing but qualifiers stands before `fn`.
fn is_function(line: &str) -> bool {
    const QUALIFIERS: [&str; 5] = ["pub", "const", "async", "unsafe", "extern"];
    line.split_once("fn ").is_some_and(|(before, _)| {
        let mut words = before.split_whitespace();
        words.all(|word| word.starts_with("pub(") || QUALIFIERS.contains(&word))
    })
}

#[test]
fn functions_are_measured_from_signature_to_brace() {
    let text = "//! x\nfn a() {\n    b();\n}\n\npub(crate) async fn c(\n    d: u8,\n) -> u8 {\n    \
                if d {\n    }\n}\n\ntrait E {\n    fn f();\n    const fn g() {}\n}\n";
    let file = File { path: String::new(), text: text.to_owned() };
    let expected = [(2, 3), (6, 6), (14, 1), (15, 1)];
    assert_eq!(functions(&file), expected.map(|(line, lines)| Function { line, lines }));
}

#[test]
fn folders_stay_small_and_flat() {
    let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for file in sources() {
        let (folder, _) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        *folders.entry(folder).or_default() += 1;
        if depth(folder) > DEEPEST && !is_excepted(&file.path) {
            found.push(format!("{}: more than {DEEPEST} folders deep", file.path));
        }
    }
    let full =
        folders.into_iter().filter(|(folder, count)| *count > MOST_FILES && !is_excepted(folder));
    found.extend(full.map(|(folder, count)| format!("{folder}: {count} files")));
    assert_none(&format!("a folder has at most {MOST_FILES} files, {DEEPEST} below src"), found);
}

/// The number of folders between a crate's `src` or `tests` and its files.
fn depth(folder: &str) -> usize {
    let mut parts = folder.split('/').skip_while(|part| !["src", "tests"].contains(part));
    parts.next();
    parts.count()
}

#[test]
fn modules_have_names_that_say_something() {
    let found = sources().filter(|file| {
        let path = file.path.trim_end_matches(".rs");
        path.ends_with("/mod") || path.split('/').any(|part| VAGUE.contains(&part))
    });
    let found = found.map(|file| file.path.clone());
    assert_none("no mod.rs, and no module is a drawer for everything", found);
}
