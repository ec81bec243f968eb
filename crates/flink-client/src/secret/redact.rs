//! Replaces the secrets a client sent wherever a server repeats them.
//!
//! A server may echo what it was sent as it was, escaped in JSON (once for a body, twice
//! for a JSON text inside one), in HTML or in a URL, in mixtures of these, or cut off at
//! its own limit. So a secret is compared character by character, each in any spelling.

use std::borrow::Cow;
use std::iter::successors;

use super::REDACTED;

/// Secrets of fewer characters are only replaced where they stand as a word of their
/// own: `sa` must go from `"user": "sa"`, but taking it out of `message` would make
/// the text unreadable and give the value away.
const SHORTEST_ANYWHERE: usize = 4;

/// The longest spelling of a character that a cut may have left a part of.
const LONGEST_SPELLING: usize = 12;

/// How often the same may be repeated within the spelling of one character, such as the
/// backslashes of JSON in JSON in JSON.
const MOST_REPEATED: usize = 8;

/// Names of characters in HTML.
const ENTITIES: [(char, &str); 5] =
    [('&', "amp;"), ('<', "lt;"), ('>', "gt;"), ('"', "quot;"), ('\'', "apos;")];

/// Letters that stand for characters behind a backslash in JSON.
const LETTERS: [(char, char); 8] = [
    ('"', '"'),
    ('/', '/'),
    ('\'', '\''),
    ('\n', 'n'),
    ('\r', 'r'),
    ('\t', 't'),
    ('\u{8}', 'b'),
    ('\u{c}', 'f'),
];

/// Finds a set of secrets in text.
pub(crate) struct Redactor {
    /// With one space where there is any white space.
    secrets: Vec<Vec<char>>,
}

impl Redactor {
    /// Prepares to look for `secrets`; empty ones are ignored.
    pub(crate) fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let secrets = secrets.into_iter().filter(|secret| !secret.trim().is_empty());
        // A server may well trim what it repeats.
        let secrets = secrets.flat_map(|secret| [secret, secret.trim()]).map(one_spaced);
        Self { secrets: secrets.collect() }
    }

    /// `text` without any of the secrets.
    pub(crate) fn clean<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut cleaned = String::new();
        let mut kept_from = 0;
        let mut at = 0;
        while at < text.len() {
            if let Some(length) = self.match_at(text, at) {
                cleaned.push_str(&text[kept_from..at]);
                cleaned.push_str(REDACTED);
                at += length;
                kept_from = at;
            } else {
                at += text[at..].chars().next().map_or(1, char::len_utf8);
            }
        }
        if kept_from == 0 {
            return Cow::Borrowed(text);
        }
        cleaned.push_str(&text[kept_from..]);
        Cow::Owned(cleaned)
    }

    /// The length of the secret that starts at `at`, if one does: of the longest, so that
    /// one that contains another goes as a whole.
    fn match_at(&self, text: &str, at: usize) -> Option<usize> {
        let rest = &text[at..];
        let may_begin = |secret: &&Vec<char>| {
            rest.starts_with(secret[0])
                || rest.starts_with(['\\', '%', '&'])
                || secret[0] == ' ' && rest.starts_with(|c: char| c == '+' || c.is_whitespace())
        };
        let lengths = self.secrets.iter().filter(may_begin).filter_map(|secret| {
            let length = repeated(secret, rest)?;
            let whole = || is_word(&text[..at], &rest[length..]);
            (secret.len() >= SHORTEST_ANYWHERE || whole()).then_some(length)
        });
        lengths.max()
    }
}

/// A text in which every run of white space is one space: line breaks become spaces
/// before a text is shown.
fn one_spaced(text: &str) -> Vec<char> {
    let mut characters: Vec<char> =
        text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    characters.dedup_by(|one, other| *one == ' ' && *other == ' ');
    characters
}

/// Whether what stands between `before` and `after` is not part of a longer word.
fn is_word(before: &str, after: &str) -> bool {
    !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
}

