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

impl Value {
    /// Returns true if Terraform would call the two equal, both taken as `ty`.
    ///
    /// Beyond `==`: the order and the repeats of sets do not count, an absent
    /// attribute of an object is null, and text is compared after Unicode
    /// normalisation (NFC). Unknown is the same as unknown.
    #[must_use]
    pub fn same_as(&self, other: &Self, ty: &Type) -> bool {
        order(self, other, ty).is_eq()
    }
}

/// The type by which elements are compared where their type is not known.
static UNTYPED: Type = Type::Dynamic;

/// The text as Terraform keeps it.
pub(crate) fn text(text: &str) -> Cow<'_, str> {
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
    settled_set(elements, element).into_iter().map(|(_, original)| original).collect()
}

/// As [`set`], each with the form it is compared in.
fn settled_set<'a>(elements: &'a [Value], ty: &Type) -> Vec<(Value, &'a Value)> {
    let mut sorted: Vec<_> = elements.iter().map(|each| (settled(each, ty), each)).collect();
    sorted.sort_by(|(one, _), (two, _)| compare(one, two, ty));
    sorted.dedup_by(|(one, _), (two, _)| one.is_wholly_known() && compare(one, two, ty).is_eq());
    sorted
}

/// The value with every set in it in order and without repeats. That is done once
/// before anything is compared: done in each comparison, the time for sets of sets
/// would grow with a power of their size.
fn settled(value: &Value, ty: &Type) -> Value {
    match (value, ty) {
        (Value::Dynamic(typed), _) => {
            let inner = if *ty == Type::Dynamic { &typed.ty } else { ty };
            Value::dynamic(typed.ty.clone(), settled(&typed.value, inner))
        }
        (Value::List(elements), Type::Set(ty)) => {
            settled_set(elements, ty).into_iter().map(|(settled, _)| settled).collect()
        }
        (Value::List(elements), ty) => {
            let typed = elements.iter().enumerate();
            typed.map(|(position, each)| settled(each, element(ty, position))).collect()
        }
        (Value::Map(entries), ty) => Value::map(
            entries.iter().map(|(name, each)| (name.as_str(), settled(each, entry(ty, name)))),
        ),
        (value, _) => value.clone(),
    }
}

/// The type of an element of a list, set or tuple.
fn element(ty: &Type, position: usize) -> &Type {
    match ty {
        Type::List(element) | Type::Set(element) => element,
        Type::Tuple(elements) => elements.get(position).unwrap_or(&UNTYPED),
        _ => &UNTYPED,
    }
}

/// The type of an entry of a map or object.
fn entry<'a>(ty: &'a Type, name: &str) -> &'a Type {
    match ty {
        Type::Map(element) => element,
        Type::Object(attributes) => attributes.get(name).unwrap_or(&UNTYPED),
        _ => &UNTYPED,
    }
}

fn may_hold_sets(ty: &Type) -> bool {
    match ty {
        Type::String | Type::Number | Type::Bool => false,
        Type::Dynamic | Type::Set(_) => true,
        Type::List(element) | Type::Map(element) => may_hold_sets(element),
        Type::Tuple(elements) => elements.iter().any(may_hold_sets),
        Type::Object(attributes) => attributes.values().any(may_hold_sets),
    }
}

/// A total order of values taken as `ty`, in which equal is equal to Terraform.
///
/// Values that are not of the type have a place too: what is inside them is
/// compared by the types it would have on its own.
pub(super) fn order(one: &Value, two: &Value, ty: &Type) -> Ordering {
    match may_hold_sets(ty) {
        true => compare(&settled(one, ty), &settled(two, ty), ty),
        false => compare(one, two, ty),
    }
}

/// The order of two values whose sets are settled.
fn compare(one: &Value, two: &Value, ty: &Type) -> Ordering {
    if *ty == Type::Dynamic {
        // Types first: below an attribute of type dynamic, text is not a number.
        let (one_type, two_type) = (type_of(one), type_of(two));
        return one_type.cmp(&two_type).then_with(|| compare_as(one, two, &one_type));
    }
    compare_as(one, two, ty)
}

fn compare_as(one: &Value, two: &Value, ty: &Type) -> Ordering {
    match (one.held(), two.held()) {
        (Value::Bool(one), Value::Bool(two)) => one.cmp(two),
        (Value::Number(one), Value::Number(two)) => one.cmp(two),
        (Value::String(one), Value::String(two)) => text(one).cmp(&text(two)),
        (Value::List(one), Value::List(two)) => compare_lists(one, two, ty),
        (Value::Map(one), Value::Map(two)) => compare_maps(one, two, ty),
        (one, two) => rank(one).cmp(&rank(two)),
    }
}

fn compare_lists(one: &[Value], two: &[Value], ty: &Type) -> Ordering {
    lexicographic(one, two, |position, one, two| compare(one, two, element(ty, position)))
}

fn compare_maps(
    one: &BTreeMap<String, Value>,
    two: &BTreeMap<String, Value>,
    ty: &Type,
) -> Ordering {
    if let Type::Object(_) = ty {
        let names: BTreeSet<&String> = one.keys().chain(two.keys()).collect();
        return names
            .into_iter()
            .map(|name| {
                let [one, two] = [one, two].map(|map| map.get(name).unwrap_or(&Value::Null));
                compare(one, two, entry(ty, name))
            })
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal);
    }
    lexicographic(entries(one), entries(two), |_, one, two| {
        one.0.cmp(&two.0).then_with(|| compare(one.1, two.1, entry(ty, &one.0)))
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
