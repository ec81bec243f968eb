//! Models to values and back, and that no error quotes a value.

use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::*;
use crate::value::{Number, Path, Type};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Model {
    name: String,
    #[serde(rename = "type")]
    kind: Kind,
    count: Option<u8>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default = "yes")]
    enabled: bool,
    limits: BTreeMap<String, Option<f64>>,
    inner: Option<Inner>,
    token: Option<Token>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<char>,
    pair: (i64, u64),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    #[default]
    Rest,
    OpenAi,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Inner {
    ratio: f32,
    deep: Vec<Inner>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Token(String);

fn yes() -> bool {
    true
}

fn sample() -> Value {
    Value::map([
        ("name", Value::from("n")),
        ("type", "openai".into()),
        ("count", 7.into()),
        ("tags", Value::list(["a", "b"])),
        ("enabled", false.into()),
        (
            "limits",
            Value::map([("x", Some(Value::Number(Number::parse("1.5").unwrap()))), ("y", None)]),
        ),
        (
            "inner",
            Value::map([
                ("ratio", Value::Number(Number::parse("0.1").unwrap())),
                ("deep", Value::List(vec![])),
            ]),
        ),
        ("token", "sk-1".into()),
        ("pair", Value::list([Value::from(-1), u64::MAX.into()])),
    ])
}

/// The sample with one value in place of another.
fn with(name: &str, value: impl Into<Value>) -> Value {
    let mut changed = sample();
    changed.as_map_mut().unwrap().insert(name.into(), value.into());
    changed
}

#[track_caller]
fn error<T: DeserializeOwned>(value: &Value) -> String {
    from_value::<T>(value).err().expect("the value was accepted").to_string()
}

#[test]
fn models_become_values_and_return() {
    let model: Model = from_value(&sample()).unwrap();
    assert_eq!(model.kind, Kind::OpenAi);
    assert_eq!(model.pair, (-1, u64::MAX));
    assert_eq!(model.inner.as_ref().unwrap().ratio, 0.1);
    assert_eq!(to_value(&model).unwrap(), sample());
}

#[test]
fn null_is_none_or_the_default() {
    for name in ["count", "inner", "token", "note"] {
        let model: Model = from_value(&with(name, Value::Null)).unwrap();
        let value = to_value(&model).unwrap();
        assert!(value.get(name).is_none_or(Value::is_null), "{name}");
    }
    let model: Model = from_value(&with("tags", Value::Null)).unwrap();
    assert_eq!(model.tags, Vec::<String>::new());
    let model: Model = from_value(&with("enabled", Value::Null)).unwrap();
    assert!(model.enabled);
    assert_eq!(
        error::<Model>(&with("name", Value::Null)),
        "name: a value is required, and there is none"
    );
    assert_eq!(from_value::<Option<Model>>(&Value::Null), Ok(None));
    assert_eq!(error::<Model>(&Value::Null), "expected an object, found null");
    assert_eq!(to_value(&()), Ok(Value::Null));
    assert_eq!(from_value::<()>(&Value::Null), Ok(()));
}

#[test]
fn unknown_values_are_named() {
    for name in ["name", "type", "count", "tags", "enabled", "limits", "inner", "token", "pair"] {
        let message = error::<Model>(&with(name, Value::Unknown));
        assert_eq!(message, format!("{name}: the value is not known yet"));
    }
    let inside = with("tags", Value::list([Value::from("a"), Value::Unknown]));
    assert_eq!(error::<Model>(&inside), "tags[1]: the value is not known yet");
    assert!(from_value::<Model>(&with("not_in_the_model", Value::Unknown)).is_ok());
}

#[test]
fn errors_name_the_place_and_the_kinds() {
    for (name, value, message) in [
        ("name", Value::from(7), "name: expected a string, found a whole number"),
        ("count", 256.into(), "count: expected u8, found a number out of range"),
        (
            "count",
            Value::Number(Number::parse("1.5").unwrap()),
            "count: expected u8, found a number that is not whole or too large",
        ),
        ("count", "sk-secret".into(), "count: expected u8, found a string"),
        ("enabled", "true".into(), "enabled: expected a boolean, found a string"),
        ("tags", "sk-secret".into(), "tags: expected a sequence, found a string"),
        ("type", "sk-secret".into(), "type: expected one of rest, openai, found another string"),
        ("type", 1.into(), "type: expected a string, found a number"),
        (
            "limits",
            Value::map([("x", "sk-secret")]),
            r#"limits["x"]: expected f64, found a string"#,
        ),
        ("inner", Value::map([("ratio", 1)]), "inner.deep: a value is required, and there is none"),
        ("inner", Value::list([1]), "inner: expected an object, found a list"),
        ("note", "sk-secret".into(), "note: expected a character, found a string of another form"),
        ("pair", Value::list([1, 2, 3]), "pair: expected 2 elements, found 3"),
        ("pair", Value::list([1]), "pair: expected a tuple of size 2, found a length of 1"),
        ("pair", Value::list([1, -2]), "pair[1]: expected u64, found a number out of range"),
    ] {
        assert_eq!(error::<Model>(&with(name, value)), message);
    }
    let located = from_value::<Model>(&with("name", 7)).unwrap_err();
    assert_eq!(located.path(), &Path::from("name"));
}

#[test]
fn attributes_the_model_lacks_are_ignored_unless_denied() {
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Strict {
        #[expect(dead_code)]
        name: String,
    }
    assert!(from_value::<Model>(&with("extra", 1)).is_ok());
    let value = Value::map([("name", "n"), ("extra", "sk-secret")]);
    assert_eq!(error::<Strict>(&value), "extra: the model has no such attribute");
}

#[test]
fn messages_of_hand_written_implementations_are_withheld() {
    #[derive(Debug)]
    struct Chatty;
    impl<'de> Deserialize<'de> for Chatty {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let text = String::deserialize(deserializer)?;
            Err(serde::de::Error::custom(format!("bad value {text}")))
        }
    }
    impl Serialize for Chatty {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("sk-secret"))
        }
    }
    let reading = from_value::<Vec<Chatty>>(&Value::list(["sk-secret"])).unwrap_err();
    let writing = to_value(&BTreeMap::from([("a", Chatty)])).unwrap_err();
    for error in [reading, writing] {
        assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
        assert!(!error.path().is_root());
    }
}

