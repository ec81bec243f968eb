//! The output of a step: paragraphs of 80 columns, and colours only where the output
//! is a terminal and `NO_COLOR` is not set. A closed output is ignored, so that
//! `cargo xtask test | head` does not panic.

use std::io::{IsTerminal, Write, stderr, stdout};

const PLAIN: &str = "\x1b[0m";
const BOLD: &str = "\x1b[1m";
const GREEN: &str = "\x1b[32m";
const BOLD_CYAN: &str = "\x1b[1;36m";

const WIDTH: usize = 80;

/// Returns true if the output may have colours.
#[must_use]
pub fn has_colours() -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    stdout().is_terminal() && !refused
}

/// Prints the title of a part.
pub fn heading(text: &str) {
    line(&format!("\n{}", painted(BOLD_CYAN, &format!("━━ {text}"))));
}

/// Prints a paragraph.
pub fn say(text: &str) {
    line(&filled(text));
}

/// Prints a command as a user would type it.
pub fn command(typed: &str) {
    line(&format!("\n{}", painted(BOLD, &format!("$ {typed}"))));
}

/// Prints a statement that was checked and holds.
pub fn holds(text: &str) {
    line(&format!("{} {text}", painted(GREEN, "✓")));
}

/// Prints a line unchanged.
pub fn line(text: &str) {
    let _ = writeln!(stdout(), "{text}");
}

/// Prints the reason why the step fails.
pub fn error(text: &str) {
    let _ = writeln!(stderr(), "\nerror: {text}");
}

fn painted(style: &str, text: &str) -> String {
    if has_colours() { format!("{style}{text}{PLAIN}") } else { text.to_owned() }
}

/// Breaks a text between words into lines of at most [`WIDTH`] columns.
fn filled(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is always a line");
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= WIDTH {
            *line += &format!(" {word}");
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_lines_and_keeps_long_words_whole() {
        let long = "x".repeat(WIDTH + 1);
        assert_eq!(filled(&format!("one\n two  {long} three")), format!("one two\n{long}\nthree"));
        let full = "abc ".repeat(20);
        assert_eq!(filled(&format!("{full}more")), format!("{}\nmore", full.trim()));
    }
}
