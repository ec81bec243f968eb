//! Decimal text taken apart, to compare it and to ask what fits.
//!
//! Knows digits only, and not the kinds of numbers.
//!
//! Specification: the number grammar of JSON (RFC 8259, section 6), and what
//! go-cty's `ParseNumberVal` accepts beyond it.

use std::cmp::Ordering;
use std::error::Error;
use std::fmt::{self, Display, Formatter};

/// Terraform's own limit is that of a binary exponent of 32 bits. This
/// bound is beyond any use and keeps every sum with it far from overflow.
const MAX_EXPONENT: i64 = 100_000_000;

/// The reason why something is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NumberError {
    /// A float that stands for no number.
    NotANumber,
    /// Text that is not decimal digits with an optional fraction and exponent.
    Syntax,
    /// An exponent of ten beyond what Terraform can hold.
    Exponent,
}

impl NumberError {
    /// The name in errors.
    pub(in crate::value) const fn noun(self) -> &'static str {
        match self {
            Self::NotANumber => "a float that is not a number",
            Self::Syntax => "text that is not a decimal number",
            Self::Exponent => "a number with an exponent out of range",
        }
    }
}

impl Display for NumberError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.noun())
    }
}

impl Error for NumberError {}

/// A finite number: `0.digits` times ten to the power of `point`.
///
/// There is one form for each number: no zeros at either end of the digits, and
/// zero has none, no sign and its point at zero.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    negative: bool,
    point: i64,
    digits: String,
}

/// The number as JSON would spell it, without change where it already is.
///
/// # Errors
///
/// If the text is no decimal number.
pub(super) fn respell(text: &str) -> Result<String, NumberError> {
    let parts = Parts::of(text)?;
    // A zero with a sign is another number to Terraform in JSON, and the same in
    // MessagePack. Without one it is the same in both.
    let is_zero = parts.whole.bytes().chain(parts.fraction.bytes()).all(|digit| digit == b'0');
    let sign = if parts.negative && !is_zero { "-" } else { "" };
    let whole = match parts.whole.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    let point = if parts.fraction.is_empty() { "" } else { "." };
    let exponent = parts.exponent_text;
    Ok(format!("{sign}{whole}{point}{}{exponent}", parts.fraction))
}

impl Decimal {
    /// Takes apart text that is known to be a number.
    pub(super) fn parse(text: &str) -> Self {
        let parts = Parts::of(text).expect("the spelling was checked when the number was made");
        let padded = format!("{}{}", parts.whole, parts.fraction);
        let significant = padded.trim_start_matches('0');
        let digits = significant.trim_end_matches('0').to_owned();
        if digits.is_empty() {
            return Self { negative: false, point: 0, digits };
        }
        let leading_zeros = length(&padded) - length(significant);
        let point = length(parts.whole) - leading_zeros + parts.exponent;
        Self { negative: parts.negative, point, digits }
    }

    pub(super) fn is_whole(&self) -> bool {
        self.point >= length(&self.digits)
    }

    /// The number, if it is whole and fits.
    pub(super) fn to_whole(&self) -> Option<i128> {
        let zeros = usize::try_from(self.point - length(&self.digits)).ok()?;
        // An i128 has at most 39 digits; asking first spares spelling out the rest.
        if zeros > 39 {
            return None;
        }
        let sign = if self.negative { "-" } else { "" };
        format!(
            "{sign}{}{}",
            if self.digits.is_empty() { "0" } else { &self.digits },
            "0".repeat(zeros)
        )
        .parse()
        .ok()
    }

    /// The float that is this number to the last digit, if it is a fraction.
    pub(super) fn to_exact_fraction(&self) -> Option<f64> {
        // A binary fraction is a whole number times a power of one half, so in
        // decimal its last digit is a five. That rules out most without a search.
        if self.is_whole() || !self.digits.ends_with('5') {
            return None;
        }
        let sign = if self.negative { "-" } else { "" };
        let exponent = self.point;
        let float: f64 = format!("{sign}0.{}e{exponent}", self.digits)
            .parse()
            .expect("digits with a point and an exponent are a float");
        // The smallest step between floats has 1074 digits after the point, so
        // this spells out any of them in full.
        let exact = float.is_finite() && Self::parse(&format!("{float:.1074}")) == *self;
        exact.then_some(float)
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let magnitude = || {
            // The digits follow the point directly, so of two numbers with the
            // same point the text that sorts later is the larger number.
            (!self.digits.is_empty(), self.point, &self.digits).cmp(&(
                !other.digits.is_empty(),
                other.point,
                &other.digits,
            ))
        };
        match (self.negative, other.negative) {
            (false, false) => magnitude(),
            (true, true) => magnitude().reverse(),
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
        }
    }
}

/// The parts of a spelling, as they stand there.
struct Parts<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
    exponent: i64,
    /// With its letter; empty if there is none.
    exponent_text: &'a str,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Result<Self, NumberError> {
        let negative = text.starts_with('-');
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (mantissa, exponent_text) =
            unsigned.split_at(unsigned.find(['e', 'E']).unwrap_or(unsigned.len()));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all_digits = whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
        if !all_digits || (whole.is_empty() && fraction.is_empty()) {
            return Err(NumberError::Syntax);
        }
        let exponent = if exponent_text.is_empty() { 0 } else { exponent(&exponent_text[1..])? };
        Ok(Self { negative, whole, fraction, exponent, exponent_text })
    }
}

fn exponent(text: &str) -> Result<i64, NumberError> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NumberError::Syntax);
    }
    // Nothing but its size can be wrong with it any more.
    text.parse()
        .ok()
        .filter(|exponent: &i64| exponent.abs() <= MAX_EXPONENT)
        .ok_or(NumberError::Exponent)
}

fn length(digits: &str) -> i64 {
    i64::try_from(digits.len()).expect("no text is longer than the address space")
}
