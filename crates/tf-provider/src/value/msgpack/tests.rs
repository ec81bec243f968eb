//! Golden bytes for each rule of the encoding, and hostile bytes.

use proptest::prelude::*;

use super::*;
use crate::value::arbitrary;

/// Bytes from hex, with spaces anywhere and text in single quotes.
fn wire(notation: &str) -> Vec<u8> {
    notation
        .split('\'')
        .enumerate()
        .flat_map(|(position, part)| {
            if position % 2 == 1 {
                return part.as_bytes().to_vec();
            }
            let digits: Vec<char> = part.chars().filter(|c| !c.is_whitespace()).collect();
            digits
                .chunks(2)
                .map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap())
                .collect()
        })
        .collect()
}

fn number(text: &str) -> Value {
    Value::Number(Number::parse(text).unwrap())
}

fn float(float: f64) -> Value {
    Value::Number(Number::try_from(float).unwrap())
}

/// The value has these bytes, and these bytes are the value.
#[track_caller]
fn both(value: &Value, ty: &Type, notation: &str) {
    let bytes = encode(value, ty).unwrap();
    assert_eq!(hex(&bytes), hex(&wire(notation)), "{value} as {ty}");
    let read = decode(&bytes, ty).unwrap();
    assert!(read.same_as(value, ty), "{} is not {}", read.reveal(), value.reveal());
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn one_of_each_type() -> [Type; 9] {
    [
        Type::String,
        Type::Number,
        Type::Bool,
        Type::Dynamic,
        Type::list(Type::String),
        Type::set(Type::String),
        Type::map(Type::String),
        Type::tuple([Type::String]),
        Type::object([("a", Type::String)]),
    ]
}

#[test]
fn null_and_unknown_are_the_same_for_every_type() {
    for ty in one_of_each_type() {
        both(&Value::Null, &ty, "c0");
        both(&Value::Unknown, &ty, "d40000");
        assert_eq!(decode(&[], &ty), Ok(Value::Null));
    }
}

#[test]
fn any_extension_is_unknown() {
    for notation in [
        "d4 00 00",
        "d4 7f ff",
        "d5 0c 0102",
        "d6 0c 01020304",
        "d7 0c 0102030405060708",
        "d8 0c 0102030405060708 090a0b0c0d0e0f10",
        // Not null, and beginning with "n-".
        "c7 07 0c 82 01 c2 02 a2 'n-'",
        // A number between two bounds; the length of a list.
        "c7 08 0c 82 03 92 01 c3 04 92 05",
        "c8 0003 0c 81 05 02",
        "c9 00000003 0c 81 05 02",
        "c7 00 0c",
    ] {
        for ty in one_of_each_type() {
            assert_eq!(decode(&wire(notation), &ty), Ok(Value::Unknown), "{notation}");
        }
    }
}

#[test]
fn strings_are_utf8_in_nfc() {
    both(&"".into(), &Type::String, "a0");
    both(&"hello".into(), &Type::String, "a5 'hello'");
    both(&"e\u{301}".into(), &Type::String, "a2 c3a9");
    both(&"x".repeat(31).into(), &Type::String, &format!("bf '{}'", "x".repeat(31)));
    both(&"x".repeat(32).into(), &Type::String, &format!("d9 20 '{}'", "x".repeat(32)));
    both(&"x".repeat(256).into(), &Type::String, &format!("da 0100 '{}'", "x".repeat(256)));
    both(&"x".repeat(65536).into(), &Type::String, &format!("db 00010000 '{}'", "x".repeat(65536)));
    for binary in ["c4 02 'hi'", "c5 0002 'hi'", "c6 00000002 'hi'"] {
        assert_eq!(decode(&wire(binary), &Type::String), Ok("hi".into()));
    }
}

#[test]
fn whole_numbers_are_compact_integers() {
    for (text, notation) in [
        ("0", "00"),
        ("127", "7f"),
        ("128", "cc 80"),
        ("255", "cc ff"),
        ("256", "cd 0100"),
        ("65536", "ce 00010000"),
        ("4294967296", "cf 0000000100000000"),
        ("9223372036854775807", "cf 7fffffffffffffff"),
        ("-1", "ff"),
        ("-32", "e0"),
        ("-33", "d0 df"),
        ("-129", "d1 ff7f"),
        ("-32769", "d2 ffff7fff"),
        ("-2147483649", "d3 ffffffff7fffffff"),
        ("-9223372036854775808", "d3 8000000000000000"),
        // However they are spelled.
        ("3.0", "03"),
        ("1e2", "64"),
        ("-0", "00"),
    ] {
        both(&number(text), &Type::Number, notation);
    }
    both(&float(2.0), &Type::Number, "02");
    both(&float(-0.0), &Type::Number, "00");
}

#[test]
fn fractions_are_floats_only_if_nothing_is_lost() {
    both(&number("1.5"), &Type::Number, "cb 3ff8000000000000");
    both(&number("-0.250"), &Type::Number, "cb bfd0000000000000");
    both(&float(0.1), &Type::Number, "cb 3fb999999999999a");
    both(&float(f64::INFINITY), &Type::Number, "cb 7ff0000000000000");
    both(&float(f64::NEG_INFINITY), &Type::Number, "cb fff0000000000000");
    both(&number("0.1"), &Type::Number, "a3 '0.1'");
    both(&number("0.1234567890123456789"), &Type::Number, "b5 '0.1234567890123456789'");
}

#[test]
fn numbers_beyond_64_bits_are_text() {
    both(&number("9223372036854775808"), &Type::Number, "b3 '9223372036854775808'");
    both(&u64::MAX.into(), &Type::Number, "b4 '18446744073709551615'");
    both(&number("1e21"), &Type::Number, "a4 '1e21'");
    both(&float(2f64.powi(70)), &Type::Number, "b6 '1180591620717411303424'");
}

#[test]
fn numbers_are_read_in_any_width() {
    for (notation, text) in [
        ("cc 01", "1"),
        ("cd 0001", "1"),
        ("ce 00000001", "1"),
        ("cf 0000000000000001", "1"),
        ("d0 01", "1"),
        ("d1 0001", "1"),
        ("d2 00000001", "1"),
        ("d3 0000000000000001", "1"),
        ("ca 3f800000", "1"),
        ("cb 3ff0000000000000", "1"),
        ("a1 '1'", "1"),
        ("c4 03 '1.0'", "1"),
        ("ca 3fc00000", "1.5"),
        ("cf ffffffffffffffff", "18446744073709551615"),
        ("cb 43e0000000000000", "9223372036854775808"),
    ] {
        assert_eq!(decode(&wire(notation), &Type::Number), Ok(number(text)), "{notation}");
    }
    let nan = decode(&wire("cb 7ff8000000000000"), &Type::Number).unwrap_err();
    assert_eq!(nan.to_string(), "expected a number, found a float that is not a number");
    assert!(decode(&wire("a3 'abc'"), &Type::Number).is_err());
}

#[test]
fn booleans_are_one_byte() {
    both(&true.into(), &Type::Bool, "c3");
    both(&false.into(), &Type::Bool, "c2");
}

#[test]
fn lists_sets_and_tuples_are_arrays() {
    both(&Value::list(["b", "a", "b"]), &Type::list(Type::String), "93 a1'b' a1'a' a1'b'");
    both(&Value::list(["b", "a", "b"]), &Type::set(Type::String), "92 a1'a' a1'b'");
    both(&Value::list([10, 9, -1, 10]), &Type::set(Type::Number), "93 ff 09 0a");
    both(&Value::list([true, false]), &Type::set(Type::Bool), "92 c2 c3");
    both(&Value::list(["e\u{301}", "\u{e9}"]), &Type::set(Type::String), "91 a2 c3a9");
    both(
        &Value::List(vec![Value::Null, Value::Unknown, "a".into(), Value::Unknown]),
        &Type::set(Type::String),
        "94 a1'a' d40000 d40000 c0",
    );
    let pair = Value::List(vec!["a".into(), 1.into()]);
    both(&pair, &Type::tuple([Type::String, Type::Number]), "92 a1'a' 01");
    both(&Value::list([0; 16]), &Type::list(Type::Number), &format!("dc 0010 {}", "00".repeat(16)));
    assert_eq!(
        decode(&wire("dd 00000002 01 02"), &Type::list(Type::Number)),
        Ok(Value::list([1, 2]))
    );
}

#[test]
fn maps_are_sorted_by_key() {
    let map = Value::map([("b", 2), ("a", 1)]);
    both(&map, &Type::map(Type::Number), "82 a1'a' 01 a1'b' 02");
    both(
        &Value::map([("e\u{301}", 1), ("z", 2)]),
        &Type::map(Type::Number),
        "82 a1'z' 02 a2 c3a9 01",
    );
    let twice = Value::map([("e\u{301}", 1), ("\u{e9}", 2)]);
    assert!(encode(&twice, &Type::map(Type::Number)).is_err());
    for long in ["de 0001 a1'a' 01", "df 00000001 c4 01'a' 01"] {
        assert_eq!(decode(&wire(long), &Type::map(Type::Number)), Ok(Value::map([("a", 1)])));
    }
}

#[test]
fn objects_have_every_attribute() {
    let ty = Type::object([
        ("name", Type::String),
        ("Z", Type::Number),
        ("tags", Type::list(Type::String)),
    ]);
    let short = Value::map([("name", "x")]);
    both(&short, &ty, "83 a1'Z' c0 a4'name' a1'x' a4'tags' c0");
    let full = Value::map([("Z", Value::Null), ("name", "x".into()), ("tags", Value::Null)]);
    assert_eq!(decode(&wire("81 a4'name' a1'x'"), &ty), Ok(full));
    both(&Value::Map([].into()), &Type::object::<&str>([]), "80");
}

#[test]
fn dynamic_values_bring_their_type() {
    let typed = |ty, value| Value::dynamic(ty, value);
    both(&typed(Type::String, "a".into()), &Type::Dynamic, "92 c4 08 '\"string\"' a1'a'");
    both(&typed(Type::String, Value::Unknown), &Type::Dynamic, "92 c4 08 '\"string\"' d40000");
    both(&typed(Type::String, Value::Null), &Type::Dynamic, "92 c4 08 '\"string\"' c0");
    both(
        &typed(Type::set(Type::Number), Value::list([2, 1])),
        &Type::Dynamic,
        "92 c4 10 '[\"set\",\"number\"]' 92 01 02",
    );
    // A plain value brings the type it has on its own.
    both(&7.into(), &Type::Dynamic, "92 c4 08 '\"number\"' 07");
    both(
        &Value::map([("a", true)]),
        &Type::Dynamic,
        "92 c4 17 '[\"object\",{\"a\":\"bool\"}]' 81 a1'a' c3",
    );
    both(&Value::list([Value::Null]), &Type::Dynamic, "92 c4 15 '[\"tuple\",[\"dynamic\"]]' 91 c0");
    // Inside other types, and with the type as text.
    both(
        &Value::list([typed(Type::Bool, true.into())]),
        &Type::list(Type::Dynamic),
        "91 92 c4 06 '\"bool\"' c3",
    );
    assert_eq!(
        decode(&wire("92 a8 '\"string\"' a1'a'"), &Type::Dynamic),
        Ok(typed(Type::String, "a".into()))
    );
    // Where the type is known anyway, it does not travel.
    both(&typed(Type::String, "a".into()), &Type::String, "a1'a'");
    let nested = typed(Type::Dynamic, typed(Type::Dynamic, 1.into()));
    assert_eq!(encode(&nested, &Type::Dynamic), encode(&1.into(), &Type::Dynamic));
    assert_eq!(
        decode(&wire("92 c4 09 '\"dynamic\"' 92 c4 06 '\"bool\"' c3"), &Type::Dynamic),
        Ok(typed(Type::Bool, true.into()))
    );
}

#[test]
fn errors_name_the_place_and_the_kinds() {
    let ty = Type::object([
        ("tags", Type::map(Type::String)),
        ("list", Type::list(Type::object([("x", Type::Bool)]))),
        ("set", Type::set(Type::Bool)),
    ]);
    let decoding = |notation: &str| decode(&wire(notation), &ty).unwrap_err().to_string();
    assert_eq!(
        decoding("81 a4'tags' 81 a1'a' 01"),
        r#"tags["a"]: expected a string, found a number"#
    );
    assert_eq!(
        decoding("81 a4'list' 92 c0 81 a1'x' 01"),
        "list[1].x: expected a bool, found a number"
    );
    assert_eq!(decoding("81 a3'set' 91 01"), "set: expected a bool, found a number");
    assert_eq!(decoding("81 a3'key' c0"), "key: the type has no such attribute");
    assert_eq!(decoding("82 a3'set' c0 a3'set' c0"), "set: the attribute is there twice");
    assert_eq!(
        decoding("81 a4'tags' 82 a1'a' c0 a1'a' c0"),
        r#"tags["a"]: the key is there twice"#
    );
    assert_eq!(decoding("80 c0"), "there are bytes after the value");
    assert_eq!(decoding("81 01 c0"), "expected a string as key, found a number");

    let encoding = |value: Value| encode(&value, &ty).unwrap_err().to_string();
    assert_eq!(encoding("sk-secret".into()), "expected an object, found a string");
    assert_eq!(encoding(Value::map([("key", 1)])), "key: the type has no such attribute");
    let wrong = Value::map([("tags", Value::map([("a", 1)]))]);
    assert_eq!(encoding(wrong), r#"tags["a"]: expected a string, found a number"#);
    let wrong = Value::map([("list", Value::list([Value::Null, Value::map([("x", "yes")])]))]);
    assert_eq!(encoding(wrong), "list[1].x: expected a bool, found a string");
    let pair = Type::tuple([Type::Bool, Type::Bool]);
    assert!(encode(&Value::list([true]), &pair).is_err());
    assert!(decode(&wire("91 c3"), &pair).is_err());
    assert!(decode(&wire("93 c3 c3 c3"), &pair).is_err());
}

#[test]
fn bytes_that_end_early_are_refused() {
    let ty = Type::object([("a", Type::list(Type::String)), ("b", Type::Number)]);
    let value = Value::map([("a", Value::list(["xyz"])), ("b", number("1.5"))]);
    let bytes = encode(&value, &ty).unwrap();
    for end in 1..bytes.len() {
        assert!(decode(&bytes[..end], &ty).is_err(), "{end}");
    }
    assert!(decode(&[0xc1], &ty).is_err());
    assert!(decode(&wire("a1 ff"), &Type::String).is_err(), "not UTF-8");
}

#[test]
fn lengths_are_checked_before_they_are_believed() {
    for notation in [
        "db ffffffff",
        "c6 ffffffff 00",
        "dd ffffffff c0",
        "df ffffffff c0 c0",
        "c9 ffffffff 00",
        "df 00000002 a0 c0",
    ] {
        assert!(Reader::new(&wire(notation)).token().is_err(), "{notation}");
        for ty in one_of_each_type() {
            assert!(decode(&wire(notation), &ty).is_err(), "{notation}");
        }
    }
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| {
        let ty = (0..depth).fold(Type::Bool, |ty, _| Type::list(ty));
        let value = (0..depth).fold(Value::from(true), |value, _| Value::list([value]));
        (value, ty)
    };
    let (value, ty) = nested(MAX_DEPTH);
    both(&value, &ty, &format!("{}c3", "91".repeat(MAX_DEPTH)));
    let (value, ty) = nested(MAX_DEPTH + 1);
    let limit = format!("{MAX_DEPTH} levels");
    assert!(encode(&value, &ty).unwrap_err().message().contains(&limit));
    let bytes = wire(&format!("{}c3", "91".repeat(MAX_DEPTH + 1)));
    assert!(decode(&bytes, &ty).unwrap_err().message().contains(&limit));

    let list = "92 c4 12 '[\"list\",\"dynamic\"]' 91".repeat(100_000);
    assert!(decode(&wire(&list), &Type::Dynamic).unwrap_err().message().contains(&limit));
}

/// Each of these few bytes stands for a whole object.
#[test]
fn the_number_of_values_is_bounded_also_where_none_is_said() {
    let names = |count: usize| (0..count).map(|number| (format!("a{number}"), Type::Bool));
    let objects = |width, length: u16| {
        let mut bytes = [&[0xdc][..], &length.to_be_bytes()].concat();
        bytes.resize(3 + usize::from(length), 0x80);
        decode(&bytes, &Type::list(Type::object(names(width))))
    };
    assert!(objects(99, 9_999).is_ok());
    let error = objects(99, 10_000).unwrap_err();
    assert!(error.is_limit() && error.message() == "more than 1000000 values", "{error}");
}

#[test]
fn keys_that_are_one_to_terraform_are_one_key() {
    let map = Type::map(Type::Bool);
    let error = decode(&wire("82 a3'e\u{301}'c3 a2'\u{e9}'c2"), &map).unwrap_err();
    assert_eq!(error.message(), "the key is there twice");
    let read = decode(&wire("81 a3'e\u{301}'c3"), &map).unwrap();
    assert_eq!(read, Value::map([("\u{e9}", true)]));
}

proptest! {
    #[test]
    fn values_survive((ty, value) in arbitrary::typed(arbitrary::any_leaf)) {
        let bytes = encode(&value, &ty).unwrap();
        let read = decode(&bytes, &ty).unwrap();
        prop_assert!(read.same_as(&value, &ty), "{} is not {}", read.reveal(), value.reveal());
        prop_assert_eq!(encode(&read, &ty).unwrap(), bytes);
    }

    #[test]
    fn values_survive_with_the_type_they_imply((_, value) in arbitrary::typed(arbitrary::any_leaf)) {
        let bytes = encode(&value, &Type::Dynamic).unwrap();
        let read = decode(&bytes, &Type::Dynamic).unwrap();
        prop_assert!(read.same_as(&value, &Type::Dynamic));
    }

    #[test]
    fn no_bytes_panic(ty in arbitrary::ty(), bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        let _ = decode(&bytes, &ty);
        let _ = decode(&bytes, &Type::Dynamic);
    }

    #[test]
    fn no_damage_panics(
        (ty, value) in arbitrary::typed(arbitrary::any_leaf),
        position in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = encode(&value, &ty).unwrap();
        let position = position.index(bytes.len());
        bytes[position] = byte;
        let _ = decode(&bytes, &ty);
    }

    #[test]
    fn no_error_quotes_a_value(
        (ty, value) in arbitrary::typed(arbitrary::secret),
        other in arbitrary::ty(),
    ) {
        if let Err(error) = encode(&value, &other) {
            prop_assert!(!arbitrary::quotes_secret(&error));
        }
        if let Err(error) = decode(&encode(&value, &ty).unwrap(), &other) {
            prop_assert!(!arbitrary::quotes_secret(&error));
        }
    }
}
