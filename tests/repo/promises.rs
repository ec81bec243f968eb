//! SECURITY.md names tests: each of them is there.

use crate::assert_none;
use crate::tree::{files, sources};

#[test]
fn every_test_that_security_names_exists() {
    let page = files().find(|file| file.path == "SECURITY.md").expect("SECURITY.md is there");
    let names: Vec<&str> = page.text.split('`').filter(|name| name.contains("::")).collect();
    let names: Vec<&str> = names.into_iter().filter(|name| !name.ends_with("::")).collect();
    assert!(names.len() > 30, "the page names tests: {names:?}");
    let lost = names.into_iter().filter(|name| !is_a_test(name));
    assert_none("SECURITY.md names tests that are not there", lost.map(str::to_owned));
}

/// Returns true if `module::tests::name`, as `cargo test` prints it, is a test of some
/// crate: in the module's file, or in the one of its tests.
fn is_a_test(name: &str) -> bool {
    let (module, function) = name.rsplit_once("::").unwrap_or(("", name));
    let module = module.replace("::", "/");
    let homes = [module.clone(), module.trim_end_matches("/tests").to_owned()];
    let homes = homes.map(|home| format!("/{home}.rs"));
    let mut candidates =
        sources().filter(|file| homes.iter().any(|home| file.path.ends_with(home)));
    candidates.any(|file| declares(&file.text, function))
}

/// Returns true if a test of this name is declared: right behind an attribute that makes
/// it one.
fn declares(text: &str, function: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
    let signatures = [format!("fn {function}("), format!("async fn {function}(")];
    lines.windows(2).any(|pair| {
        let is_attribute = pair[0].starts_with("#[test]") || pair[0].starts_with("#[tokio::test");
        is_attribute && signatures.iter().any(|signature| pair[1].starts_with(signature))
    })
}

#[test]
fn a_test_is_told_from_other_functions() {
    let text = "#[test]\nfn one() {}\n\n    #[tokio::test]\n    async fn two() {}\nfn three() {}\n";
    assert!(declares(text, "one") && declares(text, "two"));
    assert!(!declares(text, "three") && !declares(text, "on"));
}
