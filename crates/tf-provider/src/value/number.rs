//! Numbers that lose no digit on their way through the provider.
//!
//! Terraform computes with 512 bits of precision and compares what it planned with
//! what a provider answers, so `0.1234567890123456789` must come back as it was.
//! A number is therefore kept as it arrived and compared by its decimal digits;
//! there is no arithmetic here. This file must not know how numbers are encoded.
//!
//! Specification: go-cty, `cty/primitive_type.go` (equality: whole numbers by value,
//! others by their shortest decimal text) and `cty.ParseNumberVal` (syntax).

mod decimal;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::fmt::{self, Display, Formatter};

use self::decimal::Decimal;
pub use self::decimal::NumberError;

/// A number of any size and precision, or an infinity.
///
/// Compared and ordered by value: `1`, `1.0` and `1e0` are equal. A binary float
/// stands for the shortest decimal text that names it, as in Terraform: the float
/// nearest to a tenth equals `0.1`. Displayed as it was written.
///
/// Terraform rounds to 512 bits, some 154 digits. Numbers here are not rounded, so
/// two that differ beyond those digits are equal there and not here.
#[derive(Clone, Debug)]
pub struct Number(Repr);

/// Each value that fits the first two is there, unless it was spelled otherwise.
#[derive(Clone, Debug)]
enum Repr {
    Signed(i64),
    Unsigned(u64),
    /// A fraction, a whole number too large for the two above, or an infinity.
    Float(f64),
    /// Spelled as JSON allows.
    Text(Box<str>),
}

impl Number {
    /// Reads decimal text: digits with an optional sign, fraction and exponent.
    ///
    /// The spelling is kept, but for what JSON does not allow: a leading plus,
    /// leading zeros, and a point without digits on both sides; and for the sign of
    /// a zero.
    ///
    /// # Errors
    ///
    /// If the text is anything else, infinities included.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let spelling = decimal::respell(text)?;
        if let Ok(number) = spelling.parse::<i64>() {
            return Ok(number.into());
        }
        if let Ok(number) = spelling.parse::<u64>() {
            return Ok(number.into());
        }
        Ok(Self(Repr::Text(spelling.into())))
    }

    /// Returns the number if it is whole and in range, however it is spelled.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Signed(number) => Some(*number),
            Repr::Unsigned(_) | Repr::Float(_) => None,
            Repr::Text(text) => Decimal::parse(text).to_whole()?.try_into().ok(),
        }
    }

    /// Returns the number if it is whole and in range, however it is spelled.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        match &self.0 {
            Repr::Signed(number) => (*number).try_into().ok(),
            Repr::Unsigned(number) => Some(*number),
            Repr::Float(_) => None,
            Repr::Text(text) => Decimal::parse(text).to_whole()?.try_into().ok(),
        }
    }

    /// Returns the nearest float; an infinity where no finite one comes near.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "the nearest float is what is asked for")]
    pub fn as_f64(&self) -> f64 {
        match &self.0 {
            Repr::Signed(number) => *number as f64,
            Repr::Unsigned(number) => *number as f64,
            Repr::Float(number) => *number,
            Repr::Text(text) => {
                text.parse().expect("the spelling was checked when the number was made")
            }
        }
    }

    /// Returns the float that is this number if it is a fraction and there is one.
    ///
    /// A number that came as a float always has one. Decimal text has one only if
    /// the float is the same to the last digit: none for `0.1`.
    #[must_use]
    pub fn as_exact_fraction(&self) -> Option<f64> {
        match &self.0 {
            Repr::Float(number) => Some(*number).filter(|n| n.is_finite() && n.fract() != 0.0),
            Repr::Text(text) => Decimal::parse(text).to_exact_fraction(),
            Repr::Signed(_) | Repr::Unsigned(_) => None,
        }
    }

    /// Returns true if it is finite and has no fraction, however it is spelled.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.as_infinity().is_none() && self.decimal().is_whole()
    }

    /// Returns the infinity if it is one.
    #[must_use]
    pub fn as_infinity(&self) -> Option<f64> {
        match &self.0 {
            Repr::Float(number) => Some(*number).filter(|number| number.is_infinite()),
            _ => None,
        }
    }

    fn decimal(&self) -> Decimal {
        Decimal::parse(&self.to_string())
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self(Repr::Signed(number))
    }
}

impl From<u64> for Number {
    fn from(number: u64) -> Self {
        Self(i64::try_from(number).map_or(Repr::Unsigned(number), Repr::Signed))
    }
}

impl From<i32> for Number {
    fn from(number: i32) -> Self {
        i64::from(number).into()
    }
}

impl From<u32> for Number {
    fn from(number: u32) -> Self {
        i64::from(number).into()
    }
}

/// Infinities are numbers to Terraform; only what is not a number is refused.
impl TryFrom<f64> for Number {
    type Error = NumberError;

    fn try_from(number: f64) -> Result<Self, NumberError> {
        if number.is_nan() {
            return Err(NumberError::NotANumber);
        }
        if number.is_infinite() || number.fract() != 0.0 {
            return Ok(Self(Repr::Float(number)));
        }
        // Without a fraction, the digits before the point are all of it. This
        // also makes an ordinary zero of a negative one.
        let digits = format!("{:.0}", number + 0.0);
        Ok(digits
            .parse::<i64>()
            .map(Self::from)
            .or_else(|_| digits.parse::<u64>().map(Self::from))
            .unwrap_or(Self(Repr::Float(number))))
    }
}

impl Display for Number {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Signed(number) => write!(f, "{number}"),
            Repr::Unsigned(number) => write!(f, "{number}"),
            // A whole float is exact; padding its shortest digits would make
            // another number of it.
            Repr::Float(number) if number.fract() == 0.0 => write!(f, "{number:.0}"),
            Repr::Float(number) => write!(f, "{number}"),
            Repr::Text(text) => f.write_str(text),
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Repr::Signed(one), Repr::Signed(two)) => one.cmp(two),
            _ => match (self.as_infinity(), other.as_infinity()) {
                (None, None) => self.decimal().cmp(&other.decimal()),
                // Zero stands for all that is finite.
                (one, two) => one.unwrap_or_default().total_cmp(&two.unwrap_or_default()),
            },
        }
    }
}
