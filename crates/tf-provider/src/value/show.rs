//! Values as text for people: their shape, or their content on request.
//!
//! Nothing here knows which value is a secret, so a log or a panic prints the shape unless
//! asked. This file must not know schemas, which would know.
//!
//! Specification: [`Reveal`] follows the literals of Terraform's language.

#[cfg(test)]
mod tests;

use std::fmt::{self, Debug, Display, Formatter, Write};

use super::Value;

/// The shape alone, as [`Display`](#impl-Display-for-Value).
impl Debug for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

/// The shape alone: `{key: null, name: string, tags: [string; 2], uid: unknown}`.
///
/// Names of attributes and keys of maps are part of the shape.
impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Unknown => f.write_str("unknown"),
            Self::Bool(_) => f.write_str("bool"),
            Self::Number(_) => f.write_str("number"),
            Self::String(_) => f.write_str("string"),
            Self::List(elements) => show_elements(elements, f),
            Self::Map(entries) => {
                f.write_char('{')?;
                for (position, (key, value)) in entries.iter().enumerate() {
                    write!(f, "{}{}: {value}", separator(position), Name(key))?;
                }
                f.write_char('}')
            }
            Self::Dynamic(typed) => Display::fmt(&typed.value, f),
        }
    }
}

impl Value {
    /// Returns a form that shows the content, for values known not to be sensitive.
    #[must_use]
    pub fn reveal(&self) -> Reveal<'_> {
        Reveal(self)
    }

    /// The name in errors.
    pub(super) fn noun(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Unknown => "a value that is not known yet",
            Self::Bool(_) => "a bool",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::List(_) => "a list",
            Self::Map(_) => "a map or object",
            Self::Dynamic(typed) => typed.value.noun(),
        }
    }
}

/// The content of a value, displayed on one line as Terraform's language has it.
///
/// Made by [`Value::reveal`]; only for values known not to be sensitive.
#[derive(Clone, Copy)]
pub struct Reveal<'a>(pub(super) &'a Value);

impl Debug for Reveal<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

impl Display for Reveal<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Null => f.write_str("null"),
            Value::Unknown => f.write_str("(known after apply)"),
            Value::Bool(yes) => write!(f, "{yes}"),
            Value::Number(number) => write!(f, "{number}"),
            Value::String(text) => quote(text, f),
            Value::List(elements) => {
                f.write_char('[')?;
                for (position, element) in elements.iter().enumerate() {
                    write!(f, "{}{}", separator(position), element.reveal())?;
                }
                f.write_char(']')
            }
            Value::Map(entries) => {
                f.write_char('{')?;
                for (position, (key, value)) in entries.iter().enumerate() {
                    write!(f, "{}{} = {}", separator(position), Name(key), value.reveal())?;
                }
                f.write_char('}')
            }
            Value::Dynamic(typed) => Display::fmt(&typed.value.reveal(), f),
        }
    }
}

/// A key: bare where the language allows it, or else quoted.
struct Name<'a>(&'a str);

impl Display for Name<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let bare = self.0.starts_with(|first: char| first.is_alphabetic() || first == '_')
            && self.0.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        if bare { f.write_str(self.0) } else { quote(self.0, f) }
    }
}

/// Elements of one shape are counted rather than repeated.
fn show_elements(elements: &[Value], f: &mut Formatter<'_>) -> fmt::Result {
    let shapes: Vec<String> = elements.iter().map(ToString::to_string).collect();
    match shapes.as_slice() {
        [first, rest @ ..] if !rest.is_empty() && rest.iter().all(|shape| shape == first) => {
            write!(f, "[{first}; {}]", shapes.len())
        }
        shapes => write!(f, "[{}]", shapes.join(", ")),
    }
}

fn quote(text: &str, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_char('"')?;
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            // Doubled, or the brace that follows would begin an expression.
            '$' | '%' if rest.peek() == Some(&'{') => write!(f, "{character}{character}")?,
            control if control.is_control() => write!(f, "\\u{:04x}", u32::from(control))?,
            other => f.write_char(other)?,
        }
    }
    f.write_char('"')
}

fn separator(position: usize) -> &'static str {
    if position == 0 { "" } else { ", " }
}
