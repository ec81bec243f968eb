//! Replaces secrets wherever a server repeats them.
//!
//! A server may repeat a secret as it was sent; or escaped for JSON, HTML or a URL, several
//! times and in mixtures; or cut off at its own limit. So both the text and the secret are
//! decoded step by step, and each form of the text is searched for each form of the secret.

use std::borrow::Cow;
use std::ops::Range;

use super::REDACTED;

/// Shorter secrets, in characters, are replaced only as words of their own: `sa` has to go
/// from `"user": "sa"`, but replacing it in `message` would make the text unreadable and
/// give the value away.
const SHORTEST_ANYWHERE: usize = 4;

/// The longest escape of a character that a cut may have left a part of.
const LONGEST_ESCAPE: usize = 12;

/// The most times that a text is decoded.
const MOST_STEPS: usize = 8;

/// The character references of HTML that encoders commonly use.
const ENTITIES: [(&str, char); 5] =
    [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\'')];

/// A character of a decoded text, and the bytes of the original text that it stands for.
#[derive(Clone, PartialEq, Eq)]
struct Unit {
    c: char,
    bytes: Range<usize>,
}

/// Finds a set of secrets in text.
pub(crate) struct Redactor {
    /// The forms of each secret.
    secrets: Vec<Vec<Vec<char>>>,
}

impl Redactor {
    /// Prepares a search for `secrets`; empty ones are ignored.
    pub(crate) fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let secrets = secrets.into_iter().filter(|secret| !secret.trim().is_empty());
        let secrets = secrets.map(|secret| {
            // A server may trim the text that it repeats.
            let forms = [secret, secret.trim()].into_iter().flat_map(forms);
            let mut forms: Vec<Vec<char>> =
                forms.map(|form| form.into_iter().map(|unit| unit.c).collect()).collect();
            forms.sort_unstable();
            forms.dedup();
            forms
        });
        Self { secrets: secrets.collect() }
    }

    /// `text` without any of the secrets.
    pub(crate) fn clean<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.secrets.is_empty() {
            return Cow::Borrowed(text);
        }
        let forms = forms(text);
        let mut found: Vec<Range<usize>> =
            self.secrets.iter().flat_map(|secret| found_in(&forms, secret)).collect();
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        found.sort_unstable_by_key(|bytes| bytes.start);
        let mut cleaned = String::new();
        let mut kept_from = 0;
        for bytes in found {
            if bytes.start >= kept_from {
                cleaned.push_str(&text[kept_from..bytes.start]);
                cleaned.push_str(REDACTED);
            }
            kept_from = kept_from.max(bytes.end);
        }
        cleaned.push_str(&text[kept_from..]);
        Cow::Owned(cleaned)
    }
}

/// The bytes of the original text at which a form of it has a form of the secret.
fn found_in(forms: &[Vec<Unit>], secret: &[Vec<char>]) -> Vec<Range<usize>> {
    let (mut whole, mut cut) = (Vec::new(), Vec::new());
    for form in forms {
        for (start, secret) in (0..form.len()).flat_map(|at| secret.iter().map(move |s| (at, s))) {
            let Some(found) = match_at(secret, form, start) else { continue };
            let (found, end) = match found {
                Match::Whole(end) => (&mut whole, end),
                Match::Cut => (&mut cut, form.len()),
            };
            found.push(form[start].bytes.start..form[end - 1].bytes.end);
        }
    }
    // A secret that ends as it begins is not cut off where it ends.
    let is_inside =
        |cut: &Range<usize>, whole: &Range<usize>| whole.start < cut.start && cut.start < whole.end;
    cut.retain(|cut| !whole.iter().any(|whole| is_inside(cut, whole)));
    whole.extend(cut);
    whole
}

/// A secret in a text.
enum Match {
    /// All of it, up to this end.
    Whole(usize),
    /// Its beginning, cut off by the end of the text.
    Cut,
}

/// The match of a secret at `start`, if there is one.
fn match_at(secret: &[char], form: &[Unit], start: usize) -> Option<Match> {
    let rest = &form[start..];
    let common = secret.iter().zip(rest).take_while(|(c, unit)| **c == unit.c).count();
    let end = start + common;
    if common == secret.len() {
        let is_anywhere = secret.len() >= SHORTEST_ANYWHERE;
        return (is_anywhere || is_word(form, start..end)).then_some(Match::Whole(end));
    }
    let is_cut = rest.len() == common || is_partial_escape(&rest[common..]);
    (is_cut && common >= SHORTEST_ANYWHERE).then_some(Match::Cut)
}

/// Returns true if a part of a text is not a part of a longer word.
fn is_word(form: &[Unit], part: Range<usize>) -> bool {
    let is_alphanumeric = |unit: Option<&Unit>| unit.is_some_and(|unit| unit.c.is_alphanumeric());
    let before = part.start.checked_sub(1).and_then(|at| form.get(at));
    !is_alphanumeric(before) && !is_alphanumeric(form.get(part.end))
}

/// Returns true if a text may end in the middle of an escape.
fn is_partial_escape(rest: &[Unit]) -> bool {
    let is_inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '\\' | '%' | '#');
    rest.len() < LONGEST_ESCAPE
        && matches!(rest[0].c, '\\' | '%' | '&')
        && rest[1..].iter().all(|unit| is_inside(unit.c))
}

