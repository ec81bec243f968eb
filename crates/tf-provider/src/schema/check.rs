//! Rules over several arguments of one block.
//!
//! An unknown value never breaks a rule: Terraform runs each again when more is known.

use std::sync::Arc;

use super::block::{Block, Check};
use super::given::Given;
use super::view::View;
use crate::diagnostics::{Diagnostic, Diagnostics};

impl Check {
    pub(super) fn new(rule: impl Fn(&View<'_>) -> Diagnostics + Send + Sync + 'static) -> Self {
        Self(Arc::new(move |body, values, path| rule(&View::of(body, values, path.clone()))))
    }
}

impl Block {
    /// Adds a rule over each block of this name, such as [`exactly_one_of`].
    #[must_use]
    pub fn check(
        mut self,
        check: impl Fn(&View<'_>) -> Diagnostics + Send + Sync + 'static,
    ) -> Self {
        self.body_mut().add_check(Check::new(check));
        self
    }
}

/// A check that exactly one of these arguments and blocks is given.
///
/// ```
/// use tf_provider::schema::{Nesting, block, exactly_one_of, required_with, string};
///
/// let source = block("source", Nesting::Single)
///     .attribute(string("url"))
///     .attribute(string("token"))
///     .attribute(string("client_id"))
///     .check(exactly_one_of(["url", "token"]))
///     .check(required_with("url", ["client_id"]));
/// ```
pub fn exactly_one_of<const N: usize>(
    names: [&'static str; N],
) -> impl Fn(&View<'_>) -> Diagnostics + Send + Sync + 'static {
    move |view| {
        let known = names.iter().filter(|name| state(view, name).is_known()).collect::<Vec<_>>();
        match known.as_slice() {
            [] if names.iter().all(|name| state(view, name).is_null()) => {
                let missing = Diagnostic::error("Missing argument");
                let missing =
                    missing.detail(format!("Set exactly one of {}.", list(&names, "and")));
                match view.path().is_root() {
                    true => missing.into(),
                    false => missing.at(view.path().clone()).into(),
                }
            }
            [] | [_] => Diagnostics::none(),
            [_, others @ ..] => {
                let last = others.last().unwrap_or(&known[0]);
                Diagnostic::error("Too many arguments")
                    .detail(format!(
                        "Set exactly one of {}, and remove the others.",
                        list(&names, "and")
                    ))
                    .at(view.path_of(last))
                    .into()
            }
        }
    }
}

/// A check that, where `name` is given, none of `others` is.
pub fn conflicts_with<const N: usize>(
    name: &'static str,
    others: [&'static str; N],
) -> impl Fn(&View<'_>) -> Diagnostics + Send + Sync + 'static {
    related(
        name,
        others,
        |other| other.is_known(),
        move |other| {
            let title = format!("Conflict of {name} and {other}");
            (title, format!("`{name}` cannot be set together with `{other}`. Remove one of them."))
        },
    )
}

/// A check that, where `name` is given, so is each of `others`.
pub fn required_with<const N: usize>(
    name: &'static str,
    others: [&'static str; N],
) -> impl Fn(&View<'_>) -> Diagnostics + Send + Sync + 'static {
    related(
        name,
        others,
        |other| other.is_null(),
        move |other| {
            let title = format!("Missing {other}");
            (title, format!("`{other}` is required with `{name}`. Set it, or remove `{name}`."))
        },
    )
}

/// A check that fails at each of `others` that is at fault where `name` is given.
fn related<const N: usize>(
    name: &'static str,
    others: [&'static str; N],
    at_fault: fn(&Given<()>) -> bool,
    words: impl Fn(&str) -> (String, String) + Send + Sync + 'static,
) -> impl Fn(&View<'_>) -> Diagnostics + Send + Sync + 'static {
    move |view| {
        let given = state(view, name).is_known();
        let faults = others.iter().filter(|other| at_fault(&state(view, other)) && given);
        let describe = |other: &&str| {
            let (title, detail) = words(other);
            Diagnostic::error(title).detail(detail).at(view.path_of(other))
        };
        faults.map(describe).collect()
    }
}

/// The state of an argument or block. A collection of no blocks is none.
fn state(view: &View<'_>, name: &str) -> Given<()> {
    let is_block = view.nested_blocks().iter().any(|block| block.name() == name);
    view.get(name).and_then(|value| {
        let none = is_block && value.as_list().is_some_and(<[_]>::is_empty);
        (!none).then_some(())
    })
}

fn list(names: &[&str], conjunction: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [first @ .., last] if !first.is_empty() => {
            format!("{} {conjunction} {last}", first.join(", "))
        }
        all => all.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Nesting, Schema, block, string};
    use super::*;
    use crate::value::Value;

    /// The place and detail of each error of a schema that has `check`.
    fn errors(
        check: impl Fn(&View<'_>) -> Diagnostics + Send + Sync + 'static,
        values: &[(&str, Value)],
    ) -> Vec<String> {
        let schema = Schema::resource("thing", "A thing.")
            .attributes(["a", "b", "c"].map(string))
            .block(block("many", Nesting::List))
            .check(check);
        let mut object = schema.empty();
        for (name, value) in values {
            *object.get_mut(name).unwrap() = value.clone();
        }
        let found = View::new(&schema, &object).check();
        let place = |each: &Diagnostic| each.path().map(ToString::to_string).unwrap_or_default();
        found.iter().map(|each| format!("{}: {}", place(each), each.text())).collect()
    }

    fn set(name: &str) -> (&str, Value) {
        (name, Value::from("x"))
    }

    fn open(name: &str) -> (&str, Value) {
        (name, Value::Unknown)
    }

    #[test]
    fn exactly_one_is_neither_none_nor_two() {
        let check = || exactly_one_of(["a", "b", "many"]);
        assert_eq!(errors(check(), &[]), [": Set exactly one of `a`, `b` and `many`."]);
        let two = "b: Set exactly one of `a`, `b` and `many`, and remove the others.";
        assert_eq!(errors(check(), &[set("a"), set("b"), open("many")]), [two]);
        let one_block = ("many", Value::list([Value::Map([].into())]));
        for fine in [vec![set("a")], vec![one_block], vec![open("a")], vec![set("a"), open("b")]] {
            assert!(errors(check(), &fine).is_empty(), "{fine:?}");
        }
    }

    #[test]
    fn a_conflict_is_at_each_argument_that_is_in_the_way() {
        let check = || conflicts_with("a", ["b", "c"]);
        let found = errors(check(), &[set("a"), set("b"), open("c")]);
        assert_eq!(found, ["b: `a` cannot be set together with `b`. Remove one of them."]);
        for fine in [vec![set("b"), set("c")], vec![open("a"), set("b")], vec![set("a")]] {
            assert!(errors(check(), &fine).is_empty(), "{fine:?}");
        }
    }

    #[test]
    fn what_is_required_with_another_argument_is_named() {
        let check = || required_with("a", ["b", "c"]);
        let found = errors(check(), &[set("a"), open("b")]);
        assert_eq!(found, ["c: `c` is required with `a`. Set it, or remove `a`."]);
        for fine in [vec![], vec![open("a")], vec![set("a"), set("b"), set("c")]] {
            assert!(errors(check(), &fine).is_empty(), "{fine:?}");
        }
    }
}
