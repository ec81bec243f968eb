//! MessagePack taken apart into tokens, with every length checked.
//!
//! A length on the wire is a claim. Nothing is read or reserved on the strength of
//! one before it is known that so many bytes are left. This file must not know
//! types or values.
//!
//! Specification: `github.com/msgpack/msgpack`, `spec.md`.

use rmp::Marker;

use crate::value::{DecodeError, MAX_VALUES};

/// The rest of the bytes.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    /// The number of values that may still be made of them.
    allowed: usize,
}

/// One step through the bytes: a scalar, or the head of what follows.
#[derive(Debug)]
pub(super) enum Token<'a> {
    Nil,
    Bool(bool),
    Signed(i64),
    Unsigned(u64),
    Float(f64),
    /// Of `str` or `bin`, which Terraform takes for one another.
    Text(&'a [u8]),
    /// So many elements follow.
    Array(usize),
    /// So many pairs follow.
    Map(usize),
    /// Of any kind; its body has been skipped.
    Extension,
}

impl Token<'_> {
    /// The name in errors.
    pub(super) const fn noun(&self) -> &'static str {
        match self {
            Self::Nil => "null",
            Self::Bool(_) => "a bool",
            Self::Signed(_) | Self::Unsigned(_) | Self::Float(_) => "a number",
            Self::Text(_) => "a string",
            Self::Array(_) => "an array",
            Self::Map(_) => "a map",
            Self::Extension => "an unknown value",
        }
    }
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, allowed: MAX_VALUES }
    }

    /// Allows for one more value.
    ///
    /// # Errors
    ///
    /// If there are too many.
    pub(super) fn count_value(&mut self) -> Result<(), DecodeError> {
        self.allowed = self.allowed.checked_sub(1).ok_or_else(DecodeError::too_many)?;
        Ok(())
    }

    /// Ends the reading.
    ///
    /// # Errors
    ///
    /// If there are bytes left.
    pub(super) fn finish(self) -> Result<(), DecodeError> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(DecodeError::new("there are bytes after the value"))
        }
    }

    /// The next token.
    ///
    /// # Errors
    ///
    /// If the bytes end before it does, or before what it announces could.
    pub(super) fn token(&mut self) -> Result<Token<'a>, DecodeError> {
        let [marker] = self.array()?;
        Ok(match Marker::from_u8(marker) {
            Marker::Null => Token::Nil,
            Marker::False => Token::Bool(false),
            Marker::True => Token::Bool(true),
            Marker::FixPos(number) => Token::Unsigned(number.into()),
            Marker::FixNeg(number) => Token::Signed(number.into()),
            Marker::U8 => Token::Unsigned(u8::from_be_bytes(self.array()?).into()),
            Marker::U16 => Token::Unsigned(u16::from_be_bytes(self.array()?).into()),
            Marker::U32 => Token::Unsigned(u32::from_be_bytes(self.array()?).into()),
            Marker::U64 => Token::Unsigned(u64::from_be_bytes(self.array()?)),
            Marker::I8 => Token::Signed(i8::from_be_bytes(self.array()?).into()),
            Marker::I16 => Token::Signed(i16::from_be_bytes(self.array()?).into()),
            Marker::I32 => Token::Signed(i32::from_be_bytes(self.array()?).into()),
            Marker::I64 => Token::Signed(i64::from_be_bytes(self.array()?)),
            Marker::F32 => Token::Float(f32::from_be_bytes(self.array()?).into()),
            Marker::F64 => Token::Float(f64::from_be_bytes(self.array()?)),
            Marker::FixStr(length) => self.text(length.into())?,
            Marker::Str8 | Marker::Bin8 => self.length8().and_then(|n| self.text(n))?,
            Marker::Str16 | Marker::Bin16 => self.length16().and_then(|n| self.text(n))?,
            Marker::Str32 | Marker::Bin32 => self.length32().and_then(|n| self.text(n))?,
            Marker::FixArray(length) => self.sequence(length.into())?,
            Marker::Array16 => self.length16().and_then(|n| self.sequence(n))?,
            Marker::Array32 => self.length32().and_then(|n| self.sequence(n))?,
            Marker::FixMap(length) => self.pairs(length.into())?,
            Marker::Map16 => self.length16().and_then(|n| self.pairs(n))?,
            Marker::Map32 => self.length32().and_then(|n| self.pairs(n))?,
            Marker::FixExt1 => self.extension(1)?,
            Marker::FixExt2 => self.extension(2)?,
            Marker::FixExt4 => self.extension(4)?,
            Marker::FixExt8 => self.extension(8)?,
            Marker::FixExt16 => self.extension(16)?,
            Marker::Ext8 => self.length8().and_then(|n| self.extension(n))?,
            Marker::Ext16 => self.length16().and_then(|n| self.extension(n))?,
            Marker::Ext32 => self.length32().and_then(|n| self.extension(n))?,
            Marker::Reserved => {
                return Err(DecodeError::new("the byte c1 does not begin a MessagePack value"));
            }
        })
    }

    fn text(&mut self, length: usize) -> Result<Token<'a>, DecodeError> {
        self.take(length).map(Token::Text)
    }

    /// An element takes a byte at least.
    fn sequence(&self, length: usize) -> Result<Token<'a>, DecodeError> {
        self.check(length).map(|()| Token::Array(length))
    }

    fn pairs(&self, length: usize) -> Result<Token<'a>, DecodeError> {
        self.check(length.saturating_mul(2)).map(|()| Token::Map(length))
    }

    /// A byte tells the kind of extension; the length is that of the rest.
    fn extension(&mut self, length: usize) -> Result<Token<'a>, DecodeError> {
        self.take(length.saturating_add(1)).map(|_| Token::Extension)
    }

    fn length8(&mut self) -> Result<usize, DecodeError> {
        self.array().map(|bytes| u8::from_be_bytes(bytes).into())
    }

    fn length16(&mut self) -> Result<usize, DecodeError> {
        self.array().map(|bytes| u16::from_be_bytes(bytes).into())
    }

    fn length32(&mut self) -> Result<usize, DecodeError> {
        let length = u32::from_be_bytes(self.array()?);
        usize::try_from(length).map_err(|_| cut_short())
    }

    fn check(&self, length: usize) -> Result<(), DecodeError> {
        if length <= self.rest.len() { Ok(()) } else { Err(cut_short()) }
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], DecodeError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or_else(cut_short)?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or_else(cut_short)?;
        self.rest = rest;
        Ok(*taken)
    }
}

fn cut_short() -> DecodeError {
    DecodeError::new("the bytes end before the value does")
}