/// How much of the beginning of `text` repeats the secret, as far as the text goes.
fn repeated(secret: &[char], text: &str) -> Option<usize> {
    // A backslash may belong to what is before it or to what is after it, so all ways of
    // reading are followed.
    let mut ends = vec![0];
    for (known, c) in secret.iter().enumerate() {
        let further = |end: &usize| {
            let lengths = match c {
                ' ' => spaces(&text[*end..]),
                c => spelled(*c, &text[*end..]),
            };
            lengths.into_iter().map(move |length| end + length).collect::<Vec<_>>()
        };
        let mut next: Vec<usize> = ends.iter().flat_map(further).collect();
        if next.is_empty() {
            // The text may have been cut in the middle of a secret.
            let cut = ends.iter().any(|end| is_cut(&text[*end..]));
            return (cut && known >= SHORTEST_ANYWHERE).then_some(text.len());
        }
        next.sort_unstable();
        next.dedup();
        ends = next;
    }
    ends.last().copied()
}

/// Whether a text ends here, or in the middle of a spelling.
fn is_cut(rest: &str) -> bool {
    rest.is_empty() || rest.len() < LONGEST_SPELLING && rest.starts_with(['\\', '%', '&'])
}

/// The lengths of the white space that `text` begins with, in any spelling.
fn spaces(text: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut open = vec![0];
    while let Some(at) = open.pop()
        && ends.len() < 4 * MOST_REPEATED
    {
        let rest = &text[at..];
        let form = spelled('+', rest);
        let blank = rest.chars().next().filter(|c| c.is_whitespace()).map(char::len_utf8);
        let blank = form.into_iter().chain(blank);
        for length in [' ', '\n', '\r', '\t'].iter().flat_map(|c| spelled(*c, rest)).chain(blank) {
            if !ends.contains(&(at + length)) {
                ends.push(at + length);
                open.push(at + length);
            }
        }
    }
    ends
}

/// The lengths of the spellings of `c` that `text` begins with.
fn spelled(c: char, text: &str) -> Vec<usize> {
    let mut lengths: Vec<usize> = without_backslash(c, text).collect();
    // Any number of backslashes, since JSON may be in JSON.
    let mut behind = 0;
    for _ in 0..MOST_REPEATED {
        let Some(length) = backslash(&text[behind..]) else { break };
        behind += length;
        lengths.extend((c == '\\').then_some(behind));
    }
    if behind > 0
        && let Some((_, letter)) = LETTERS.iter().find(|(meant, _)| *meant == c)
    {
        let letters = without_backslash(*letter, &text[behind..]);
        lengths.extend(letters.map(|length| behind + length));
    }
    lengths.extend(by_number(c, text));
    lengths
}

/// By its number behind a backslash, or two of them.
fn by_number(c: char, text: &str) -> Option<usize> {
    let mut rest = text;
    for unit in c.encode_utf16(&mut [0; 2]) {
        for _ in 0..MOST_REPEATED {
            rest = &rest[backslash(rest)?..];
            if rest.starts_with('u') {
                break;
            }
        }
        let digits = rest.strip_prefix('u')?;
        if u16::from_str_radix(digits.get(..4)?, 16) != Ok(*unit) {
            return None;
        }
        rest = &digits[4..];
    }
    Some(text.len() - rest.len())
}

fn backslash(text: &str) -> Option<usize> {
    match text.as_bytes().first()? {
        b'\\' => Some(1),
        b'&' => in_html('\\', text),
        b'%' => in_url('\\', text),
        _ => None,
    }
}

/// As it is, or as HTML and URLs have it.
fn without_backslash(c: char, text: &str) -> impl Iterator<Item = usize> {
    let as_it_is = text.starts_with(c).then(|| c.len_utf8());
    let found = [as_it_is, in_html(c, text), in_url(c, text)].into_iter().flatten();
    // What begins an escape is itself escaped by more of the same.
    let again = match c {
        '%' => Some("25"),
        '&' => Some("amp;"),
        _ => None,
    };
    found.flat_map(move |length| {
        let longer = move |length: &usize| {
            let again = again.filter(|again| text[*length..].starts_with(again))?;
            Some(length + again.len())
        };
        successors(Some(length), longer).take(MOST_REPEATED)
    })
}

/// Behind an ampersand, which may have been escaped again and again.
fn in_html(c: char, text: &str) -> Option<usize> {
    let run = text.bytes().take(MOST_REPEATED).take_while(|byte| *byte == b'\\').count();
    let mut rest = match run {
        0 => text.strip_prefix('&')?,
        run => text[run..].strip_prefix("u0026")?,
    };
    for _ in 0..MOST_REPEATED {
        let name = ENTITIES.iter().find(|(meant, name)| *meant == c && rest.starts_with(name));
        if let Some((_, name)) = name {
            return Some(text.len() - rest.len() + name.len());
        }
        if let Some(number) = rest.strip_prefix('#') {
            let end = number.find(|c: char| !c.is_ascii_alphanumeric())?;
            let code = match number[..end].strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number[..end].parse(),
            };
            let length = text.len() - number.len() + end + 1;
            return (number[end..].starts_with(';') && code == Ok(u32::from(c))).then_some(length);
        }
        rest = rest.strip_prefix("amp;")?;
    }
    None
}

