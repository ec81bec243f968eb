//! The shape that is shown by default, and the content on request.

use proptest::prelude::*;

use super::*;
use crate::value::{Type, arbitrary};

fn sample() -> Value {
    Value::map([
        ("api key", Value::from("sk-\"${x}\"\n")),
        ("count", Value::from(42)),
        ("key", Value::Null),
        ("mixed", Value::List(vec![Value::from("a"), Value::Null])),
        ("on", Value::from(true)),
        ("one", Value::list(["only"])),
        ("tags", Value::list(["red", "blue"])),
        ("typed", Value::dynamic(Type::String, "hidden".into())),
        ("x", Value::Unknown),
    ])
}

#[test]
fn shows_the_shape_and_no_content() {
    let shape = r#"{"api key": string, count: number, key: null, mixed: [string, null], on: bool, one: [string], tags: [string; 2], typed: string, x: unknown}"#;
    assert_eq!(sample().to_string(), shape);
    assert_eq!(format!("{:?}", sample()), shape);
    assert_eq!(format!("{:#?}", sample()), shape);
    assert_eq!(Value::List(vec![]).to_string(), "[]");
    assert_eq!(Value::Map([].into()).to_string(), "{}");
}

#[test]
fn reveals_the_content_on_request() {
    assert_eq!(
        sample().reveal().to_string(),
        r#"{"api key" = "sk-\"$${x}\"\n", count = 42, key = null, mixed = ["a", null], on = true, one = ["only"], tags = ["red", "blue"], typed = "hidden", x = (known after apply)}"#
    );
    let text = Value::from("%{ 5% $5 \u{7} \\");
    assert_eq!(text.reveal().to_string(), r#""%%{ 5% $5 \u0007 \\""#);
    assert_eq!(format!("{:?}", Value::from(1).reveal()), "1");
}

proptest! {
    #[test]
    fn no_content_leaks((_, value) in arbitrary::typed(arbitrary::secret)) {
        let shown = format!("{value} {value:?} {value:#?}");
        prop_assert!(!shown.contains(arbitrary::SECRET), "{shown}");
    }
}
