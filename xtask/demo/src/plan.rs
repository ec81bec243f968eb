//! What a plan and a state say, as `show -json` tells it.

use std::io::{Cursor, Read};

use serde_json::Value;
use xtask_step::outcome::{Outcome, fail};

/// A plan, as one line for each change: `update flink_connection.openai`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plan(pub(super) Vec<String>);

impl Plan {
    /// Reads the changes, sorted. What is only read or stays is left out.
    pub(super) fn read(plan: Value) -> Outcome<Self> {
        let Some(resources) = plan.get("resource_changes").and_then(Value::as_array) else {
            return fail("the plan has no list of changes");
        };
        let mut changes: Vec<String> = resources.iter().filter_map(change).collect();
        changes.sort();
        Ok(Self(changes))
    }
}

fn change(resource: &Value) -> Option<String> {
    let actions = resource.pointer("/change/actions")?.as_array()?;
    let actions: Vec<&str> = actions.iter().filter_map(Value::as_str).collect();
    let what = match actions.as_slice() {
        ["no-op"] | ["read"] => return None,
        ["delete", "create"] | ["create", "delete"] => "replace",
        [one] => one,
        _ => "do something unknown to",
    };
    Some(format!("{what} {}", resource.get("address")?.as_str()?))
}

/// The resources of a state, by address, sorted.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct State(pub(super) Vec<String>);

impl State {
    /// Reads the addresses; a state without any has no list of them.
    pub(super) fn read(state: &Value) -> Self {
        let resources = state.pointer("/values/root_module/resources").and_then(Value::as_array);
        let addresses = resources.into_iter().flatten().filter_map(|resource| {
            resource.get("address").and_then(Value::as_str).map(str::to_owned)
        });
        let mut addresses: Vec<String> = addresses.collect();
        addresses.sort();
        Self(addresses)
    }
}

/// Everything that stands in a plan file, which is an archive.
pub(super) fn contents(file: &[u8]) -> Outcome<Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(file))?;
    let mut contents = Vec::new();
    for index in 0..archive.len() {
        archive.by_index(index)?.read_to_end(&mut contents)?;
    }
    Ok(contents)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn changes_are_told_in_one_word_each() {
        let change = |address: &str, actions: &[&str]| json!({ "address": address, "change": { "actions": actions } });
        let plan = Plan::read(json!({ "resource_changes": [
            change("c", &["delete", "create"]),
            change("b", &["no-op"]),
            change("a", &["update"]),
        ] }));
        assert_eq!(plan.unwrap().0, ["replace c", "update a"]);
        assert!(Plan::read(json!({})).is_err());
    }

    #[test]
    fn an_empty_state_has_no_resources() {
        assert_eq!(State::read(&json!({ "format_version": "1.0" })).0, Vec::<String>::new());
    }
}
