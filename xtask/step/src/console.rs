//! What a step tells the person at the terminal: sentences in lines of 80
//! columns, and colours only where the output is a terminal and NO_COLOR is not
//! set. Where nobody reads any more, a step goes on without a word.

use std::io::{IsTerminal, Write, stderr, stdout};

const PLAIN: &str = "\x1b[0m";
const BOLD: &str = "\x1b[1m";
const GREEN: &str = "\x1b[32m";
const CYAN: &str = "\x1b[36m";

const WIDTH: usize = 80;

/// Returns true if colours are wanted.
#[must_use]
pub fn has_colours() -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    stdout().is_terminal() && !refused
}

/// Begins a part.
pub fn heading(text: &str) {
    line("");
    line(&painted(&[BOLD, CYAN], &format!("━━ {text}")));
}

/// A paragraph.
pub fn say(text: &str) {
    line(&filled(text));
}

/// A command, as it would be typed.
pub fn command(typed: &str) {
    line("");
    line(&painted(&[BOLD], &format!("$ {typed}")));
}

/// Something that was checked and holds.
pub fn holds(text: &str) {
    line(&format!("{} {text}", painted(&[GREEN], "✓")));
}

/// A line as it is.
pub fn line(text: &str) {
    let _ = writeln!(stdout(), "{text}");
}

/// Why the step ends. Lines that are indented stay as they are.
pub fn error(text: &str) {
    let text = format!("error: {text}");
    let lines = text.lines().map(|line| match line.starts_with(' ') {
        true => line.to_owned(),
        false => filled(line),
    });
    let _ = writeln!(stderr(), "\n{}", lines.collect::<Vec<_>>().join("\n"));
}

fn painted(styles: &[&str], text: &str) -> String {
    match has_colours() {
        true => format!("{}{text}{PLAIN}", styles.concat()),
        false => text.to_owned(),
    }
}

/// The text in lines that are full, as far as its words allow. What stands
/// between backticks is to be typed, and so is one word.
fn filled(text: &str) -> String {
    let mut filled = String::new();
    let mut column = 0;
    let mut is_code = false;
    let words = text.split(|c: char| {
        is_code ^= c == '`';
        c.is_whitespace() && !is_code
    });
    for word in words.filter(|word| !word.is_empty()) {
        let length = word.chars().count();
        if column > 0 {
            let fits = column + 1 + length <= WIDTH;
            filled.push(if fits { ' ' } else { '\n' });
            column = if fits { column + 1 } else { 0 };
        }
        filled.push_str(word);
        column += length;
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_is_filled_and_a_long_word_stays_whole() {
        let long = "x".repeat(WIDTH + 1);
        assert_eq!(filled(&format!("one\n two  {long} three")), format!("one two\n{long}\nthree"));
        let full = "abc ".repeat(20);
        assert_eq!(filled(&full), full.trim());
        assert_eq!(filled(&format!("{full}more")), format!("{}\nmore", full.trim()));
    }

    #[test]
    fn what_is_to_be_typed_stays_in_one_line() {
        let before = "x".repeat(WIDTH - 10);
        let text = format!("{before} run `cargo xtask test` now");
        assert_eq!(filled(&text), format!("{before} run\n`cargo xtask test` now"));
    }
}
