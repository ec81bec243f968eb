//! Each rule, kept and broken. The values are small; what they are of is drawn
//! from one schema with one of everything.

use std::collections::BTreeMap;

use super::Broken;
use super::compatible::compatible;
use super::planned::plan_valid;
use super::proposed::proposed_new;
use super::replaced::replaced;
use super::schema::faults;
use super::stored::{Unknowns, whole};
use crate::proto::client::{Attribute, Body, Nested, Shape, Shapes};
use crate::schema::Nesting;
use crate::value::{Path, Type, Value};

fn attribute(name: &str, ty: Type) -> Attribute {
    Attribute {
        name: name.to_owned(),
        ty,
        required: false,
        optional: true,
        computed: false,
        sensitive: false,
        write_only: false,
    }
}

fn nested(name: &str, nesting: Nesting) -> Nested {
    let body = Body { attributes: two_attributes(), blocks: Vec::new() };
    Nested { name: name.to_owned(), nesting, element: body.ty(), body }
}

/// One that the user sets, and one that the provider may set.
fn two_attributes() -> Vec<Attribute> {
    let computed = Attribute { computed: true, ..attribute("both", Type::String) };
    vec![attribute("mine", Type::String), computed]
}

fn body() -> Body {
    let mut attributes = two_attributes();
    attributes.push(Attribute {
        computed: true,
        optional: false,
        ..attribute("theirs", Type::String)
    });
    attributes.push(Attribute { sensitive: true, ..attribute("secret", Type::String) });
    attributes.push(Attribute { write_only: true, ..attribute("secret_wo", Type::String) });
    attributes.push(attribute("set", Type::set(Type::String)));
    attributes.push(attribute("map", Type::map(Type::String)));
    attributes.push(attribute("list", Type::list(Type::String)));
    let blocks = vec![
        nested("one", Nesting::Single),
        nested("many", Nesting::List),
        nested("any", Nesting::Set),
    ];
    Body { attributes, blocks }
}

/// An object with these attributes, and nothing else set.
fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    filled(&body(), fields)
}

fn element<const N: usize>(fields: [(&str, Value); N]) -> Value {
    filled(&nested("", Nesting::Single).body, fields)
}

fn filled<const N: usize>(body: &Body, fields: [(&str, Value); N]) -> Value {
    let mut value = body.empty();
    for (name, field) in fields {
        *value.get_mut(name).unwrap() = field;
    }
    value
}

fn text(text: &str) -> Value {
    Value::from(text)
}

/// Where a rule is broken.
#[track_caller]
fn place(held: Result<(), Broken>) -> String {
    held.expect_err("a rule is broken").path.to_string()
}

mod a_plan {
    use super::*;

    fn held(prior: &Value, config: &Value, planned: &Value) -> Result<(), Broken> {
        plan_valid(&body(), prior, config, planned)
    }

    fn held_new<const N: usize, const M: usize>(
        config: [(&str, Value); N],
        planned: [(&str, Value); M],
    ) -> Result<(), Broken> {
        held(&Value::Null, &object(config), &object(planned))
    }

    #[test]
    fn keeps_what_is_configured() {
        held_new([("mine", text("a"))], [("mine", text("a"))]).unwrap();
        assert_eq!(place(held_new([("mine", text("a"))], [("mine", text("b"))])), "mine");
        assert_eq!(place(held_new([("mine", text("a"))], [])), "mine");
        assert_eq!(place(held_new([], [("mine", text("a"))])), "mine");
        assert_eq!(place(held_new([("both", text("a"))], [("both", text("b"))])), "both");
    }

    #[test]
    fn leaves_open_what_is_not_known() {
        held_new([("mine", Value::Unknown)], [("mine", Value::Unknown)]).unwrap();
        assert_eq!(place(held_new([("mine", Value::Unknown)], [("mine", text("a"))])), "mine");
        assert_eq!(place(held_new([("mine", text("a"))], [("mine", Value::Unknown)])), "mine");
    }

    #[test]
    fn may_decide_what_is_left_to_the_provider() {
        for decided in [Value::Null, Value::Unknown, text("x")] {
            held_new([], [("both", decided.clone()), ("theirs", decided)]).unwrap();
        }
    }

