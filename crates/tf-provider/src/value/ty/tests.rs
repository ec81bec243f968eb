//! The type JSON, its limits, and the spelling of types.

use proptest::prelude::*;

use super::*;
use crate::value::arbitrary;

fn read(json: &str) -> Result<Type, DecodeError> {
    Type::from_json(json.as_bytes())
}

#[test]
fn speaks_the_type_json() {
    for (ty, json) in [
        (Type::String, r#""string""#),
        (Type::Number, r#""number""#),
        (Type::Bool, r#""bool""#),
        (Type::Dynamic, r#""dynamic""#),
        (Type::list(Type::String), r#"["list","string"]"#),
        (Type::set(Type::Number), r#"["set","number"]"#),
        (Type::map(Type::list(Type::Bool)), r#"["map",["list","bool"]]"#),
        (Type::tuple([Type::String, Type::Dynamic]), r#"["tuple",["string","dynamic"]]"#),
        (Type::tuple([]), r#"["tuple",[]]"#),
        (
            Type::object([("b", Type::String), ("a", Type::set(Type::Bool))]),
            r#"["object",{"a":["set","bool"],"b":"string"}]"#,
        ),
    ] {
        assert_eq!(ty.to_json(), json);
        assert_eq!(read(json), Ok(ty));
    }
}

#[test]
fn drops_the_list_of_optional_attributes() {
    let ty = Type::object([("a", Type::String)]);
    assert_eq!(read(r#" [ "object" , { "a" : "string" } , [ "a" ] ] "#), Ok(ty));
    assert!(read(r#"["object",{"a":"string"},"a"]"#).is_err());
}

#[test]
fn refuses_what_is_no_type() {
    for json in [
        "",
        "nul",
        "null",
        "{}",
        "[]",
        "\"text\"",
        "[\"list\"]",
        r#"["list","string","string"]"#,
        r#"["tuple","string"]"#,
        r#"["object",[]]"#,
        r#"[["list"],"string"]"#,
        "\"string\" x",
        "7",
    ] {
        assert!(read(json).is_err(), "{json}");
    }
}

#[test]
fn bounds_the_depth() {
    let nested =
        |depth: usize| format!("{}\"string\"{}", "[\"list\",".repeat(depth), "]".repeat(depth));
    assert!(read(&nested(MAX_DEPTH)).is_ok());
    let error = read(&nested(MAX_DEPTH + 1)).unwrap_err();
    assert!(error.to_string().contains("64"), "{error}");
    assert!(read(&nested(100_000)).is_err());
    assert!(read(&"[\"list\",".repeat(100_000)).is_err());
    let objects = format!("{}\"bool\"{}", r#"["object",{"a":"#.repeat(64), "}]".repeat(64));
    assert!(read(&objects).is_ok());
}

#[test]
fn reads_like_a_type_constraint() {
    let ty = Type::object([
        ("name", Type::String),
        ("pair", Type::tuple([Type::Number, Type::Dynamic])),
        ("tags", Type::map(Type::set(Type::Bool))),
    ]);
    assert_eq!(
        ty.to_string(),
        "object({name = string, pair = tuple([number, any]), tags = map(set(bool))})"
    );
    assert_eq!(Type::list(Type::String).to_string(), "list(string)");
}

proptest! {
    #[test]
    fn survives_its_json(ty in arbitrary::ty()) {
        prop_assert_eq!(read(&ty.to_json()), Ok(ty));
    }

    #[test]
    fn no_json_panics(json in r#"(\[|\]|\{|\}|,|:|"string"|"list"|"object"|"tuple"|"a"|1|null){0,20}"#) {
        let _ = read(&json);
    }
}
