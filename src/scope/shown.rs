//! Text of users and of the service that is shown: characters that cannot be seen, or that a
//! terminal acts upon.

/// A text without such characters.
pub(crate) fn printable(text: &str) -> String {
    let is_shown = |c: char| !c.is_control() && !is_invisible(c);
    text.chars().map(|c| if is_shown(c) { c } else { char::REPLACEMENT_CHARACTER }).collect()
}

/// Characters without a shape of their own (Unicode's Default_Ignorable_Code_Point,
/// where it concerns texts that are copied from pages).
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_what_a_terminal_acts_upon_or_does_not_show() {
        assert_eq!(
            printable("a\u{1b}[31m\u{202e}b\u{7} \u{e9}"),
            "a\u{fffd}[31m\u{fffd}b\u{fffd} \u{e9}"
        );
    }
}
