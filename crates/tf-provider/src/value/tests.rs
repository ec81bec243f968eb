//! The questions that a value answers about itself.

use super::*;

fn sample() -> Value {
    Value::map([
        ("name", Value::from("x")),
        ("tags", Value::map([("a", 1)])),
        ("list", Value::list([Value::map([("y", true)]), Value::Unknown])),
        ("any", Value::dynamic(Type::String, "z".into())),
        ("none", Value::Null),
    ])
}

#[test]
fn accessors_answer_for_their_kind_only() {
    let value = sample();
    assert_eq!(value.get("name").unwrap().as_str(), Some("x"));
    assert_eq!(value.get("any").unwrap().as_str(), Some("z"));
    assert_eq!(value.get("tags").unwrap().get("a").unwrap().as_i64(), Some(1));
    assert_eq!(value.get("list").unwrap().as_list().unwrap().len(), 2);
    assert!(value.get("none").unwrap().is_null());
    assert_eq!(value.get("missing"), None);
    assert_eq!(value.as_str(), None);
    assert_eq!(value.as_bool(), None);
    assert_eq!(value.as_list(), None);
    assert_eq!(Value::Unknown.as_map(), None);
}

#[test]
fn a_typed_null_is_null_and_a_typed_unknown_unknown() {
    assert!(Value::dynamic(Type::String, Value::Null).is_null());
    assert!(Value::dynamic(Type::String, Value::Unknown).is_unknown());
    assert!(!Value::dynamic(Type::String, "".into()).is_null());
}

#[test]
fn one_unknown_inside_is_enough() {
    assert!(!sample().is_wholly_known());
    assert!(!sample().is_unknown());
    assert!(sample().get("tags").unwrap().is_wholly_known());
    let hidden = Value::dynamic(Type::list(Type::String), Value::list([Value::Unknown]));
    assert!(!hidden.is_wholly_known());
}

#[test]
fn paths_lead_to_values() {
    let mut value = sample();
    let inner = Path::from("list").index(0).attribute("y");
    assert_eq!(value.at(&inner), Some(&true.into()));
    assert_eq!(value.at(&Path::root()), Some(&sample()));
    assert_eq!(value.at(&Path::from("tags").key("a")), Some(&1.into()));
    for nowhere in [
        Path::from("x"),
        Path::from("list").index(2),
        Path::from("list").index(-1),
        Path::from("list").index(1).attribute("y"),
        Path::from("none").attribute("y"),
        Path::from("name").index(0),
    ] {
        assert_eq!(value.at(&nowhere), None, "{nowhere}");
    }
    *value.get_mut("name").unwrap() = 5.into();
    assert_eq!(value.get("name").unwrap().as_i64(), Some(5));
    value.get_mut("list").unwrap().as_list_mut().unwrap().clear();
    assert_eq!(value.get("list"), Some(&Value::List(vec![])));
}

#[test]
fn equals_numbers_by_value_and_lists_in_order() {
    let number = |text| Value::Number(Number::parse(text).unwrap());
    assert_eq!(number("1"), number("1.0"));
    assert_ne!(number("1"), Value::from("1"));
    assert_ne!(Value::list([1, 2]), Value::list([2, 1]));
    assert_eq!(Value::from(None::<&str>), Value::Null);
}

#[test]
fn types_are_implied_as_far_as_they_can_be() {
    assert_eq!(
        sample().implied_type().to_string(),
        "object({any = string, list = tuple([object({y = bool}), any]), name = string, \
         none = any, tags = object({a = number})})"
    );
}