/// As bytes behind percent signs, which may have been escaped again and again.
fn in_url(c: char, text: &str) -> Option<usize> {
    let mut rest = text;
    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
        rest = rest.strip_prefix('%')?;
        let is_meant = |rest: &str| {
            rest.get(..2).is_some_and(|digits| u8::from_str_radix(digits, 16) == Ok(byte))
        };
        for _ in 0..MOST_REPEATED {
            if !is_meant(rest) {
                rest = rest.strip_prefix("25")?;
            }
        }
        rest = rest.get(2..).filter(|_| is_meant(rest))?;
    }
    Some(text.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn clean(secrets: &[&str], text: &str) -> String {
        Redactor::new(secrets.iter().copied()).clean(text).into_owned()
    }

    #[test]
    fn leaves_other_text_alone() {
        assert_eq!(clean(&["hunter2"], "all is well"), "all is well");
        assert_eq!(clean(&["", " "], "all is well"), "all is well");
        assert_eq!(clean(&[], ""), "");
    }

    #[test]
    fn replaces_every_occurrence_and_the_longest_first() {
        assert_eq!(
            clean(&["hunter2", "hunter2-long"], "hunter2-long, hunter2 and Xhunter2X"),
            "(redacted), (redacted) and X(redacted)X"
        );
    }

    #[test]
    fn replaces_short_secrets_only_as_words() {
        assert_eq!(
            clean(&["sa"], r#"message: {"user":"sa"}"#),
            r#"message: {"user":"(redacted)"}"#
        );
    }

    fn json_escaped(text: &str) -> String {
        let quoted = serde_json::Value::from(text).to_string();
        quoted[1..quoted.len() - 1].to_owned()
    }

    #[test]
    fn finds_escaped_spellings() {
        let secret = "a\"b\\c\nd<&e";
        let mut text = secret.to_owned();
        for _ in 0..3 {
            text = json_escaped(&text);
            assert_eq!(clean(&[secret], &format!("[{text}]")), "[(redacted)]");
        }
        assert_eq!(clean(&[secret], "[a%22b%5Cc%0Ad%3C%26e]"), "[(redacted)]");
        assert_eq!(clean(&["it's <b>"], "[it&#39;s &lt;b&gt;]"), "[(redacted)]");
        assert_eq!(clean(&["two\n lines"], "[two lines]"), "[(redacted)]");
        for text in [
            "it&#x27;s &amp;lt;b&gt;",
            "it%27s%20%3cb%3e",
            "it%2527s+%3Cb>",
            "it%2527s%2B%3Cb>",
            r"it's \u003cb\u003E",
            r"it's \u0026lt;b\u0026gt;",
            r"it's\n<b&#62;",
            "it%27s%5cn%5Cu003cb&#x5C;u003e",
        ] {
            assert_eq!(clean(&["it's <b>"], &format!("[{text}]")), "[(redacted)]", "{text}");
        }
        assert_eq!(clean(&["100%&1"], "[100%2525&amp;amp;1]"), "[(redacted)]");
        assert_eq!(clean(&["smile\u{1f600}"], r"[smile\ud83d\uDE00]"), "[(redacted)]");
        assert_eq!(clean(&[r#"back\"#], r#"{"a":"back\\"}"#), r#"{"a":"(redacted)"}"#);
    }

    #[test]
    fn finds_a_secret_that_the_end_cuts_off() {
        assert_eq!(clean(&["hunter2-long"], "it is hunter2-l"), "it is (redacted)");
        assert_eq!(clean(&["hunter<2>"], r"it is hunter\u00"), "it is (redacted)");
    }

    proptest! {
        #[test]
        fn no_secret_survives(
            secret in "\\PC{4,24}",
            before in "\\PC{0,20}",
            after in "\\PC{0,20}",
        ) {
            prop_assume!(!secret.trim().is_empty() && !REDACTED.contains(secret.trim()));
            let text = format!("{before}{secret}{after}");
            let cleaned = clean(&[&secret], &text);
            prop_assert!(!cleaned.contains(&secret), "{cleaned}");
        }
    }
}