    #[test]
    fn may_keep_the_stored_spelling() {
        let [stored, config] = [object([("mine", text("A"))]), object([("mine", text("a"))])];
        held(&stored, &config, &stored).unwrap();
        let unset = object([]);
        assert_eq!(place(held(&stored, &unset, &stored)), "mine", "but not what was taken away");
        assert_eq!(place(held(&unset, &config, &unset)), "mine", "nor nothing");
    }

    #[test]
    fn holds_no_write_only_value() {
        let config = [("secret_wo", text("hunter2"))];
        held_new(config.clone(), []).unwrap();
        assert_eq!(place(held_new(config.clone(), config)), "secret_wo");
    }

    #[test]
    fn has_the_blocks_that_are_configured() {
        let two = Value::list([element([]), element([])]);
        let one = Value::list([element([])]);
        held_new([("many", two.clone())], [("many", two.clone())]).unwrap();
        assert_eq!(place(held_new([("many", two.clone())], [("many", one)])), "many");
        assert_eq!(place(held_new([], [("many", Value::Null)])), "many");
        assert_eq!(place(held_new([], [("any", Value::Unknown)])), "any");
        held_new([("any", Value::Unknown)], [("any", Value::Unknown)]).unwrap();
        assert_eq!(place(held_new([("any", Value::Unknown)], [("any", two)])), "any");
        assert_eq!(place(held_new([("one", element([]))], [])), "one");
    }

    #[test]
    fn keeps_what_is_configured_inside_of_blocks() {
        let block = |value: &str| Value::list([element([("mine", text(value))])]);
        let broken = held_new([("many", block("a"))], [("many", block("b"))]);
        assert_eq!(place(broken), "many[0].mine");
    }

    #[test]
    fn is_there_where_a_configuration_is() {
        assert_eq!(place(held(&Value::Null, &object([]), &Value::Null)), "");
        assert_eq!(place(held(&Value::Null, &object([]), &Value::Unknown)), "");
    }
}

mod an_outcome {
    use super::*;

    fn held<const N: usize, const M: usize>(
        planned: [(&str, Value); N],
        actual: [(&str, Value); M],
    ) -> Result<(), Broken> {
        compatible(&body(), &object(planned), &object(actual))
    }

    #[test]
    fn is_what_was_planned() {
        held([("mine", text("a"))], [("mine", text("a"))]).unwrap();
        assert_eq!(place(held([("mine", text("a"))], [("mine", text("b"))])), "mine");
        assert_eq!(place(held([("theirs", Value::Null)], [("theirs", text("b"))])), "theirs");
    }

    #[test]
    fn is_anything_where_the_plan_left_it_open() {
        for found in [Value::Null, text("a"), Value::Unknown] {
            held([("theirs", Value::Unknown)], [("theirs", found)]).unwrap();
        }
        let open = Value::map([("a", text("1")), ("b", Value::Unknown)]);
        let found = |keys: &[&str]| Value::map(keys.iter().map(|key| (*key, text("1"))));
        held([("map", open.clone())], [("map", found(&["a", "b"]))]).unwrap();
        assert_eq!(place(held([("map", open.clone())], [("map", found(&["a"]))])), "map");
        assert_eq!(place(held([("map", open)], [("map", found(&["a", "b", "c"]))])), "map");
    }

    #[test]
    fn keeps_the_length_of_lists_and_may_shrink_sets() {
        let open = Value::list([Value::Unknown, text("a")]);
        let one = Value::list([text("a")]);
        let three = Value::list([text("a"), text("b"), text("c")]);
        held([("set", open.clone())], [("set", one.clone())]).unwrap();
        assert_eq!(place(held([("set", open.clone())], [("set", three)])), "set");
        assert_eq!(place(held([("list", open)], [("list", one)])), "list");
        let [a, b] = ["a", "b"].map(|only| Value::list([text(only)]));
        assert_eq!(place(held([("set", a)], [("set", b)])), "set");
    }

    #[test]
    fn has_the_blocks_that_were_planned() {
        let block = |value: Value| Value::list([element([("both", value)])]);
        for name in ["many", "any"] {
            held([(name, block(Value::Unknown))], [(name, block(text("a")))]).unwrap();
            held([(name, Value::Unknown)], [(name, block(text("a")))]).unwrap();
            assert_eq!(place(held([(name, block(Value::Unknown))], [])), name);
        }
        let broken = held([("many", block(text("a")))], [("many", block(text("b")))]);
        assert_eq!(place(broken), "many[0].both");
        let broken = held([("any", block(text("a")))], [("any", block(text("b")))]);
        assert_eq!(place(broken), "any", "elements of sets have no place");
        assert_eq!(place(held([], [("one", element([]))])), "one");
    }

