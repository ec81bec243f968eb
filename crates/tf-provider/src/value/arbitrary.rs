//! Random types and values for the property tests of this module.
//!
//! Knows which values a type takes, and no encoding.

use std::error::Error;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use super::{Number, Type, Value};

/// The mark that [`secret`] puts into every string and number.
pub(super) const SECRET: &str = "9081726354";

/// Makes the values of primitive types, and the alternatives to those of others.
pub(super) type Leaf = fn(&Type) -> BoxedStrategy<Value>;

/// A type of moderate size.
pub(super) fn ty() -> BoxedStrategy<Type> {
    prop_oneof![Just(Type::String), Just(Type::Number), Just(Type::Bool), Just(Type::Dynamic)]
        .prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                inner.clone().prop_map(Type::list),
                inner.clone().prop_map(Type::set),
                inner.clone().prop_map(Type::map),
                vec(inner.clone(), 0..3).prop_map(Type::Tuple),
                btree_map("[a-z_]{1,6}", inner, 0..3).prop_map(Type::Object),
            ]
        })
        .boxed()
}

/// A type and a value of it.
pub(super) fn typed(leaf: Leaf) -> impl Strategy<Value = (Type, Value)> {
    ty().prop_flat_map(move |ty| (Just(ty.clone()), value(&ty, leaf)))
}

/// A type and several values of it.
pub(super) fn values(count: usize) -> impl Strategy<Value = (Type, Vec<Value>)> {
    ty().prop_flat_map(move |ty| (Just(ty.clone()), vec(value(&ty, any_leaf), count)))
}

/// Known or null.
pub(super) fn known(ty: &Type) -> BoxedStrategy<Value> {
    match ty {
        Type::String => {
            prop_oneof![1 => Just(Value::Null), 6 => any::<String>().prop_map(Value::String)]
                .boxed()
        }
        Type::Number => {
            prop_oneof![1 => Just(Value::Null), 6 => number().prop_map(Value::Number)].boxed()
        }
        Type::Bool => {
            prop_oneof![1 => Just(Value::Null), 6 => any::<bool>().prop_map(Value::Bool)].boxed()
        }
        _ => Just(Value::Null).boxed(),
    }
}

/// Known, null or unknown.
pub(super) fn any_leaf(ty: &Type) -> BoxedStrategy<Value> {
    prop_oneof![1 => Just(Value::Unknown), 5 => known(ty)].boxed()
}

/// Content that must not be shown.
pub(super) fn secret(ty: &Type) -> BoxedStrategy<Value> {
    match ty {
        Type::String => Just(Value::String(format!("sk-{SECRET}\n"))).boxed(),
        Type::Number => prop_oneof![Just(SECRET.to_owned()), Just(format!("0.{SECRET}5"))]
            .prop_map(|text| Value::Number(Number::parse(&text).unwrap()))
            .boxed(),
        ty => any_leaf(ty),
    }
}

/// Returns true if an error shows content made by [`secret`].
pub(super) fn quotes_secret(error: &impl Error) -> bool {
    format!("{error} {error:?}").contains(SECRET)
}

fn value(ty: &Type, leaf: Leaf) -> BoxedStrategy<Value> {
    let inside = match ty {
        Type::String | Type::Number | Type::Bool => return leaf(ty),
        Type::Dynamic => typed_primitive(leaf).boxed(),
        Type::List(element) | Type::Set(element) => {
            vec(value(element, leaf), 0..4).prop_map(Value::List).boxed()
        }
        Type::Map(element) => {
            btree_map("[a-dé \"]{0,3}", value(element, leaf), 0..4).prop_map(Value::Map).boxed()
        }
        Type::Tuple(types) => {
            types.iter().map(|ty| value(ty, leaf)).collect::<Vec<_>>().prop_map(Value::List).boxed()
        }
        Type::Object(types) => {
            let names: Vec<String> = types.keys().cloned().collect();
            types
                .values()
                .map(|ty| value(ty, leaf))
                .collect::<Vec<_>>()
                .prop_map(move |values| names.iter().cloned().zip(values).collect())
                .prop_map(Value::Map)
                .boxed()
        }
    };
    prop_oneof![1 => leaf(ty), 6 => inside].boxed()
}

fn typed_primitive(leaf: Leaf) -> impl Strategy<Value = Value> {
    prop_oneof![Just(Type::String), Just(Type::list(Type::Number)), Just(Type::set(Type::Dynamic))]
        .prop_flat_map(move |ty| {
            let inside = match &ty {
                Type::String => leaf(&ty),
                Type::List(element) => vec(leaf(element), 0..3).prop_map(Value::List).boxed(),
                _ => Just(Value::List(vec![])).boxed(),
            };
            (Just(ty), inside)
        })
        .prop_map(|(ty, value)| Value::dynamic(ty, value))
}

fn number() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<u64>().prop_map(Number::from),
        (-200i64..200).prop_map(Number::from),
        any::<f64>().prop_filter_map("a finite float", |float| {
            Number::try_from(float).ok().filter(|number| number.as_infinity().is_none())
        }),
        "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?([eE][-+]?[0-9]{1,3})?"
            .prop_map(|text| Number::parse(&text).unwrap()),
    ]
}
