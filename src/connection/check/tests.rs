//! The rules of the types, held against the table of types itself.

use std::sync::LazyLock;

use tf_provider::value::Value;
use tf_provider::{Schema, Severity};

use super::super::connection_type::{SSE_ENDPOINT, TRANSPORT_TYPE};
use super::super::schema::schema;
use super::*;

const SECRET: &str = "s3cr3t-value";

static SCHEMA: LazyLock<Schema> = LazyLock::new(schema);

fn view(values: &Value) -> View<'_> {
    View::new(&SCHEMA, values)
}

/// A configuration of this type without credentials.
fn bare(ty: &ConnectionType) -> Value {
    Value::map([("type", ty.name), ("endpoint", ty.example), ("name", "n")])
}

fn with(mut config: Value, name: &str, value: impl Into<Value>) -> Value {
    config.as_map_mut().unwrap().insert(name.to_owned(), value.into());
    config
}

/// A map with these keys set, and others unknown.
fn keys(set: &[&str], unknown: &[&str]) -> Value {
    let value = |key: &str| if same_word(key, AUTH_TYPE) { WITHOUT_AUTHENTICATION } else { SECRET };
    let set = set.iter().map(|key| ((*key).to_owned(), Value::from(value(key))));
    Value::Map(set.chain(unknown.iter().map(|key| ((*key).to_owned(), Value::Unknown))).collect())
}

/// A configuration of this type with these keys of `credentials`.
fn config(ty: &ConnectionType, set: &[&str], unknown: &[&str]) -> Value {
    with(bare(ty), CREDENTIALS_ARGUMENT, keys(set, unknown))
}

/// The places of all diagnostics of a severity.
fn places(values: &Value, severity: Severity) -> Vec<String> {
    let found = configuration(&view(values));
    let found = found.iter().filter(|each| each.severity() == severity);
    found
        .map(|each| {
            let text = format!("{} {}", each.summary(), each.text());
            assert!(!text.contains(SECRET), "a secret in: {text}");
            each.path().map(ToString::to_string).unwrap_or_default()
        })
        .collect()
}

fn errors(values: &Value) -> Vec<String> {
    places(values, Severity::Error)
}

fn warnings(values: &Value) -> Vec<String> {
    places(values, Severity::Warning)
}

fn assert_fine(values: &Value) {
    assert_eq!(errors(values), Vec::<String>::new());
}

fn at(key: &str) -> String {
    format!("credentials[{key:?}]")
}

fn find(name: &str) -> &'static ConnectionType {
    ConnectionType::find(name).unwrap()
}

#[test]
fn takes_every_method_of_every_type_in_either_map_and_in_every_spelling() {
    for ty in &CONNECTION_TYPES {
        for method in ty.auth_methods {
            let all: Vec<&str> = method.keys().collect();
            assert_fine(&config(ty, method.required, &[]));
            assert_fine(&config(ty, &all, &[]));
            let hyphens: Vec<String> = all.iter().map(|key| key.replace('_', "-")).collect();
            let payload: Vec<&str> = all.iter().filter_map(|key| payload_word(key)).collect();
            let hyphens: Vec<&str> = hyphens.iter().map(String::as_str).collect();
            for spelled in [&hyphens, &payload] {
                assert_fine(&with(bare(ty), "credentials_wo", keys(spelled, &[])));
            }
        }
    }
}

#[test]
fn names_the_key_that_a_method_lacks() {
    for ty in &CONNECTION_TYPES {
        for method in ty.auth_methods {
            for missing in method.required {
                let rest: Vec<&str> =
                    method.required.iter().filter(|key| *key != missing).copied().collect();
                if rest.is_empty() {
                    continue;
                }
                assert_eq!(errors(&config(ty, &rest, &[])), [at(missing)], "{}", ty.name);
                assert_fine(&config(ty, &rest, &[missing]));
                let elsewhere = with(config(ty, &rest, &[]), "credentials_wo", Value::Unknown);
                assert_fine(&elsewhere);
                let null = config(ty, &rest, &[]);
                let null = with(null, "credentials_wo", Value::map([(*missing, Value::Null)]));
                assert_eq!(errors(&null), [at(missing)], "a null is a key that was left out");
            }
        }
    }
}

