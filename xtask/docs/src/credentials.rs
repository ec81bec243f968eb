//! Tables made of the provider's own table of connection types, so that the
//! page cannot say anything else than the provider does.

use terraform_provider_flink::{ConnectionType, Way, connection_types, payload_keys as keys};

/// Which credentials go with which type.
pub(super) fn types() -> String {
    let rows = connection_types().map(|kind| {
        let ConnectionType { name, endpoint, .. } = kind;
        [quoted(name), takes(&kind), quoted(endpoint)]
    });
    table(["Type", "Credentials", "Endpoint, for example"], rows)
}

/// Which key of the payload carries which argument.
pub(super) fn payload_keys() -> String {
    let rows = keys().map(|(argument, key)| [quoted(argument), quoted(key)]);
    table(["Argument", "Payload key"], rows)
}

fn takes(kind: &ConnectionType) -> String {
    let ways: Vec<String> = kind.ways.iter().map(in_words).collect();
    let settings = match kind.settings {
        [] => String::new(),
        settings => format!("; optional: {}", list(settings)),
    };
    format!("{}{settings}", ways.join(", *or* "))
}

fn in_words(way: &Way) -> String {
    let required: Vec<String> = way.required.iter().map(|name| quoted(name)).collect();
    let optional = match way.optional {
        [] => String::new(),
        optional => format!(" (optional: {})", list(optional)),
    };
    format!("{}{optional}", required.join(" + "))
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}

fn quoted(text: &str) -> String {
    format!("`{text}`")
}

fn table<const N: usize>(head: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
    let mut lines = vec![line(&head.map(str::to_owned)), line(&head.map(|_| "---".to_owned()))];
    lines.extend(rows.map(|cells| line(&cells)));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_with_several_ways_says_that_one_is_used() {
        let basic = Way { required: &["username", "password"], optional: &[] };
        let key = Way { required: &["api_key"], optional: &["session"] };
        let kind = ConnectionType {
            name: "REST",
            ways: vec![basic, key],
            settings: &["transport"],
            endpoint: "https://api.example.com",
        };
        assert_eq!(
            takes(&kind),
            "`username` + `password`, *or* `api_key` (optional: `session`); optional: `transport`"
        );
    }

    #[test]
    fn every_type_has_a_row() {
        assert_eq!(types().lines().count(), 2 + connection_types().count());
    }
}
