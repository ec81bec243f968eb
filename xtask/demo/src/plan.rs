//! Plans and states, as `show -json` prints them.

use std::io::{Cursor, Read};

use serde_json::Value;
use xtask_step::outcome::{Outcome, fail};

/// The changes of a plan, sorted: `update flink_connection.openai`.
pub(super) fn changes(plan: &Value) -> Outcome<Vec<String>> {
    let Some(resources) = plan.get("resource_changes").and_then(Value::as_array) else {
        return fail("the plan has no list of changes");
    };
    let mut changes: Vec<String> = resources.iter().filter_map(change).collect();
    changes.sort();
    Ok(changes)
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

/// The addresses of the resources in a state, sorted. An empty state has no list of them.
pub(super) fn addresses(state: &Value) -> Vec<String> {
    let resources = state.pointer("/values/root_module/resources").and_then(Value::as_array);
    let addresses = resources.into_iter().flatten().filter_map(|each| each["address"].as_str());
    let mut addresses: Vec<String> = addresses.map(str::to_owned).collect();
    addresses.sort();
    addresses
}

/// The unpacked content of a plan file, which is a zip archive.
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
    fn reads_one_line_for_each_change() {
        let change = |address: &str, actions: &[&str]| json!({ "address": address, "change": { "actions": actions } });
        let plan = json!({ "resource_changes": [
            change("c", &["delete", "create"]),
            change("b", &["no-op"]),
            change("a", &["update"]),
        ] });
        assert_eq!(changes(&plan).unwrap(), ["replace c", "update a"]);
        assert!(changes(&json!({})).is_err());
    }
}
