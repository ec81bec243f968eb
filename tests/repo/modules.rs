//! The modules and the process: which module may use which part.

use crate::assert_none;
use crate::nouns::nouns;
use crate::tree::{File, sources};

const FRAMEWORK: &str = "crates/tf-provider/src/";

/// The framework's sources outside of one module.
fn framework_without(module: &str) -> impl Iterator<Item = &'static File> {
    let own = [format!("{FRAMEWORK}{module}.rs"), format!("{FRAMEWORK}{module}/")];
    sources().filter(move |file| {
        file.path.starts_with(FRAMEWORK) && !own.iter().any(|each| file.path.starts_with(each))
    })
}

#[test]
fn only_proto_names_generated_types() {
    let named = ["generated::", "mod generated"];
    let found = framework_without("proto").flat_map(|file| file.places_of(&named));
    assert_none("generated types leave `proto`", found);
}

#[test]
fn only_plugin_reads_the_environment_and_writes_to_stdout() {
    let named = [
        "std::env",
        "env::var",
        "env::args",
        "stdout",
        "println!",
        "print!(",
        "std::process::exit",
    ];
    let found = framework_without("plugin").flat_map(|file| file.places_of(&named));
    assert_none("the process is the business of `plugin`", found);
}

#[test]
fn only_the_list_of_what_is_served_knows_nouns() {
    let nouns = nouns();
    assert!(!nouns.is_empty(), "there is at least one noun");
    let found = provider_sources().flat_map(|file| {
        let own = |noun: &&String| {
            let below = file.path.strip_prefix("src/").and_then(|path| path.strip_prefix(&***noun));
            below.is_some_and(|rest| rest.starts_with(['/', '.']))
        };
        let named = nouns.iter().filter(|noun| !own(noun)).map(|noun| format!("crate::{noun}"));
        let named: Vec<String> = named.collect();
        file.places_of(&named.iter().map(String::as_str).collect::<Vec<_>>())
    });
    assert_none("nouns do not import nouns, and what stands below imports none", found);
}

/// The provider's sources but for the two that list what is served.
fn provider_sources() -> impl Iterator<Item = &'static File> {
    sources().filter(|file| {
        file.path.starts_with("src/")
            && !["src/lib.rs", "src/provider.rs"].contains(&file.path.as_str())
    })
}

#[test]
fn the_source_address_is_written_once() {
    const ADDRESS: &str = terraform_provider_flink::ADDRESS;
    let places = sources().filter(|file| file.path.starts_with("src/"));
    let places: Vec<String> = places.flat_map(|file| file.places_of(&[ADDRESS])).collect();
    let [place] = places.as_slice() else {
        panic!("{ADDRESS} stands in more than one place, or in none: {places:#?}");
    };
    assert!(place.starts_with("src/provider.rs:"), "{place}");
}
