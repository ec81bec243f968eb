//! Panics of handlers: the log has the place, and no value.

use crate::cli::Workspace;

/// Begins with a character of two bytes, for a panic about cutting it in two.
const PASSWORD: &str = "\u{e9}planted-in-a-panic";

/// The part of it that no message may show.
const CORE: &str = "planted-in-a-panic";

#[test]
fn a_panic_in_any_handler_shows_where_it_happened_and_no_value() {
    for (handler, attribute, steps) in [
        ("check", "password_wo", &["validate"][..]),
        ("plan", "password_wo", &["plan"]),
        ("create", "password_wo", &["apply -auto-approve"]),
        ("read", "password", &["apply -auto-approve", "plan"]),
        ("delete", "password", &["apply -auto-approve", "destroy -auto-approve -refresh=false"]),
    ] {
        let workspace = Workspace::new("faulty", "faulty");
        workspace.write("", &thing(handler, attribute));
        panics_at_the_last(&workspace, steps);
    }
}

#[test]
fn a_panic_in_an_update_shows_where_it_happened_and_no_value() {
    let workspace = Workspace::new("faulty", "faulty");
    workspace.write("", &thing("none", "password"));
    workspace.run(&["apply", "-auto-approve"]);
    workspace.write("", &thing("update", "password"));
    panics_at_the_last(&workspace, &["apply -auto-approve -refresh=false"]);
}

#[test]
fn a_panic_while_configuring_shows_where_it_happened_and_no_value() {
    let workspace = Workspace::new("faulty", "faulty");
    let arguments = format!("  bug = \"configure\"\n  password = {PASSWORD:?}");
    workspace.write(&arguments, &thing("none", "password"));
    panics_at_the_last(&workspace, &["plan"]);
}

fn thing(bug: &str, attribute: &str) -> String {
    format!(
        "resource \"faulty_thing\" \"a\" {{\n  bug = {bug:?}\n  {attribute} = {PASSWORD:?}\n}}\n"
    )
}

/// Runs the steps, of which the last one meets the bug.
fn panics_at_the_last(workspace: &Workspace, steps: &[&str]) {
    let (last, first) = steps.split_last().unwrap();
    for step in first {
        workspace.run(&words(step));
    }
    let said = workspace.run_expecting_error(&words(last));
    let log = workspace.log();
    assert!(said.contains("This is a bug in the provider"), "{last}: {said}");
    for text in [&said, &log] {
        assert!(!text.contains(CORE), "{last} shows the password: {text}");
    }
    assert!(log.contains("panic: message withheld"), "{last}: {log}");
    assert!(log.contains("examples/faulty.rs:"), "{last}: {log}");
}

fn words(line: &str) -> Vec<&str> {
    line.split(' ').collect()
}
