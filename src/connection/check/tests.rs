//! The credential rules, held against the table of types itself.

use tf_provider::Severity;
use tf_provider::value::Value;

use super::*;

const SECRET: &str = "s3cr3t-value";

/// A configuration of this type with these attributes set, and others unknown.
fn config(kind: &Kind, set: &[&str], unknown: &[&str]) -> Value {
    let place = [("type", kind.name), ("endpoint", kind.example), ("name", "n")];
    let fixed = place.map(|(name, value)| (name.to_owned(), Value::from(value)));
    let given = set.iter().map(|name| ((*name).to_owned(), Value::from(SECRET)));
    let unknown = unknown.iter().map(|name| ((*name).to_owned(), Value::Unknown));
    Value::Map(fixed.into_iter().chain(given).chain(unknown).collect())
}

fn errors(value: &Value) -> Vec<String> {
    let told = configuration(&View::new(value));
    let errors = told.iter().filter(|each| each.severity() == Severity::Error);
    errors
        .map(|each| {
            let text = format!("{} {}", each.summary(), each.text());
            assert!(!text.contains(SECRET), "a secret in: {text}");
            each.path().map(ToString::to_string).unwrap_or_default()
        })
        .collect()
}

fn assert_fine(value: &Value) {
    assert_eq!(errors(value), Vec::<String>::new());
}

fn find(name: &str) -> &'static Kind {
    Kind::find(name).unwrap()
}

#[test]
fn every_way_of_every_type_is_taken_in_both_spellings() {
    for kind in &KINDS {
        for way in kind.ways {
            let all: Vec<&str> = way.required.iter().chain(way.optional).copied().collect();
            assert_fine(&config(kind, way.required, &[]));
            assert_fine(&config(kind, &all, &[]));
            let secret = |name: &&&str| {
                CREDENTIALS.iter().any(|each| each.attribute == **name && each.secret)
            };
            let (secrets, settings): (Vec<&str>, Vec<&str>) = all.iter().partition(secret);
            let twins: Vec<String> = secrets.iter().map(|name| write_only(name)).collect();
            let spelled: Vec<&str> = twins.iter().map(String::as_str).chain(settings).collect();
            assert_fine(&config(kind, &spelled, &[]));
        }
    }
}

#[test]
fn a_way_that_lacks_a_part_names_the_part() {
    for kind in &KINDS {
        for way in kind.ways {
            for missing in way.required {
                let rest: Vec<&str> =
                    way.required.iter().filter(|name| *name != missing).copied().collect();
                if rest.is_empty() {
                    continue;
                }
                assert_eq!(errors(&config(kind, &rest, &[])), [*missing], "{}", kind.name);
                assert_fine(&config(kind, &rest, &[missing]));
            }
        }
    }
}

#[test]
fn what_a_type_does_not_use_is_an_error_at_that_attribute() {
    for kind in &KINDS {
        for credential in CREDENTIALS.iter().filter(|each| !kind.takes(each.attribute)) {
            let told = errors(&config(kind, &[credential.attribute], &[]));
            assert_eq!(told, [credential.attribute], "{}", kind.name);
            assert_fine(&config(kind, &[], &[credential.attribute]));
        }
    }
}

#[test]
fn two_ways_at_once_are_an_error() {
    let told = errors(&config(find("REST"), &["username", "password", "token"], &[]));
    assert_eq!(told, ["token"]);
}

#[test]
fn nothing_at_all_is_possible_for_an_import_and_not_for_a_creation() {
    for kind in &KINDS {
        let bare = config(kind, &[], &[]);
        assert_fine(&bare);
        let told = creation(&View::new(&bare));
        let first = kind.ways[0].required[0];
        assert_eq!(told.iter().next().and_then(Diagnostic::path), Some(&first.into()));
        let may_come = config(kind, &[], &[first]);
        assert!(creation(&View::new(&may_come)).is_empty());
    }
}

#[test]
fn settings_alone_cannot_be_sent() {
    let bare = config(find("MCP_SERVER"), &["transport_type"], &[]);
    assert_eq!(errors(&bare), ["transport_type"]);
    assert!(creation(&View::new(&bare)).has_errors());
    assert_fine(&config(find("MCP_SERVER"), &["transport_type"], &["token"]));
}

#[test]
fn the_raw_payload_stands_alone() {
    let raw = |value: &mut Value| {
        let entries = Value::Map([("API_KEY".to_owned(), Value::from(SECRET))].into());
        value.as_map_mut().unwrap().insert(RAW.to_owned(), entries);
    };
    let mut alone = config(find("OPENAI"), &[], &[]);
    raw(&mut alone);
    assert_fine(&alone);
    assert!(creation(&View::new(&alone)).is_empty());
    let mut beside = config(find("OPENAI"), &["api_key"], &[]);
    raw(&mut beside);
    assert_eq!(errors(&beside), [RAW]);
}

#[test]
fn an_unknown_type_is_a_warning_and_takes_the_raw_payload() {
    let fields = [("type", "BRANDNEW"), ("endpoint", "x://y")];
    let value = Value::Map(
        fields.map(|(name, value)| (name.to_owned(), Value::from(value))).into_iter().collect(),
    );
    let told = configuration(&View::new(&value));
    assert!(!told.has_errors() && !told.is_empty(), "{told}");
    let mut named = value;
    named.as_map_mut().unwrap().insert("api_key".to_owned(), Value::from(SECRET));
    assert_eq!(errors(&named), ["api_key"]);
}

#[test]
fn a_wrong_scheme_is_an_error_and_an_unusual_host_a_warning() {
    let with_endpoint = |endpoint: &str| {
        let mut value = config(find("MONGODB"), &[], &[]);
        *value.get_mut("endpoint").unwrap() = Value::from(endpoint);
        value
    };
    assert_eq!(errors(&with_endpoint("https://host.example")), ["endpoint"]);
    assert_fine(&with_endpoint("mongodb://host.example"));
    let mut unusual = config(find("OPENAI"), &[], &[]);
    *unusual.get_mut("endpoint").unwrap() = Value::from("https://proxy.example/v1");
    assert_fine(&unusual);
    assert!(!configuration(&View::new(&unusual)).is_empty());
}

#[test]
fn events_have_no_endpoint_under_streamable_http() {
    let mut value = config(find("MCP_SERVER"), &["token", "sse_endpoint"], &[]);
    let set = |value: &mut Value, transport: &str| {
        value.as_map_mut().unwrap().insert("transport_type".to_owned(), Value::from(transport));
    };
    set(&mut value, "streamable_http");
    assert_eq!(errors(&value), ["sse_endpoint"]);
    set(&mut value, "SSE");
    assert_fine(&value);
}

#[test]
fn an_unknown_type_of_connection_is_looked_at_later() {
    let mut value = config(find("OPENAI"), &["password"], &[]);
    *value.get_mut("type").unwrap() = Value::Unknown;
    assert_fine(&value);
}
