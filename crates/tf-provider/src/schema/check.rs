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
    let demand = format!("Set exactly one of {}", in_words(&names));
    move |view| {
        let count =
            |is: fn(&Given<()>) -> bool| names.iter().filter(|name| is(&state(view, name))).count();
        let (title, detail) = if count(Given::is_null) == N {
            ("Missing argument", format!("{demand}."))
        } else if count(Given::is_known) > 1 {
            ("Too many arguments", format!("{demand}, and remove the others."))
        } else {
            return Diagnostics::none();
        };
        let found = Diagnostic::error(title).detail(detail);
        match names.iter().rfind(|name| state(view, name).is_known()) {
            Some(last) => found.at(view.path_of(last)).into(),
            None if view.path().is_root() => found.into(),
            None => found.at(view.path().clone()).into(),
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

/// Names in a sentence: "`a`, `b` and `c`".
fn in_words(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => quoted.concat(),
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
    fn refuses_none_and_two_where_one_is_asked_for() {
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
    fn reports_a_conflict_at_each_argument_in_the_way() {
        let check = || conflicts_with("a", ["b", "c"]);
        let found = errors(check(), &[set("a"), set("b"), open("c")]);
        assert_eq!(found, ["b: `a` cannot be set together with `b`. Remove one of them."]);
        for fine in [vec![set("b"), set("c")], vec![open("a"), set("b")], vec![set("a")]] {
            assert!(errors(check(), &fine).is_empty(), "{fine:?}");
        }
    }

    #[test]
    fn names_each_argument_that_another_one_requires() {
        let check = || required_with("a", ["b", "c"]);
        let found = errors(check(), &[set("a"), open("b")]);
        assert_eq!(found, ["c: `c` is required with `a`. Set it, or remove `a`."]);
        for fine in [vec![], vec![open("a")], vec![set("a"), set("b"), set("c")]] {
            assert!(errors(check(), &fine).is_empty(), "{fine:?}");
        }
    }
}
