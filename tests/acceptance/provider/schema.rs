//! The schema, as the CLI prints it.

use serde_json::Value;

use crate::scenario::Scenario;

#[tokio::test]
async fn the_schema_can_be_printed_and_marks_every_secret() {
    let world = Scenario::new("").await;
    let run = world.run(&["providers", "schema", "-json"]).await.succeeds();
    let schemas: Value = serde_json::from_str(&run.stdout).expect("a schema is printed as JSON");
    let schemas = schemas["provider_schemas"].as_object().expect("there is a provider");
    let (address, schema) = schemas.iter().next().expect("there is a provider");
    assert!(address.ends_with("/flink-iac/flink"), "{address}");

    let attributes = &schema["resource_schemas"]["flink_connection"]["block"]["attributes"];
    assert_eq!(attributes.as_object().map(serde_json::Map::len), Some(18));
    assert_eq!(attributes["credentials"]["sensitive"], true);
    let write_only = &attributes["credentials_wo"];
    assert_eq!((&write_only["write_only"], &write_only["computed"]), (&true.into(), &Value::Null));
    for name in ["id", "uid", "created_at", "status", "status_detail"] {
        assert_eq!(attributes[name]["computed"], true, "{name}");
        assert_eq!(attributes[name]["optional"], Value::Null, "{name}");
    }
    let block = &schema["provider"]["block"]["attributes"];
    for name in ["flink_api_key", "flink_api_secret", "cloud_api_key", "cloud_api_secret"] {
        assert_eq!(block[name]["sensitive"], true, "{name}");
    }
}

#[tokio::test]
async fn everything_in_the_schema_is_described() {
    let world = Scenario::new("").await;
    let run = world.run(&["providers", "schema", "-json"]).await.succeeds();
    let schemas: Value = serde_json::from_str(&run.stdout).expect("a schema is printed as JSON");
    let undescribed = undescribed("", &schemas);
    assert!(undescribed.is_empty(), "{undescribed:#?}");
}

/// The paths of attributes that have a type and no description.
fn undescribed(path: &str, value: &Value) -> Vec<String> {
    let Some(members) = value.as_object() else { return Vec::new() };
    // An attribute that is itself called `type` is no type.
    let is_attribute = members.get("type").is_some_and(|ty| !ty.is_object());
    let is_bare = is_attribute && value["description"].as_str().is_none_or(str::is_empty);
    let below =
        members.iter().flat_map(|(name, member)| undescribed(&format!("{path}/{name}"), member));
    is_bare.then(|| path.to_owned()).into_iter().chain(below).collect()
}
