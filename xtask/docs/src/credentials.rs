//! Tables made of the provider's own table of connection types, so that the
//! page cannot say anything else than the provider does.

use terraform_provider_flink::{AuthMethod, ConnectionType, connection_types, credentials};

/// Which credentials go with which type.
pub(super) fn types() -> String {
    let rows = connection_types().iter().map(|each| {
        let ConnectionType { name, example, .. } = each;
        [quoted(name), takes(each), quoted(example)]
    });
    table(["Type", "Credentials", "Endpoint, for example"], rows)
}

/// Which key of the payload carries which key of `credentials`.
pub(super) fn keys() -> String {
    let rows = credentials()
        .iter()
        .map(|each| [quoted(each.key), quoted(each.payload), each.description.to_owned()]);
    table(["Key", "Payload key", "Value"], rows)
}

fn takes(ty: &ConnectionType) -> String {
    let methods: Vec<String> = ty.auth_methods.iter().map(in_words).collect();
    let settings = match ty.settings {
        [] => String::new(),
        settings => format!("; arguments: {}", list(settings)),
    };
    format!("{}{settings}", methods.join(", *or* "))
}

fn in_words(method: &AuthMethod) -> String {
    let required: Vec<String> = method.required.iter().map(|name| quoted(name)).collect();
    let optional = match method.optional {
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
    fn a_type_with_several_methods_says_that_one_is_used() {
        let find = |name| connection_types().iter().find(|each| each.name == name).unwrap();
        assert_eq!(takes(find("ELASTIC")), "`api_key`, *or* `username` + `password`");
        assert!(takes(find("BEDROCK")).ends_with("(optional: `aws_session_token`)"));
        let mcp = takes(find("MCP_SERVER"));
        assert!(mcp.ends_with("; arguments: `transport_type`, `sse_endpoint`"), "{mcp}");
    }

    #[test]
    fn every_type_has_a_row() {
        assert_eq!(types().lines().count(), 2 + connection_types().len());
    }
}
