//! JSON against what go-cty reads and writes, and against hostile text.

use proptest::prelude::*;

use super::*;
use crate::value::arbitrary;

fn read(json: &str, ty: &Type) -> Result<Value, DecodeError> {
    decode(json.as_bytes(), ty)
}

fn written(value: &Value, ty: &Type) -> String {
    String::from_utf8(encode(value, ty).unwrap()).unwrap()
}

fn number(text: &str) -> Value {
    Value::Number(Number::parse(text).unwrap())
}

#[test]
fn reads_each_kind() {
    for (json, ty, value) in [
        ("null", Type::String, Value::Null),
        ("", Type::String, Value::Null),
        (r#""a\u00e9\n""#, Type::String, "aé\n".into()),
        ("1.50", Type::Number, number("1.5")),
        ("true", Type::Bool, true.into()),
        (r#" [ "a" , null ] "#, Type::list(Type::String), Value::list([Some("a"), None])),
        ("[1,2]", Type::set(Type::Number), Value::list([1, 2])),
        (
            "[1,\"a\"]",
            Type::tuple([Type::Number, Type::String]),
            Value::list([1.into(), Value::from("a")]),
        ),
        (r#"{"\"k":1}"#, Type::map(Type::Number), Value::map([("\"k", 1)])),
    ] {
        assert_eq!(read(json, &ty), Ok(value), "{json}");
    }
}

#[test]
fn numbers_keep_every_digit() {
    for text in ["0.1234567890123456789", "1e21", "123456789012345678901234567890", "-1.50", "1E-9"]
    {
        let value = read(text, &Type::Number).unwrap();
        assert_eq!(value.as_number().unwrap().to_string(), text);
        assert_eq!(written(&value, &Type::Number), text);
    }
    let large = Value::from(u64::MAX);
    assert_eq!(written(&large, &Type::Number), u64::MAX.to_string());
}

#[test]
fn converts_between_primitives() {
    for (json, ty, value) in [
        (r#""true""#, Type::Bool, true.into()),
        (r#""false""#, Type::Bool, false.into()),
        (r#""1.5""#, Type::Number, number("1.5")),
        ("1.50", Type::String, "1.50".into()),
        ("false", Type::String, "false".into()),
    ] {
        assert_eq!(read(json, &ty), Ok(value), "{json}");
    }
    assert!(read("1", &Type::Bool).is_err());
    assert!(read(r#""yes""#, &Type::Bool).is_err());
    assert!(read(r#""abc""#, &Type::Number).is_err());
    assert!(read("true", &Type::Number).is_err());
}

#[test]
fn objects_are_completed_and_stripped() {
    let ty = Type::object([("a", Type::String), ("b", Type::object([("c", Type::Bool)]))]);
    let json = r#"{"old":[1],"b":{"c":true,"d":{}}}"#;
    let value = Value::map([("a", Value::Null), ("b", Value::map([("c", true)]))]);
    assert_eq!(read(json, &ty), Ok(value.clone()));
    let strict = |json: &str| decode_strict(json.as_bytes(), &ty);
    assert_eq!(strict(json).unwrap_err().to_string(), "old: the type has no such attribute");
    let inner = strict(r#"{"b":{"c":true,"d":{}}}"#).unwrap_err();
    assert_eq!(inner.to_string(), "b.d: the type has no such attribute");
    assert_eq!(strict(r#"{"b":{"c":true}}"#), Ok(value.clone()));
    assert_eq!(written(&value, &ty), r#"{"a":null,"b":{"c":true}}"#);
}

#[test]
fn dynamic_values_stand_beside_their_type() {
    let typed = Value::dynamic(Type::list(Type::Number), Value::list([1, 2]));
    let json = r#"{"value":[1,2],"type":["list","number"]}"#;
    assert_eq!(written(&typed, &Type::Dynamic), json);
    assert_eq!(read(json, &Type::Dynamic), Ok(typed.clone()));
    let turned = r#"{"type":["list","number"],"value":["1",2]}"#;
    assert_eq!(read(turned, &Type::Dynamic), Ok(typed));
    assert_eq!(written(&Value::Null, &Type::Dynamic), "null");
    assert_eq!(read("null", &Type::Dynamic), Ok(Value::Null));
    let null = Value::dynamic(Type::String, Value::Null);
    assert_eq!(written(&null, &Type::Dynamic), r#"{"value":null,"type":"string"}"#);
    assert_eq!(written(&"a".into(), &Type::Dynamic), r#"{"value":"a","type":"string"}"#);
    for json in ["1", "{}", r#"{"value":1}"#, r#"{"value":1,"type":"no"}"#] {
        assert!(read(json, &Type::Dynamic).is_err(), "{json}");
    }
}

#[test]
fn writes_the_canonical_form() {
    let set = Type::set(Type::String);
    assert_eq!(written(&Value::list(["b", "e\u{301}", "\u{e9}"]), &set), r#"["b","é"]"#);
    let map = Value::map([("b", "\"\\\n\u{1}"), ("a", "")]);
    assert_eq!(written(&map, &Type::map(Type::String)), r#"{"a":"","b":"\"\\\n\u0001"}"#);
    assert_eq!(written(&Value::Map([].into()), &Type::map(Type::Bool)), "{}");
    assert_eq!(written(&Value::List([].into()), &set), "[]");
}

#[test]
fn refuses_what_json_cannot_say() {
    let ty = Type::object([("a", Type::list(Type::Number))]);
    let error =
        |inner| encode(&Value::map([("a", Value::list([inner]))]), &ty).unwrap_err().to_string();
    assert_eq!(error(Value::Unknown), "a[0]: the value is not known yet, which JSON cannot say");
    let infinity = Value::Number(Number::try_from(f64::INFINITY).unwrap());
    assert_eq!(error(infinity), "a[0]: JSON has no infinite numbers");
}

#[test]
fn refuses_what_is_not_json() {
    for json in
        ["nul", "{", "[1,]", "\"a", "1 2", "'a'", "[", "{\"a\":}", "\u{feff}1", "01", "\"\\ud800\""]
    {
        for ty in [Type::String, Type::list(Type::Number), Type::map(Type::Bool), Type::Dynamic] {
            assert!(read(json, &ty).is_err(), "{json} as {ty}");
        }
    }
    assert!(decode(b"\"\xff\"", &Type::String).is_err());
}

#[test]
fn errors_name_the_place_and_the_kinds() {
    let ty =
        Type::object([("tags", Type::map(Type::list(Type::Bool))), ("set", Type::set(Type::Bool))]);
    let error = |json: &str| read(json, &ty).unwrap_err().to_string();
    assert_eq!(
        error(r#"{"tags":{"a":[true,7]}}"#),
        r#"tags["a"][1]: expected a bool, found a number"#
    );
    assert_eq!(error(r#"{"set":[{}]}"#), "set: expected a bool, found an object");
    assert_eq!(error(r#""sk-secret""#), "expected an object, found a string");
    let pair = Type::tuple([Type::Bool, Type::Bool]);
    assert_eq!(read("[true]", &pair).unwrap_err().to_string(), "a tuple of another length");
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| {
        let ty = (0..depth).fold(Type::Bool, |ty, _| Type::list(ty));
        (format!("{}true{}", "[".repeat(depth), "]".repeat(depth)), ty)
    };
    let (json, ty) = nested(MAX_DEPTH);
    assert_eq!(written(&read(&json, &ty).unwrap(), &ty), json);
    let (json, ty) = nested(MAX_DEPTH + 1);
    let limit = format!("{MAX_DEPTH} levels");
    assert!(read(&json, &ty).unwrap_err().message().contains(&limit));
    assert!(read(&"[".repeat(1_000_000), &ty).is_err());
    let (open, close) = (r#"{"type":"dynamic","value":"#, "}");
    let dynamic = format!("{}1{}", open.repeat(1_000), close.repeat(1_000));
    assert!(read(&dynamic, &Type::Dynamic).unwrap_err().message().contains(&limit));
}

/// Each of these few characters stands for a whole object.
#[test]
fn the_number_of_values_is_bounded_also_where_none_is_said() {
    let names = (0..99).map(|number| (format!("a{number}"), Type::Bool));
    let ty = Type::list(Type::object(names));
    let objects = |length| read(&format!("[{}]", vec!["{}"; length].join(",")), &ty);
    assert!(objects(9_999).is_ok());
    let error = objects(10_000).unwrap_err();
    assert!(error.is_limit() && error.message() == "more than 1000000 values", "{error}");
}

#[test]
fn of_keys_that_are_one_to_terraform_one_is_kept() {
    let json = "{\"e\u{301}\":true,\"\u{e9}\":true}";
    assert_eq!(read(json, &Type::map(Type::Bool)), Ok(Value::map([("\u{e9}", true)])));
}

proptest! {
    #[test]
    fn values_survive((ty, value) in arbitrary::typed(arbitrary::known)) {
        let json = encode(&value, &ty).unwrap();
        let read = decode_strict(&json, &ty).unwrap();
        prop_assert!(read.same_as(&value, &ty), "{} is not {}", read.reveal(), value.reveal());
        prop_assert_eq!(encode(&read, &ty).unwrap(), json);
    }

    #[test]
    fn no_text_panics(ty in arbitrary::ty(), json in r#"(\[|\]|\{|\}|,|:|"a"|"type"|"value"|1|-|\.|null|true| |\\|"){0,24}"#) {
        let _ = decode(json.as_bytes(), &ty);
        let _ = decode(json.as_bytes(), &Type::Dynamic);
    }

    #[test]
    fn no_bytes_panic(ty in arbitrary::ty(), bytes in proptest::collection::vec(any::<u8>(), 0..32)) {
        let _ = decode(&bytes, &ty);
    }

    #[test]
    fn no_error_quotes_a_value(
        (ty, value) in arbitrary::typed(arbitrary::secret),
        other in arbitrary::ty(),
    ) {
        let texts = [encode(&value, &other), encode(&value, &ty)];
        for error in texts.iter().filter_map(|text| text.as_ref().err()) {
            prop_assert!(!arbitrary::quotes_secret(&error));
        }
        if let Some(Err(error)) = texts[1].as_ref().ok().map(|json| decode_strict(json, &other)) {
            prop_assert!(!arbitrary::quotes_secret(&error));
        }
    }
}