#[test]
fn the_two_maps_complete_each_other() {
    let split = with(
        config(find("MONGODB"), &["username"], &[]),
        "credentials_wo",
        keys(&["password"], &[]),
    );
    assert_fine(&split);
    let wrong =
        with(config(find("REST"), &["username"], &[]), "credentials_wo", keys(&["token"], &[]));
    assert_eq!(errors(&wrong), [r#"credentials_wo["token"]"#]);
}

#[test]
fn refuses_a_key_that_the_type_does_not_take() {
    for ty in &CONNECTION_TYPES {
        for credential in CREDENTIALS.iter().filter(|each| !ty.takes(each.key)) {
            let found = errors(&config(ty, &[credential.key], &[]));
            assert_eq!(found, [at(credential.key)], "{}", ty.name);
        }
    }
}

#[test]
fn tolerates_all_keys_of_a_module_until_they_are_known() {
    let all: Vec<&str> = CREDENTIALS.iter().map(|each| each.key).collect();
    for ty in &CONNECTION_TYPES {
        assert_fine(&config(ty, &[], &all));
    }
    assert_eq!(errors(&config(find("OPENAI"), &[], &["apikey"])), [at("apikey")]);
}

#[test]
fn refuses_two_methods_at_once() {
    let both = config(find("REST"), &["username", "password", "token"], &[]);
    assert_eq!(errors(&both), [at("token")]);
    let none = config(find("MCP_SERVER"), &["token", AUTH_TYPE], &[]);
    assert_eq!(errors(&none), [at(AUTH_TYPE)]);
}

#[test]
fn names_the_key_that_was_probably_meant() {
    for (written, meant) in [("apikey", "api_key"), ("api_kye", "api_key"), ("APIKEY", "api_key")] {
        let found = configuration(&view(&config(find("OPENAI"), &[written], &[])));
        let error = found.iter().next().unwrap();
        assert_eq!((found.iter().count(), error.severity()), (1, Severity::Error));
        assert_eq!(error.path().unwrap().to_string(), at(written));
        assert!(error.text().contains(&format!("Did you mean `{meant}`?")), "{}", error.text());
    }
    let setting =
        configuration(&view(&config(find("MCP_SERVER"), &["token", "transport-type"], &[])));
    assert!(setting.to_string().contains("argument of its own"), "{setting}");
}

#[test]
fn sends_a_payload_key_that_it_does_not_know_with_a_warning() {
    let openai = find("OPENAI");
    for set in [&["api_key", "NEW_KEY"][..], &["api_key", "API_KEY_2"], &["ORG_ID"]] {
        let newer = config(openai, set, &[]);
        assert_fine(&newer);
        assert_eq!(warnings(&newer), [at(set.last().unwrap())]);
        assert!(creation(&view(&newer)).is_empty());
    }
    assert_eq!(errors(&config(openai, &["api_key", "new_key"], &[])), [at("new_key")]);
}

#[test]
fn an_auth_type_is_for_a_server_that_asks_for_no_credentials() {
    let mcp = find("MCP_SERVER");
    let other = with(bare(mcp), CREDENTIALS_ARGUMENT, Value::map([(AUTH_TYPE, "BASIC")]));
    assert_eq!(errors(&other), [at(AUTH_TYPE)]);
    let spelled = with(bare(mcp), CREDENTIALS_ARGUMENT, Value::map([("AUTH_TYPE", "no-auth")]));
    assert_fine(&spelled);
}

#[test]
fn credentials_may_be_absent_for_an_import_and_not_for_a_creation() {
    for ty in &CONNECTION_TYPES {
        let bare = bare(ty);
        assert_fine(&bare);
        let found = creation(&view(&bare));
        let first = ty.auth_methods[0].required[0];
        assert_eq!(
            found.iter().next().and_then(|each| each.path()).unwrap().to_string(),
            at(first)
        );
        for open in [config(ty, &[], &[first]), with(bare, "credentials_wo", Value::Unknown)] {
            assert!(creation(&view(&open)).is_empty());
        }
    }
    let newer = Value::map([("type", "NEWCOMER"), ("endpoint", "x://y")]);
    assert!(creation(&view(&newer)).has_errors());
}

#[test]
fn settings_travel_with_credentials_and_belong_to_a_type() {
    let alone = with(bare(find("MCP_SERVER")), TRANSPORT_TYPE, "SSE");
    assert_eq!(errors(&alone), [TRANSPORT_TYPE]);
    let open = with(config(find("MCP_SERVER"), &[], &["token"]), TRANSPORT_TYPE, "SSE");
    assert_fine(&open);
    let misplaced = with(config(find("OPENAI"), &["api_key"], &[]), SSE_ENDPOINT, "/sse");
    assert_eq!(errors(&misplaced), [SSE_ENDPOINT]);
}

#[test]
fn a_type_that_is_not_known_is_a_warning_and_takes_any_key() {
    let newer = Value::map([("type", "NEWCOMER"), ("endpoint", "x://y")]);
    let newer = with(newer, CREDENTIALS_ARGUMENT, keys(&["api_key", "new-key", "OTHER"], &[]));
    assert_fine(&newer);
    assert_eq!(warnings(&newer), ["type"]);
}

#[test]
fn a_misspelled_type_is_one_error_and_nothing_else() {
    for (written, meant) in [
        ("OPENIA", "OPENAI"),
        ("mongo", "MONGODB"),
        ("azure_openai", "AZUREOPENAI"),
        ("openai ", "OPENAI"),
    ] {
        let slip = with(config(find("OPENAI"), &["password", "x"], &[]), "type", written);
        let slip = with(slip, "credentials_wo", keys(&["token"], &[]));
        let found = configuration(&view(&slip));
        let only = found.iter().next().unwrap();
        assert_eq!((found.iter().count(), only.severity()), (1, Severity::Error), "{found}");
        assert_eq!(only.path(), Some(&"type".into()));
        assert!(only.text().contains(meant), "{}", only.text());
    }
    assert!(
        configuration(&view(&with(config(find("OPENAI"), &["x"], &[]), "type", ""))).is_empty()
    );
}

#[test]
fn a_wrong_endpoint_is_an_error_and_an_unusual_one_a_warning() {
    let with_endpoint = |name: &str, endpoint: &str| with(bare(find(name)), "endpoint", endpoint);
    assert_eq!(errors(&with_endpoint("MONGODB", "https://host.example")), ["endpoint"]);
    assert_eq!(errors(&with_endpoint("OPENAI", "https://")), ["endpoint"]);
    assert_fine(&with_endpoint("MONGODB", "mongodb://host.example"));
    let unusual = with_endpoint("OPENAI", "https://proxy.example/v1");
    assert_fine(&unusual);
    assert_eq!(warnings(&unusual), ["endpoint"]);
}

#[test]
fn there_is_no_sse_endpoint_under_streamable_http() {
    let server = with(config(find("MCP_SERVER"), &["token"], &[]), SSE_ENDPOINT, "/sse");
    let streams = with(server.clone(), TRANSPORT_TYPE, "streamable_http");
    assert_eq!(errors(&streams), [SSE_ENDPOINT]);
    assert_fine(&with(server, TRANSPORT_TYPE, "SSE"));
}

#[test]
fn write_only_credentials_need_a_version_to_be_rotated() {
    for map in [keys(&["api_key"], &[]), keys(&[], &["api_key"]), Value::Unknown] {
        let unversioned = with(bare(find("OPENAI")), "credentials_wo", map);
        assert_eq!(warnings(&unversioned), [CREDENTIALS_VERSION]);
        for version in [Value::from("1"), Value::Unknown] {
            let versioned = with(unversioned.clone(), CREDENTIALS_VERSION, version);
            assert_eq!(warnings(&versioned), Vec::<String>::new());
        }
    }
    let nothing =
        with(bare(find("OPENAI")), "credentials_wo", Value::map([("api_key", Value::Null)]));
    assert_eq!(warnings(&nothing), Vec::<String>::new());
}

#[test]
fn an_unknown_type_is_checked_when_it_is_known() {
    let open = with(config(find("OPENAI"), &["password"], &[]), "type", Value::Unknown);
    assert_fine(&open);
}
