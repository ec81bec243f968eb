//! Examples are formatted, valid, free of warnings and free of secrets.
//!
//! They are checked with the real command line and with the provider of this
//! build, as a user would.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;
use terraform_provider_flink::{credentials, provider};

use crate::tree::{File, files, root};
use crate::{assert_none, cli};

/// The block that most examples leave to their reader.
const VERSIONS: &str = "terraform {\n  required_providers {\n    flink = {\n      \
                        source = \"flink-iac/flink\"\n    }\n  }\n}\n";

/// Warnings that an example is about: the file and the warning's summary.
const WANTED: [(&str, &str); 1] =
    [("examples/resources/flink_connection/resource_unknown_type.tf", "Unknown connection type")];

/// The example that import examples import into.
const IMPORTED: &str = "examples/resources/flink_connection/resource.tf";

#[tokio::test]
async fn every_example_is_formatted() {
    let home = TempDir::new().expect("there is a place for temporary files");
    let arguments = ["fmt", "-check", "-diff", "-recursive", "examples"];
    let run = cli::start(root(), home.path(), &variables(home.path()), &arguments).finish().await;
    assert!(run.status.success(), "{}", run.shown());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_example_is_valid_and_causes_no_warnings() {
    let runs: Vec<_> = pages().map(|file| (file, tokio::spawn(validate(file)))).collect();
    assert!(!runs.is_empty(), "there are examples");
    let mut found = Vec::new();
    for (file, run) in runs {
        let messages = run.await.expect("a validation does not panic");
        let wanted = WANTED.iter().filter(|(path, _)| *path == file.path);
        let wanted: BTreeSet<&str> = wanted.map(|(_, summary)| *summary).collect();
        for summary in &wanted {
            if !messages.iter().any(|each| each.starts_with(summary)) {
                found.push(format!("{}: does not cause \"{summary}\"", file.path));
            }
        }
        let unwanted =
            messages.iter().filter(|each| !wanted.iter().any(|one| each.starts_with(one)));
        found.extend(unwanted.map(|each| format!("{}: {each}", file.path)));
    }
    assert_none("examples with errors or warnings", found);
}

/// The examples that stand on pages of the registry.
fn pages() -> impl Iterator<Item = &'static File> {
    let shown = ["examples/provider/", "examples/resources/", "examples/data-sources/"];
    files().filter(move |file| {
        file.path.ends_with(".tf") && shown.iter().any(|folder| file.path.starts_with(folder))
    })
}

/// The messages of the command line about an example: summary and detail of each.
async fn validate(example: &'static File) -> Vec<String> {
    let folder = TempDir::new().expect("there is a place for temporary files");
    let work = folder.path().join("work");
    fs::create_dir(&work).expect("the folder is the test's own");
    let write = |name: &str, text: &str| {
        fs::write(work.join(name), text).expect("the folder is the test's own");
    };
    write("example.tf", &example.text);
    if example.path.contains("/import") {
        let imported = files().find(|file| file.path == IMPORTED);
        write("imported.tf", &imported.expect("there is something to import").text);
    } else if !example.text.contains("required_providers") {
        write("versions.tf", VERSIONS);
    }
    let variables = variables(folder.path());
    let run = cli::start(&work, folder.path(), &variables, &["validate", "-json"]).finish().await;
    let answer: Value = serde_json::from_str(&run.stdout)
        .unwrap_or_else(|error| panic!("{}: {error}\n{}", example.path, run.shown()));
    let messages = answer["diagnostics"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    messages
        .iter()
        .map(|each| format!("{}: {}", text(&each["summary"]), text(&each["detail"])))
        .filter(|each| !each.contains("development overrides"))
        .collect()
}

/// The environment of a run: this build's provider, and nothing is asked of the
/// network.
fn variables(home: &Path) -> BTreeMap<String, String> {
    let config = home.join("cli.tfrc");
    fs::write(&config, cli::configuration()).expect("the folder is the test's own");
    [
        ("TF_CLI_CONFIG_FILE".to_owned(), config.to_string_lossy().into_owned()),
        ("CHECKPOINT_DISABLE".to_owned(), "1".to_owned()),
    ]
    .into()
}

/// Keys of credentials whose values are no secrets by themselves.
const OPEN_KEYS: [&str; 3] = ["auth_type", "scope", "token_endpoint"];

#[test]
fn no_example_shows_a_secret() {
    let secrets = secret_names();
    assert!(secrets.contains("api_key") && secrets.contains("flink_api_secret"), "{secrets:?}");
    let found = pages().flat_map(|file| {
        let lines = file.text.lines().zip(1..);
        let assigned = lines.flat_map(|(line, number)| {
            assignments(line).into_iter().map(move |(name, value)| (number, name, value))
        });
        let leaks = assigned
            .filter(|(_, name, value)| secrets.contains(*name) && !is_hidden(value, &file.text));
        leaks.map(|(number, name, _)| format!("{}:{number}: {name}", file.path)).collect::<Vec<_>>()
    });
    assert_none("a secret comes from a variable that is sensitive or ephemeral", found);
}

/// The assignments of a line: an argument, or the entries of a map in one line.
fn assignments(line: &str) -> Vec<(&str, &str)> {
    let entries = match line.split_once('{').map(|(_, inside)| inside.trim_end_matches([' ', '}']))
    {
        Some(inside) if inside.contains('=') => inside.split(',').collect(),
        _ => vec![line],
    };
    let pairs = entries.into_iter().filter_map(|entry| entry.split_once('='));
    pairs.map(|(name, value)| (name.trim().trim_matches('"'), value.trim())).collect()
}

/// The arguments of the provider block that Terraform hides, and the keys of credentials.
fn secret_names() -> BTreeSet<String> {
    let provider = provider();
    let schema = provider.schema();
    let nested = schema.all_blocks().iter().flat_map(|block| block.all_attributes());
    let attributes = schema.all_attributes().iter().chain(nested);
    let arguments = attributes.filter(|each| each.is_sensitive()).map(|each| each.name());
    let keys = credentials().iter().map(|each| each.key).filter(|key| !OPEN_KEYS.contains(key));
    arguments.chain(keys).map(str::to_owned).collect()
}

/// Returns true if a value is a variable of the file that Terraform does not show.
fn is_hidden(value: &str, text: &str) -> bool {
    let Some(name) = value.strip_prefix("var.") else { return false };
    let Some((_, behind)) = text.split_once(&format!("variable \"{name}\" {{")) else {
        return false;
    };
    let block = behind.split("\n}").next().unwrap_or_default();
    let settings: Vec<String> = block.lines().map(|line| line.replace(' ', "")).collect();
    settings.iter().any(|line| line == "sensitive=true" || line == "ephemeral=true")
}
