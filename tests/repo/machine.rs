//! Nothing in the tree depends on the machine it was written on.

use crate::assert_none;
use crate::tree::files;

/// Folders at the root of a machine. Spelled without slashes here, so that this
/// file is none of the places it looks for.
const FOLDERS: [&str; 5] = ["work", "root", "home", "Users", "mnt"];

/// Hosts of package registries, in parts for the same reason: which one a
/// machine uses is its own business.
const REGISTRIES: [[&str; 3]; 6] = [
    ["index", "crates", "io"],
    ["static", "crates", "io"],
    ["registry", "npmjs", "org"],
    ["proxy", "golang", "org"],
    ["files", "pythonhosted", "org"],
    ["www", "pypi", "org"],
];

#[test]
fn no_file_names_a_folder_of_a_machine() {
    let roots = FOLDERS.map(|name| format!("/{name}/"));
    assert_none("paths of a machine", lines_with(&roots));
}

#[test]
fn no_file_names_the_host_of_a_registry() {
    let hosts = REGISTRIES.map(|parts| parts.join("."));
    assert_none("hosts of package registries", lines_with(&hosts));
}

fn lines_with(texts: &[String]) -> Vec<String> {
    let lines = files().flat_map(|file| {
        file.text.lines().zip(1..).map(move |(line, number)| (file, number, line))
    });
    let hits = lines.filter(|(_, _, line)| texts.iter().any(|text| line.contains(text)));
    hits.map(|(file, number, line)| format!("{}:{number}: {}", file.path, line.trim())).collect()
}