    #[test]
    fn neither_appears_nor_vanishes() {
        assert_eq!(place(compatible(&body(), &Value::Null, &object([]))), "");
        assert_eq!(place(compatible(&body(), &object([]), &Value::Null)), "");
        compatible(&body(), &Value::Null, &Value::Null).unwrap();
    }
}

mod what_is_stored {
    use super::*;

    fn held<const N: usize>(fields: [(&str, Value); N], unknowns: Unknowns) -> String {
        whole(&body(), &object(fields), unknowns)
            .map_or_else(|broken| format!("{} {}", broken.rule, broken.path), |()| String::new())
    }

    #[test]
    fn is_known_unless_it_is_a_plan() {
        let open = || Value::map([("a", Value::Unknown)]);
        assert_eq!(held([("map", open())], Unknowns::Refused), "WhollyKnown map");
        assert_eq!(held([("map", open())], Unknowns::Allowed), "");
        let block = || Value::list([element([("both", Value::Unknown)])]);
        assert_eq!(held([("many", block())], Unknowns::Refused), "WhollyKnown many[0].both");
        assert_eq!(held([("any", block())], Unknowns::Refused), "WhollyKnown any.both");
    }

    #[test]
    fn holds_no_write_only_value() {
        for unknowns in [Unknowns::Allowed, Unknowns::Refused] {
            assert_eq!(held([("secret_wo", text("x"))], unknowns), "WriteOnlyNull secret_wo");
        }
    }

    #[test]
    fn has_no_null_where_blocks_are_a_collection() {
        assert_eq!(held([("one", Value::Null)], Unknowns::Refused), "");
        assert_eq!(held([("many", Value::Null)], Unknowns::Refused), "BlocksNotNull many");
        assert_eq!(held([("any", Value::Null)], Unknowns::Allowed), "BlocksNotNull any");
    }

    #[test]
    fn may_be_nothing() {
        whole(&body(), &Value::Null, Unknowns::Refused).unwrap();
        assert!(whole(&body(), &Value::Unknown, Unknowns::Refused).is_err());
    }
}

mod a_proposal {
    use super::*;

    #[test]
    fn is_the_configuration_with_what_the_provider_decided_before() {
        let prior = object([("mine", text("a")), ("both", text("b")), ("theirs", text("c"))]);
        let config = object([("mine", text("x")), ("secret_wo", text("s"))]);
        let proposed = proposed_new(&body(), &prior, &config);
        let expected = object([
            ("mine", text("x")),
            ("both", text("b")),
            ("theirs", text("c")),
            ("secret_wo", text("s")),
        ]);
        assert_eq!(proposed, expected);
        let unset = proposed_new(&body(), &prior, &object([]));
        assert_eq!(unset.get("mine"), Some(&Value::Null));
        assert_eq!(proposed_new(&body(), &Value::Null, &config), config);
    }

    #[test]
    fn finds_the_stored_blocks_by_position_or_by_what_is_configured() {
        let full = |mine, both| element([("mine", text(mine)), ("both", text(both))]);
        let stored = Value::list([full("a", "1"), full("b", "2")]);
        let configured =
            Value::list([element([("mine", text("b"))]), element([("mine", text("c"))])]);
        for (name, expected) in [("many", ["1", "2"]), ("any", ["2", ""])] {
            let prior = object([(name, stored.clone())]);
            let proposed = proposed_new(&body(), &prior, &object([(name, configured.clone())]));
            let blocks = proposed.get(name).and_then(Value::as_list).unwrap();
            let both = blocks.iter().map(|it| it.get("both").and_then(Value::as_str).unwrap_or(""));
            assert_eq!(both.collect::<Vec<_>>(), expected, "{name}");
        }
    }

    #[test]
    fn leaves_unknown_blocks_unknown() {
        let config = object([("many", Value::Unknown), ("one", element([]))]);
        assert_eq!(proposed_new(&body(), &Value::Null, &config), config);
    }
}

mod a_replacement {
    use super::*;

    fn paths(prior: &Value, planned: &Value, named: &[&str]) -> Result<Vec<Path>, Broken> {
        let body = body();
        let shape = Shape { version: 0, ty: body.ty(), body };
        let named: Vec<Path> = named.iter().map(|name| Path::from(*name)).collect();
        replaced(&shape, prior, planned, &named)
    }

