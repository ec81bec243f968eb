//! The examples that the documentation shows: each one can be used as it is.

use std::fs;
use std::path::{Path, PathBuf};

use crate::scenario::Scenario;
use crate::world::World;

/// The examples of this kind, such as `resources/flink_connection`, whose names
/// begin with `prefix`.
fn examples(kind: &str, prefix: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(kind);
    let entries = fs::read_dir(&folder).expect("there are examples");
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.expect("it can be read").path()).collect();
    files.retain(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(prefix) && name.ends_with(".tf")
    });
    assert!(!files.is_empty(), "no {prefix}*.tf in {}", folder.display());
    files
}

/// A world with this example, and with a value for each of its variables.
async fn world_of(file: &Path) -> World {
    let example = fs::read_to_string(file).expect("an example can be read");
    let variables =
        example.lines().filter_map(|line| line.strip_prefix("variable \"")?.split('"').next());
    let with_value = |scenario: Scenario, name: &str| {
        scenario.with(&format!("TF_VAR_{name}"), r#"{"type": "service_account"}"#)
    };
    variables.fold(Scenario::new(&example), with_value).await
}

#[tokio::test]
async fn every_example_of_a_connection_can_be_applied_as_it_is() {
    for file in examples("resources/flink_connection", "resource") {
        let world = world_of(&file).await;
        let types = vec!["NEWER_SERVICE".to_owned()];
        world.emulator.settings(|settings| settings.extra_connection_types = types);
        world.apply().await;
        assert!(!world.emulator.all_connections().is_empty(), "{}", file.display());
        world.plan().await.is_empty();
    }
}

#[tokio::test]
async fn every_example_of_the_provider_block_is_valid() {
    for file in examples("provider", "provider") {
        world_of(&file).await.validate().await.succeeds().warns_of_nothing();
    }
}
