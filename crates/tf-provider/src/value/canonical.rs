//! The one form Terraform reduces equal values to.
//!
//! Text is normalised to NFC, sets are sorted and free of repeats, and objects have
//! every attribute of their type. Encoders write that form; typed equality compares
//! as if both sides were in it. This file must not know any encoding.
//!
//! Specification: go-cty, `cty.NormalizeString`, `cty/set_internals.go` (sets) and
//! `docs/types.md` (objects). The order of sets has no meaning to Terraform; it is
//! fixed here so that equal values have equal bytes.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::{Type, Value};

/// What elements are compared as where a type says nothing of them.
static UNTYPED: Type = Type::Dynamic;

/// The text as Terraform keeps it.
pub(super) fn text(text: &str) -> Cow<'_, str> {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        IsNormalized::No | IsNormalized::Maybe => Cow::Owned(text.nfc().collect()),
    }
}

/// The entries of a map by the keys Terraform keeps, in order.
///
/// Has fewer entries than the map if two keys are one to Terraform.
pub(super) fn entries(map: &BTreeMap<String, Value>) -> BTreeMap<Cow<'_, str>, &Value> {
    map.iter().map(|(key, value)| (text(key), value)).collect()
}

/// The elements of a set, in order and without repeats.
///
/// Elements that are not wholly known yet may turn out different from each other,
/// so they are all kept.
pub(super) fn set<'a>(elements: &'a [Value], element: &Type) -> Vec<&'a Value> {
    let mut sorted: Vec<&Value> = elements.iter().collect();
    sorted.sort_by(|one, two| order(one, two, element));
    sorted.dedup_by(|one, two| one.is_wholly_known() && order(one, two, element).is_eq());
    sorted
}

/// A total order of values taken as `ty`, in which equal is equal to Terraform.
///
/// Values that are not of the type have a place too: what is inside them is
/// compared by the types it would have on its own.
pub(super) fn order(one: &Value, two: &Value, ty: &Type) -> Ordering {
    if *ty == Type::Dynamic {
        // Types first: below an attribute of type dynamic, text is not a number.
        let (one_type, two_type) = (type_of(one), type_of(two));
        return one_type.cmp(&two_type).then_with(|| order_as(one, two, &one_type));
    }
    order_as(one, two, ty)
}

fn order_as(one: &Value, two: &Value, ty: &Type) -> Ordering {
    match (one.held(), two.held()) {
        (Value::Bool(one), Value::Bool(two)) => one.cmp(two),
        (Value::Number(one), Value::Number(two)) => one.cmp(two),
        (Value::String(one), Value::String(two)) => text(one).cmp(&text(two)),
        (Value::List(one), Value::List(two)) => order_lists(one, two, ty),
        (Value::Map(one), Value::Map(two)) => order_maps(one, two, ty),
        (one, two) => rank(one).cmp(&rank(two)),
    }
}

fn order_lists(one: &[Value], two: &[Value], ty: &Type) -> Ordering {
    match ty {
        Type::Set(element) => {
            let (one, two) = (set(one, element), set(two, element));
            lexicographic(one, two, |_, one, two| order(one, two, element))
        }
        Type::List(element) => lexicographic(one, two, |_, one, two| order(one, two, element)),
        Type::Tuple(elements) => lexicographic(one, two, |position, one, two| {
            order(one, two, elements.get(position).unwrap_or(&UNTYPED))
        }),
        _ => lexicographic(one, two, |_, one, two| order(one, two, &UNTYPED)),
    }
}

fn order_maps(one: &BTreeMap<String, Value>, two: &BTreeMap<String, Value>, ty: &Type) -> Ordering {
    if let Type::Object(attributes) = ty {
        let names: BTreeSet<&String> = one.keys().chain(two.keys()).collect();
        return names
            .into_iter()
            .map(|name| {
                let ty = attributes.get(name).unwrap_or(&UNTYPED);
                let [one, two] = [one, two].map(|map| map.get(name).unwrap_or(&Value::Null));
                order(one, two, ty)
            })
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal);
    }
    let element = if let Type::Map(element) = ty { element } else { &UNTYPED };
    lexicographic(entries(one), entries(two), |_, one, two| {
        one.0.cmp(&two.0).then_with(|| order(one.1, two.1, element))
    })
}

/// The type a value brings, or would have on its own.
fn type_of(value: &Value) -> Type {
    match value {
        Value::Dynamic(typed) if typed.ty == Type::Dynamic => type_of(&typed.value),
        value => value.implied_type(),
    }
}

/// Unknown after all that is known, and null last, as Terraform has it in sets.
fn rank(value: &Value) -> u8 {
    match value {
        Value::Bool(_) => 0,
        Value::Number(_) => 1,
        Value::String(_) => 2,
        Value::List(_) => 3,
        Value::Map(_) => 4,
        Value::Unknown => 5,
        Value::Null => 6,
        Value::Dynamic(typed) => rank(&typed.value),
    }
}

/// The order of two sequences by the first elements that differ, then by length.
fn lexicographic<T>(
    one: impl IntoIterator<Item = T>,
    two: impl IntoIterator<Item = T>,
    order: impl Fn(usize, T, T) -> Ordering,
) -> Ordering {
    let (mut one, mut two) = (one.into_iter(), two.into_iter());
    for position in 0.. {
        let decided = match (one.next(), two.next()) {
            (Some(one), Some(two)) => order(position, one, two),
            (None, None) => break,
            (one, two) => return one.is_some().cmp(&two.is_some()),
        };
        if decided.is_ne() {
            return decided;
        }
    }
    Ordering::Equal
}
