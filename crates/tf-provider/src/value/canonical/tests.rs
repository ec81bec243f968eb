//! Terraform's equality: sets, objects, text and dynamic values.

use proptest::prelude::*;

use super::*;
use crate::value::arbitrary;

#[test]
fn sets_have_neither_order_nor_repeats() {
    let (one, two) = (Value::list(["b", "a", "b"]), Value::list(["a", "b"]));
    assert!(one.same_as(&two, &Type::set(Type::String)));
    assert!(!one.same_as(&two, &Type::list(Type::String)));
    assert!(!one.same_as(&Value::list(["a"]), &Type::set(Type::String)));
}

#[test]
fn sets_inside_sets_have_none_either() {
    let one = Value::list([Value::list(["a", "b"]), Value::list(["c"])]);
    let two = Value::list([Value::list(["c"]), Value::list(["b", "a"])]);
    assert!(one.same_as(&two, &Type::set(Type::set(Type::String))));
    assert!(!one.same_as(&two, &Type::set(Type::list(Type::String))));
}

/// Were sets put in order in each comparison, the time for these would be a power of
/// their number, and no one would see the end of it.
#[test]
fn sets_of_sets_are_put_in_order_once() {
    let mut value = Value::list(["b", "a"]);
    let mut ty = Type::set(Type::String);
    for _ in 0..12 {
        value = Value::List(vec![value.clone(), value]);
        ty = Type::set(ty);
    }
    assert!(value.same_as(&value, &ty));
}

#[test]
fn unknown_elements_are_not_repeats() {
    let elements = [Value::Unknown, Value::from("a"), Value::Unknown, Value::from("a")];
    assert_eq!(set(&elements, &Type::String).len(), 3);
}

#[test]
fn absent_attributes_are_null_and_absent_keys_are_not() {
    let (short, full) =
        (Value::map([("a", 1)]), Value::map([("a", Value::from(1)), ("b", Value::Null)]));
    let object = Type::object([("a", Type::Number), ("b", Type::String)]);
    assert!(short.same_as(&full, &object));
    assert!(!short.same_as(&full, &Type::map(Type::Number)));
    assert!(!Value::Null.same_as(&Value::Map([].into()), &object));
}

#[test]
fn text_and_keys_are_the_same_in_any_normal_form() {
    let (one, two) = (Value::from("e\u{301}"), Value::from("\u{e9}"));
    assert_ne!(one, two);
    assert!(one.same_as(&two, &Type::String));
    let (one, two) =
        (Value::map([("e\u{301}", 1), ("f", 2)]), Value::map([("\u{e9}", 1), ("f", 2)]));
    assert!(one.same_as(&two, &Type::map(Type::Number)));
}

#[test]
fn dynamic_values_are_the_same_only_with_their_type() {
    let text = Value::dynamic(Type::String, "1".into());
    assert!(text.same_as(&"1".into(), &Type::Dynamic));
    assert!(!text.same_as(&1.into(), &Type::Dynamic));
    let list = |ty| Value::dynamic(ty, Value::list(["a", "b"]));
    let set = Type::set(Type::String);
    let turned = Value::dynamic(set.clone(), Value::list(["b", "a"]));
    assert!(list(set.clone()).same_as(&turned, &Type::Dynamic));
    assert!(!list(Type::list(Type::String)).same_as(&turned, &Type::Dynamic));
    assert!(turned.same_as(&Value::list(["a", "b"]), &set));
}

proptest! {
    #[test]
    fn order_is_total((ty, values) in arbitrary::values(3)) {
        let [one, two, three] = values.try_into().expect("three were asked for");
        prop_assert!(one.same_as(&one, &ty));
        prop_assert_eq!(order(&one, &two, &ty), order(&two, &one, &ty).reverse());
        let mut sorted = [&one, &two, &three];
        sorted.sort_by(|one, two| order(one, two, &ty));
        prop_assert!(order(sorted[0], sorted[2], &ty).is_le());
    }
}