/// The forms of a text: as it is, decoded once, decoded twice, and so on.
fn forms(text: &str) -> Vec<Vec<Unit>> {
    let unit = |(at, c): (usize, char)| Unit { c, bytes: at..at + c.len_utf8() };
    let mut form: Vec<Unit> = text.char_indices().map(unit).collect();
    let mut forms = vec![one_spaced(&form)];
    for _ in 0..MOST_STEPS {
        let next = decoded(&form);
        if next == form {
            break;
        }
        forms.push(one_spaced(&next));
        form = next;
    }
    forms
}

/// A form in which every run of white space is one space: line breaks become spaces before
/// a text is shown.
fn one_spaced(form: &[Unit]) -> Vec<Unit> {
    let mut spaced: Vec<Unit> = Vec::with_capacity(form.len());
    for unit in form {
        let c = if unit.c.is_whitespace() { ' ' } else { unit.c };
        match spaced.last_mut().filter(|last| c == ' ' && last.c == ' ') {
            Some(last) => last.bytes.end = unit.bytes.end,
            None => spaced.push(Unit { c, bytes: unit.bytes.clone() }),
        }
    }
    spaced
}

/// Decodes each escape once, of whichever kind it is.
fn decoded(form: &[Unit]) -> Vec<Unit> {
    let mut decoded = Vec::with_capacity(form.len());
    let mut at = 0;
    while let Some(unit) = form.get(at) {
        let escape = match unit.c {
            '\\' => of_json(&form[at..]),
            '%' => of_url(&form[at..]),
            '&' => of_html(&form[at..]),
            '+' => Some((' ', 1)),
            _ => None,
        };
        let (c, length) = escape.unwrap_or((unit.c, 1));
        let bytes = unit.bytes.start..form[at + length - 1].bytes.end;
        decoded.push(Unit { c, bytes });
        at += length;
    }
    decoded
}

/// The character behind a backslash, and the length of its escape (RFC 8259, section 7).
fn of_json(form: &[Unit]) -> Option<(char, usize)> {
    let c = match form.get(1)?.c {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'u' => {
            let first = u16::try_from(number(form.get(2..6)?)?).ok()?;
            let second = form.get(6..12).filter(|next| next[0].c == '\\' && next[1].c == 'u');
            let second = second.and_then(|next| u16::try_from(number(&next[2..])?).ok());
            let units = std::iter::once(first).chain(second);
            let c = char::decode_utf16(units).next()?.ok()?;
            return Some((c, 6 * c.len_utf16()));
        }
        c @ ('"' | '\'' | '/' | '\\') => c,
        _ => return None,
    };
    Some((c, 2))
}

/// The character of bytes behind percent signs (RFC 3986, section 2.1).
fn of_url(form: &[Unit]) -> Option<(char, usize)> {
    let byte = |unit: &[Unit]| (unit[0].c == '%').then(|| number(&unit[1..]))?;
    let escapes = form.chunks_exact(3).map_while(byte).take(4);
    let bytes: Vec<u8> = escapes.filter_map(|byte| u8::try_from(byte).ok()).collect();
    let c = bytes.utf8_chunks().next()?.valid().chars().next()?;
    Some((c, 3 * c.len_utf8()))
}

/// The character of a character reference of HTML.
fn of_html(form: &[Unit]) -> Option<(char, usize)> {
    let end = form.iter().take(LONGEST_ESCAPE).position(|unit| unit.c == ';')?;
    let name: String = form[1..end].iter().map(|unit| unit.c).collect();
    let c = match name.strip_prefix('#') {
        Some(number) => char::from_u32(match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        })?,
        None => ENTITIES.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((c, end + 1))
}

/// The value of hexadecimal digits.
fn number(digits: &[Unit]) -> Option<u32> {
    digits.iter().try_fold(0, |value, digit| Some(value * 16 + digit.c.to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn clean(secrets: &[&str], text: &str) -> String {
        Redactor::new(secrets.iter().copied()).clean(text).into_owned()
    }

    #[test]
    fn replaces_secrets_and_leaves_other_text_alone() {
        for (secrets, text, cleaned) in [
            (&["hunter2"][..], "all is well", "all is well"),
            (&["", " "], "all is well", "all is well"),
            (&[], "", ""),
            (&["four", "four-long"], "four-long, XfourX", "(redacted), X(redacted)X"),
            (&["sa"], r#"message: {"user":"sa"}"#, r#"message: {"user":"(redacted)"}"#),
            // Cut off by the end.
            (&["hunter2-long"], "it is hunter2-l", "it is (redacted)"),
            (&["hunter<2>"], r"it is hunter\u00", "it is (redacted)"),
            // It ends as it begins, and so does the text behind it.
            (&["core\"+core"], r#"it is "core\"+core""#, r#"it is "(redacted)""#),
        ] {
            assert_eq!(clean(secrets, text), cleaned);
        }
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

    fn escaped(text: &str, kind: u8) -> String {
        match kind {
            0 => json_escaped(text),
            1 => text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&#34;"),
            _ => url::form_urlencoded::byte_serialize(text.as_bytes()).collect(),
        }
    }

    proptest! {
        #[test]
        fn no_secret_survives(
            secret in "([a-z]|[\\\\\"&<%+ ;]|\\PC){4,24}",
            kinds in proptest::collection::vec(0..3_u8, 0..4),
            before in "\\PC{0,20}",
        ) {
            prop_assume!(!secret.trim().is_empty() && !REDACTED.contains(secret.trim()));
            let text = kinds.iter().fold(secret.clone(), |text, kind| escaped(&text, *kind));
            prop_assert_eq!(clean(&[&secret], &format!("[{text}]")), "[(redacted)]");
            let cleaned = clean(&[&secret], &format!("{before}{secret}"));
            prop_assert!(!cleaned.contains(&secret), "{cleaned}");
        }
    }
}
