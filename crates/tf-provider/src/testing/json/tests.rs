//! Configurations as a test writes them.

use serde_json::json;

use super::*;

fn attribute(name: &str, ty: Type, required: bool) -> Attribute {
    Attribute {
        name: name.to_owned(),
        ty,
        required,
        optional: !required,
        computed: false,
        sensitive: false,
        write_only: false,
    }
}

fn body() -> Body {
    let inside = || Body { attributes: vec![attribute("key", Type::String, true)], blocks: vec![] };
    let block = |name: &str, nesting| Nested {
        name: name.to_owned(),
        nesting,
        element: inside().ty(),
        body: inside(),
    };
    Body {
        attributes: vec![
            attribute("name", Type::String, true),
            attribute("size", Type::Number, false),
            attribute("tags", Type::map(Type::list(Type::String)), false),
        ],
        blocks: vec![block("one", Nesting::Single), block("many", Nesting::List)],
    }
}

/// The errors of a configuration, with their places.
fn wrong(written: &Json) -> Vec<String> {
    let found = configuration(&body(), written).unwrap_err();
    let place = |each: &Diagnostic| each.path().map(ToString::to_string).unwrap_or_default();
    found.iter().map(|each| format!("{} {}", each.summary(), place(each))).collect()
}

#[test]
fn what_is_not_written_is_null_or_no_blocks() {
    let value = configuration(&body(), &json!({ "name": "a" })).unwrap();
    assert_eq!(
        shown(&value),
        json!({ "name": "a", "size": null, "tags": null, "one": null, "many": [] })
    );
}

#[test]
fn a_block_stands_alone_or_in_an_array() {
    for many in [json!({ "key": "a" }), json!([{ "key": "a" }])] {
        let written = json!({ "name": "a", "many": many });
        assert_eq!(
            shown(&configuration(&body(), &written).unwrap())["many"],
            json!([{ "key": "a" }])
        );
    }
}

#[test]
fn the_mark_stands_for_an_unknown_anywhere() {
    let tags = json!({ "a": ["x", unknown()], "b": unknown() });
    let written =
        json!({ "name": unknown(), "tags": tags, "many": unknown(), "one": { "key": unknown() } });
    let value = configuration(&body(), &written).unwrap();
    assert_eq!(value.get("name"), Some(&Value::Unknown));
    assert_eq!(value.get("many"), Some(&Value::Unknown));
    assert_eq!(shown(&value)["tags"], tags);
    assert_eq!(shown(&value)["one"], json!({ "key": unknown() }));
}

#[test]
fn text_and_numbers_are_converted_as_terraform_does() {
    let value = configuration(&body(), &json!({ "name": 7, "size": "1.50" })).unwrap();
    assert_eq!(shown(&value)["name"], "7");
    assert_eq!(shown(&value)["size"], json!(1.5));
}

#[test]
fn reports_errors_with_their_places() {
    assert_eq!(wrong(&json!({})), ["Missing required argument name"]);
    assert_eq!(wrong(&json!({ "name": "a", "nmae": 1 })), ["Unsupported argument nmae"]);
    assert_eq!(
        wrong(&json!({ "name": "a", "many": [{ "key": "a" }, {}] })),
        ["Missing required argument many[1].key"]
    );
    assert_eq!(
        wrong(&json!({ "name": "a", "tags": { "a": [unknown(), []] } })),
        [r#"Incorrect attribute value type tags["a"][1]"#]
    );
    assert_eq!(wrong(&json!({ "name": "a", "one": 1 })), ["Incorrect block one"]);
}
