//! Templates: Markdown in which `{{ name }}` and `{{ name "argument" }}` stand
//! for pieces that are made.

use std::fs;

use xtask_step::outcome::{Outcome, fail};
use xtask_step::workspace;

/// What a template asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    pub(super) name: &'a str,
    pub(super) argument: Option<&'a str>,
}

/// The template of a page, by its path below `docs/`.
pub(super) fn find(page: &str) -> Outcome<Option<String>> {
    let file = workspace::root().join("templates").join(page);
    match file.exists() {
        true => Ok(Some(fs::read_to_string(file)?)),
        false => Ok(None),
    }
}

/// Puts what `make` makes of each piece in its place.
pub(super) fn fill(
    template: &str,
    mut make: impl FnMut(Piece<'_>) -> Outcome<String>,
) -> Outcome<String> {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((inside, behind)) = after.split_once("}}") else {
            return fail("a `{{` is never closed");
        };
        filled.push_str(before);
        filled.push_str(&make(Piece::parse(inside)?)?);
        rest = behind;
    }
    filled.push_str(rest);
    Ok(format!("{}\n", filled.trim_end()))
}

impl<'a> Piece<'a> {
    fn parse(inside: &'a str) -> Outcome<Self> {
        let inside = inside.trim();
        let Some((name, argument)) = inside.split_once(' ') else {
            return Ok(Self { name: inside, argument: None });
        };
        let quoted = argument.trim().strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        match quoted {
            Some(argument) => Ok(Self { name, argument: Some(argument) }),
            None => fail(format!("the argument of `{name}` stands in no quotes")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str) -> Outcome<String> {
        fill(template, |Piece { name, argument }| {
            Ok(format!("<{name}:{}>", argument.unwrap_or_default()))
        })
    }

    #[test]
    fn pieces_are_put_in_their_places() {
        let text = filled("a {{ one }} b\n{{ two \"2\" }}{{three}}\n\n\n").unwrap();
        assert_eq!(text, "a <one:> b\n<two:2><three:>\n");
    }

    #[test]
    fn a_malformed_piece_is_told() {
        assert!(filled("{{ open").unwrap_err().to_string().contains("never closed"));
        assert!(filled("{{ a b }}").unwrap_err().to_string().contains("`a`"));
    }
}
