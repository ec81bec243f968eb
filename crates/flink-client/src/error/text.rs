//! Makes a server's text fit to be shown: one bounded line without control characters.
//!
//! Knows nothing of JSON.

/// The longest text that is shown, in characters.
const LONGEST: usize = 500;

/// Elements whose content is not meant to be read.
const UNREAD: [&str; 3] = ["script", "style", "head"];

/// `text` as one line of at most a few hundred characters.
pub(crate) fn readable(text: &str) -> String {
    let line = one_line(text);
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// `text` as one line, with every run of white space and invisible characters as one
/// space.
pub(crate) fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || !is_visible(c));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Control characters could rewrite a terminal, and those that change the direction of
/// writing could make a text read as another.
fn is_visible(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Returns true if a body is a page for a browser.
pub(super) fn is_html(text: &str) -> bool {
    let start: String = text.chars().take(15).collect::<String>().to_lowercase();
    ["<!doctype html", "<html", "<head", "<body", "<?xml", "<!--"]
        .iter()
        .any(|opening| start.starts_with(opening))
}

/// The message of a page: its title, or its text where it has no title.
pub(super) fn of_html(page: &str) -> String {
    let title = element(page, "title").map(|title| unescaped(&tagless(title)));
    match title.filter(|title| !title.trim().is_empty()) {
        Some(title) => title,
        None => unescaped(&tagless(page)),
    }
}

/// The content of the first element of this name.
fn element<'a>(page: &'a str, name: &str) -> Option<&'a str> {
    // ASCII lower case keeps every byte in its place.
    let lower = page.to_ascii_lowercase();
    let opening = lower.find(&format!("<{name}"))?;
    let start = opening + lower[opening..].find('>')? + 1;
    let length = lower[start..].find(&format!("</{name}"))?;
    Some(&page[start..start + length])
}

/// `page` without its tags and without the content of unread elements.
fn tagless(page: &str) -> String {
    let lower = page.to_ascii_lowercase();
    let mut text = String::new();
    let mut at = 0;
    while let Some(open) = lower[at..].find('<').map(|open| at + open) {
        text.push_str(&page[at..open]);
        text.push(' ');
        let tag = &lower[open + 1..];
        let unread = UNREAD.iter().find(|name| {
            tag.strip_prefix(**name)
                .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
        });
        let end = match unread {
            Some(name) => lower[open..].find(&format!("</{name}")).map(|end| open + end),
            None => Some(open),
        };
        let close = end.and_then(|end| Some(end + lower[end..].find('>')? + 1));
        match close {
            Some(close) => at = close,
            None => return text,
        }
    }
    text.push_str(&page[at..]);
    text
}

/// Text with the character references that pages commonly use resolved.
fn unescaped(text: &str) -> String {
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (reference, meant)| text.replace(reference, meant))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn strips_control_and_direction_characters() {
        let text = "a\u{1b}[31mb\r\n\tc\u{202e}d\0e\u{feff}";
        assert_eq!(readable(text), "a [31mb c d e");
    }

    #[test]
    fn bounds_the_length() {
        assert_eq!(readable(&"ä".repeat(5_000)).chars().count(), LONGEST + 1);
        assert_eq!(readable(&"a ".repeat(200)).chars().count(), 399);
    }

    proptest! {
        #[test]
        fn any_page_becomes_one_bounded_line(page in "(<|>|/|!|&|;|\\PC|\n|head|script|title|html){0,60}") {
            let text = readable(&of_html(&page));
            prop_assert!(text.chars().count() <= LONGEST + 1);
            prop_assert!(!text.contains('\n'));
        }
    }
}
