//! Which crate may depend on which.

use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;

use crate::assert_none;
use crate::tree::files;

/// The crates of the workspace that stand on nothing else of it.
const ALONE: [&str; 3] = ["tf-provider", "flink-client", "flink-emulator"];
const PROVIDER: &str = "terraform-provider-flink";

/// Crates from outside that only some of ours may use. deny.toml says the same
/// of the whole tree.
const RESERVED: [(&str, &[&str]); 6] = [
    ("axum", &["flink-emulator"]),
    ("rcgen", &["flink-emulator", "tf-provider"]),
    ("reqwest", &["flink-client", "xtask-opentofu"]),
    ("tonic", &["tf-provider"]),
    ("tonic-prost", &["tf-provider"]),
    ("tonic-prost-build", &["xtask-codegen"]),
];

/// A line of a manifest.
struct Dependency {
    of: String,
    on: String,
    /// Whether only tests see it.
    for_tests: bool,
}

/// All of them, as cargo reads the manifests.
static DEPENDENCIES: LazyLock<Vec<Dependency>> = LazyLock::new(|| {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(crate::tree::root())
        .output()
        .expect("cargo runs these tests");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let of_package = |package: Value| {
        let of = text(&package["name"]);
        list(&package["dependencies"]).into_iter().map(move |dependency| Dependency {
            of: of.clone(),
            on: text(&dependency["name"]),
            for_tests: dependency["kind"] == "dev",
        })
    };
    list(&metadata["packages"]).into_iter().flat_map(of_package).collect()
});

fn refused(is_refused: impl Fn(&Dependency) -> bool) -> Vec<String> {
    let dependencies = DEPENDENCIES.iter().filter(|each| is_refused(each));
    dependencies.map(|Dependency { of, on, .. }| format!("{of} depends on {on}")).collect()
}

fn is_ours(name: &str) -> bool {
    name == PROVIDER || is_xtask(name) || ALONE.contains(&name)
}

fn is_xtask(name: &str) -> bool {
    name == "xtask" || name.starts_with("xtask-")
}

#[test]
fn framework_client_and_emulator_know_nothing_of_each_other() {
    // A crate may test itself with its own features.
    let found = refused(|each| {
        ALONE.contains(&each.of.as_str()) && is_ours(&each.on) && each.on != each.of
    });
    assert_none("these crates stand alone", found);
}

#[test]
fn the_provider_stands_on_framework_and_client_only() {
    let found = refused(|each| {
        let allowed = ["tf-provider", "flink-client"].contains(&each.on.as_str());
        each.of == PROVIDER && is_ours(&each.on) && !allowed && !each.for_tests
    });
    assert_none("the provider depends on tf-provider and flink-client", found);
}

#[test]
fn the_front_of_xtask_is_compiled_alone() {
    // `cargo xtask --help` answers at once in a fresh checkout.
    assert_none("the package xtask depends on nothing", refused(|each| each.of == "xtask"));
}

#[test]
fn only_the_documentation_step_compiles_the_provider() {
    let found = refused(|each| {
        let allowed = match each.of.as_str() {
            "xtask-docs" => each.on != "flink-emulator",
            "xtask-demo" | "xtask-bench" => each.on == "flink-emulator",
            _ => false,
        };
        let is_product = each.on == PROVIDER || ALONE.contains(&each.on.as_str());
        is_xtask(&each.of) && is_product && !allowed
    });
    assert_none("steps run the provider, and only demo and bench run the emulator", found);
}

#[test]
fn reserved_crates_stay_with_their_users() {
    let found = refused(|each| {
        let reserved = RESERVED.iter().find(|(name, _)| *name == each.on);
        reserved.is_some_and(|(_, users)| !users.contains(&each.of.as_str()))
    });
    assert_none("these dependencies are reserved for other crates", found);
}

#[test]
fn every_crate_from_outside_comes_from_the_one_registry() {
    const REGISTRY: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    for path in ["Cargo.lock", "fuzz/Cargo.lock"] {
        let lock = files().find(|file| file.path == path).expect("a lock file is committed");
        let sources = lock.text.lines().filter(|line| line.starts_with("source = "));
        let found = sources.filter(|line| *line != REGISTRY).map(str::to_owned);
        assert_none(&format!("{path} names sources other than crates.io"), found);
    }
}
