//! Spelling, value and order of numbers.

use std::cmp::Ordering::{Equal, Greater, Less};

use proptest::prelude::*;

use super::*;

fn number(text: &str) -> Number {
    Number::parse(text).unwrap()
}

fn float(number: f64) -> Number {
    Number::try_from(number).unwrap()
}

#[test]
fn keeps_the_spelling() {
    for text in ["0", "-7", "1.50", "1e21", "1E-5", "0.1234567890123456789", "1e+03"] {
        assert_eq!(number(text).to_string(), text);
    }
}

#[test]
fn respells_what_json_does_not_allow() {
    for (text, spelled) in [
        ("+1", "1"),
        (".5", "0.5"),
        ("-.5", "-0.5"),
        ("1.", "1"),
        ("007", "7"),
        ("00.10", "0.10"),
        ("-0", "0"),
        ("-0.0e5", "0.0e5"),
    ] {
        assert_eq!(number(text).to_string(), spelled);
    }
}

#[test]
fn refuses_what_is_no_number() {
    for text in ["", "-", ".", "e1", "1e", "1e+", "abc", "0x10", "1_000", " 1", "1 ", "NaN", "inf"]
    {
        assert_eq!(Number::parse(text), Err(NumberError::Syntax), "{text:?}");
    }
    for text in ["1e999999999999", "1e100000001", "1e-99999999999999999999999"] {
        assert_eq!(Number::parse(text), Err(NumberError::Exponent), "{text:?}");
    }
    assert_eq!(Number::try_from(f64::NAN), Err(NumberError::NotANumber));
}

#[test]
fn equals_by_value() {
    for same in [
        [number("1"), number("1.0")],
        [number("1"), number("0.1e1")],
        [number("100"), number("1e2")],
        [number("-0"), number("0.000")],
        [float(-0.0), number("0")],
        [float(0.1), number("0.1")],
        [float(2f64.powi(70)), number("1180591620717411303424")],
        [float(9_223_372_036_854_775_808.0), 9_223_372_036_854_775_808_u64.into()],
    ] {
        assert_eq!(same[0], same[1]);
    }
    assert_ne!(number("0.1234567890123456789"), float(0.123_456_789_012_345_68));
    assert_ne!(number("9007199254740993"), float(9_007_199_254_740_992.0));
}

#[test]
fn orders_by_value() {
    let ascending = [
        float(f64::NEG_INFINITY),
        number("-1e30"),
        number("-2"),
        number("-1.5"),
        number("0"),
        number("1e-400"),
        number("0.1"),
        number("0.11"),
        number("2"),
        number("10"),
        u64::MAX.into(),
        number("1e400"),
        float(f64::INFINITY),
    ];
    for (i, one) in ascending.iter().enumerate() {
        for (j, two) in ascending.iter().enumerate() {
            assert_eq!(one.cmp(two), i.cmp(&j), "{one} {two}");
        }
    }
}

#[test]
fn is_whole_however_spelled() {
    for text in ["3", "3.0", "3.000", "0.3e1", "300e-2"] {
        assert_eq!(number(text).as_i64(), Some(3), "{text}");
        assert_eq!(number(text).as_u64(), Some(3), "{text}");
    }
    assert_eq!(float(3.0).as_i64(), Some(3));
    assert_eq!(number("-9223372036854775808.0").as_i64(), Some(i64::MIN));
    assert_eq!(number("-9223372036854775809").as_i64(), None);
    assert_eq!(number("1e99999999").as_i64(), None);
    assert_eq!(number("18446744073709551615").as_u64(), Some(u64::MAX));
    assert_eq!(number("18446744073709551615").as_i64(), None);
    assert_eq!(number("-1").as_u64(), None);
    assert_eq!(number("3.5").as_i64(), None);
}

#[test]
fn is_an_exact_fraction_only_to_the_last_digit() {
    for (text, float) in [("1.5", 1.5), ("-0.125", -0.125), ("5e-1", 0.5), ("0.50", 0.5)] {
        assert_eq!(number(text).as_exact_fraction(), Some(float), "{text}");
    }
    let quarter_beyond = format!("0.25{}25", "0".repeat(60));
    for text in ["0.1", "3", "3.0", "1e21", "1e-400", "0.15", &quarter_beyond, "5e-99999999"] {
        assert_eq!(number(text).as_exact_fraction(), None, "{text}");
    }
    let smallest = f64::from_bits(1);
    assert_eq!(number(&format!("{smallest:.1074}")).as_exact_fraction(), Some(smallest));
    assert_eq!(number(&format!("{smallest}")).as_exact_fraction(), None);
}

#[test]
fn is_the_nearest_float() {
    assert_eq!(number("0.1").as_f64(), 0.1);
    assert_eq!(number("1e400").as_f64(), f64::INFINITY);
    assert_eq!(number("1e400").as_infinity(), None);
    assert_eq!(float(f64::INFINITY).as_infinity(), Some(f64::INFINITY));
}

proptest! {
    #[test]
    fn floats_survive_their_text(bits in any::<u64>()) {
        let value = f64::from_bits(bits);
        prop_assume!(value.is_finite());
        let number = float(value);
        prop_assert_eq!(&number, &Number::parse(&number.to_string()).unwrap());
        prop_assert_eq!(number.as_f64(), value);
        let exact = Number::parse(&format!("{value:.1074}")).unwrap();
        prop_assert_eq!(exact.as_exact_fraction(), Some(value).filter(|v| v.fract() != 0.0));
    }

    #[test]
    fn order_is_that_of_integers(one in any::<i64>(), two in any::<i64>()) {
        let spelled = |n: i64| number(&format!("{n}.0"));
        prop_assert_eq!(spelled(one).cmp(&spelled(two)), one.cmp(&two));
        let opposite = match one.cmp(&two) { Less => Greater, Equal => Equal, Greater => Less };
        prop_assert_eq!(Number::from(two).cmp(&spelled(one)), opposite);
    }

    #[test]
    fn no_text_panics(text in "[-+.eE0-9a]{0,12}") {
        if let Ok(number) = Number::parse(&text) {
            prop_assert_eq!(&Number::parse(&number.to_string()).unwrap(), &number);
            let _ = (number.as_i64(), number.as_f64(), number.as_exact_fraction());
        }
    }
}