    #[test]
    fn needs_a_difference_that_terraform_sees() {
        let set = |order: [&str; 2]| object([("set", Value::list(order))]);
        assert_eq!(paths(&set(["a", "b"]), &set(["b", "a"]), &["set", "mine"]).unwrap(), []);
        let other = object([("mine", text("x"))]);
        assert_eq!(paths(&object([]), &other, &["mine"]).unwrap(), [Path::from("mine")]);
    }

    #[test]
    fn comes_of_what_is_not_known_and_of_what_is_not_seen() {
        let open = object([("mine", Value::Unknown)]);
        assert_eq!(paths(&object([]), &open, &["mine"]).unwrap().len(), 1);
        assert_eq!(paths(&object([]), &object([]), &["secret_wo"]).unwrap().len(), 1);
    }

    #[test]
    fn has_a_reason_that_exists() {
        let broken = paths(&object([]), &object([]), &["nowhere"]).unwrap_err();
        assert_eq!(broken.path, Path::from("nowhere"));
    }
}

#[test]
fn a_broken_rule_shows_both_values_but_no_secret() {
    let [config, planned] = ["hunter2", "hunter3"]
        .map(|secret| object([("mine", text("a")), ("secret", text(secret))]));
    let shown = plan_valid(&body(), &Value::Null, &config, &planned).unwrap_err().to_string();
    assert!(shown.contains("AssertPlanValid at `secret`") && !shown.contains("hunter"), "{shown}");

    let planned = object([("mine", text("b"))]);
    let shown = plan_valid(&body(), &Value::Null, &config, &planned).unwrap_err().to_string();
    assert!(shown.contains(r#"configured: "a""#) && shown.contains(r#"planned: "b""#), "{shown}");

    let shown = compatible(&body(), &config, &Value::Null).unwrap_err().to_string();
    assert!(!shown.contains("hunter"), "{shown}");
}

#[test]
fn a_schema_that_terraform_would_not_load_is_told_in_sentences() {
    let shape = |body: Body| Shape { version: 0, ty: body.ty(), body };
    let of = |attributes, blocks| {
        faults(&Shapes {
            provider: shape(Body::default()),
            resources: [("demo_thing".to_owned(), shape(Body { attributes, blocks }))].into(),
            data_sources: BTreeMap::new(),
        })
    };
    assert_eq!(of(body().attributes, body().blocks), [""; 0]);

    let nobody = Attribute { optional: false, ..attribute("a", Type::String) };
    let both = Attribute { required: true, ..attribute("a", Type::String) };
    let given = Attribute { optional: false, required: true, computed: true, ..both };
    let nobody_knows = Attribute { computed: true, write_only: true, ..attribute("b", Type::Bool) };
    for (wrong, fault) in [
        (vec![nobody], "nobody sets it"),
        (
            vec![Attribute { required: true, ..attribute("a", Type::String) }],
            "required and optional",
        ),
        (vec![given], "required and computed"),
        (vec![nobody_knows], "computed and write-only"),
        (vec![attribute("a", Type::Bool), attribute("a", Type::Bool)], "there twice"),
        (vec![attribute("count", Type::Bool)], "keeps for itself"),
        (vec![attribute("Name", Type::Bool)], "no name that can be written"),
    ] {
        let told = of(wrong, Vec::new());
        assert!(told.len() == 1 && told[0].contains(fault), "{told:?}");
    }

    let dynamic = Body { attributes: vec![attribute("a", Type::Dynamic)], blocks: Vec::new() };
    let set = Nested {
        name: "set".to_owned(),
        nesting: Nesting::Set,
        element: dynamic.ty(),
        body: dynamic,
    };
    assert!(of(Vec::new(), vec![set])[0].contains("nothing dynamic"));

    let write_only = Attribute { write_only: true, ..attribute("a", Type::Bool) };
    let attributes = vec![write_only, attribute("count", Type::Bool)];
    let told = faults(&Shapes {
        provider: shape(Body::default()),
        resources: BTreeMap::new(),
        data_sources: [("demo_thing".to_owned(), shape(Body { attributes, blocks: vec![] }))]
            .into(),
    });
    assert!(told[0].contains("data.demo_thing: `count`"), "{told:?}");
    assert!(told[1].contains("only resources have write-only"), "{told:?}");
}