#[test]
fn numbers_fit_or_are_refused() {
    let number = |text: &str| Value::Number(Number::parse(text).unwrap());
    assert_eq!(from_value::<i64>(&number("3.0")), Ok(3));
    assert_eq!(from_value::<u64>(&number("18446744073709551615")), Ok(u64::MAX));
    assert_eq!(from_value::<f64>(&number("0.1")), Ok(0.1));
    assert_eq!(from_value::<f64>(&number("3")), Ok(3.0));
    assert_eq!(
        error::<i64>(&number("1e30")),
        "expected i64, found a number that is not whole or too large"
    );
    assert_eq!(error::<f64>(&number("1e999")), "the number is out of the range of floats");
    assert_eq!(to_value(&0.1f32).unwrap(), number("0.1"));
    assert_eq!(to_value(&i128::MIN).unwrap(), number(&i128::MIN.to_string()));
    assert_eq!(
        to_value(&f32::INFINITY).unwrap().as_number().unwrap().as_infinity(),
        Some(f64::INFINITY)
    );
    assert!(to_value(&f64::NAN).is_err());
}

#[test]
fn refuses_forms_that_no_value_has() {
    #[derive(Debug, Serialize, Deserialize)]
    enum Data {
        One(u8),
        Two { a: u8 },
        Three(u8, u8),
    }
    struct Bytes;
    impl Serialize for Bytes {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_bytes(b"x")
        }
    }
    for data in [Data::One(1), Data::Two { a: 1 }, Data::Three(1, 2)] {
        assert!(to_value(&data).is_err());
    }
    assert!(from_value::<Data>(&"One".into()).is_err());
    assert!(from_value::<Data>(&Value::map([("One", 1)])).is_err());
    assert!(to_value(&Bytes).is_err());
    assert!(to_value(&HashMap::from([(1, 2)])).is_err());
    assert!(from_value::<HashMap<u8, u8>>(&Value::map([("1", 2)])).is_err());
}

#[test]
fn tagged_enums_are_objects() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "kind")]
    enum Tagged {
        Basic { user: String, realm: Option<String> },
        Bearer { token: String },
    }
    let basic = Tagged::Basic { user: "u".into(), realm: None };
    let value = to_value(&basic).unwrap();
    assert_eq!(value.get("kind"), Some(&"Basic".into()));
    assert_eq!(from_value::<Tagged>(&value), Ok(basic));
    let wrong = Value::map([("kind", Value::from("Bearer")), ("token", 98_765.into())]);
    assert!(!error::<Tagged>(&wrong).contains("98"));
}

#[test]
fn map_keys_may_be_unit_variants() {
    #[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    enum Key {
        A,
        B,
    }
    let map = BTreeMap::from([(Key::A, 1), (Key::B, 2)]);
    let value = to_value(&map).unwrap();
    assert_eq!(value, Value::map([("A", 1), ("B", 2)]));
    assert_eq!(from_value(&value), Ok(map));
}

#[test]
fn dynamic_values_are_read_as_what_they_hold() {
    let value = with("name", Value::dynamic(Type::String, "n".into()));
    assert_eq!(from_value::<Model>(&value).unwrap().name, "n");
    let null = with("count", Value::dynamic(Type::Number, Value::Null));
    assert_eq!(from_value::<Model>(&null).unwrap().count, None);
}

prop_compose! {
    fn model()(
        name in any::<String>(),
        kind in prop_oneof![Just(Kind::Rest), Just(Kind::OpenAi)],
        count in any::<Option<u8>>(),
        tags in prop::collection::vec(any::<String>(), 0..3),
        enabled in any::<bool>(),
        limits in prop::collection::btree_map(any::<String>(), any::<Option<f64>>(), 0..3),
        ratio in prop::option::of(any::<f32>()),
        token in prop::option::of(any::<String>()),
        note in any::<Option<char>>(),
        pair in any::<(i64, u64)>(),
    ) -> Model {
        let deep = |ratio| Inner { ratio, deep: vec![] };
        Model {
            name, kind, count, tags, enabled, limits, note, pair,
            inner: ratio.map(|ratio| Inner { ratio, deep: vec![deep(ratio), deep(-ratio)] }),
            token: token.map(Token),
        }
    }
}

proptest! {
    #[test]
    fn models_survive(model in model()) {
        let value = to_value(&model).unwrap();
        prop_assert_eq!(from_value::<Model>(&value).unwrap(), model);
    }
}
