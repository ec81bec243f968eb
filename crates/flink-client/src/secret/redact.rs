//! Replaces the secrets a client sent wherever a server repeats them.
//!
//! A server may echo what it was sent as it was, escaped inside JSON (once for a
//! body, twice for a JSON text inside one) or inside HTML, percent-encoded as in a form, or cut
//! off at its own limit. All of these are looked for.

use std::borrow::Cow;

use super::REDACTED;

/// Secrets shorter than this are only replaced where they stand as a word of their
/// own: `sa` must go from `"user": "sa"`, but taking it out of `message` would make
/// the text unreadable and give the value away.
const SHORTEST_ANYWHERE: usize = 4;

/// How often a value may have been escaped as a JSON string on its way.
const JSON_LEVELS: usize = 3;

/// Finds the spellings of a set of secrets in text.
pub(crate) struct Redactor {
    /// Longest first, so that a value that contains another one goes as a whole.
    needles: Vec<String>,
}

impl Redactor {
    /// Prepares to look for `secrets`; empty ones are ignored.
    pub(crate) fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let mut needles: Vec<String> = secrets
            .into_iter()
            .filter(|secret| !secret.trim().is_empty())
            .flat_map(spellings)
            .collect();
        needles.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        needles.dedup();
        Self { needles }
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

    /// The length of the secret that starts at `at`, if one does.
    fn match_at(&self, text: &str, at: usize) -> Option<usize> {
        let rest = &text[at..];
        self.needles.iter().find_map(|needle| {
            if rest.starts_with(needle.as_str()) {
                let whole = needle.len() >= SHORTEST_ANYWHERE
                    || is_word(&text[..at], &rest[needle.len()..]);
                return whole.then_some(needle.len());
            }
            // The text may have been cut in the middle of a secret.
            let cut = rest.len() >= SHORTEST_ANYWHERE && needle.starts_with(rest);
            cut.then_some(rest.len())
        })
    }
}

/// Whether what stands between `before` and `after` is not part of a longer word.
fn is_word(before: &str, after: &str) -> bool {
    !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
}

/// The ways in which `secret` may come back.
fn spellings(secret: &str) -> Vec<String> {
    let mut all = vec![secret.to_owned(), secret.trim().to_owned()];
    let mut escaped = secret.to_owned();
    for _ in 0..JSON_LEVELS {
        escaped = json_escaped(&escaped);
        all.push(escaped.clone());
    }
    all.push(url::form_urlencoded::byte_serialize(secret.as_bytes()).collect());
    all.push(replaced(secret, &[("&", "\\u0026"), ("<", "\\u003c"), (">", "\\u003e")]));
    let html = replaced(secret, &[("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")]);
    all.push(replaced(&html, &[("\"", "&#34;"), ("'", "&#39;")]));
    all.push(replaced(&html, &[("\"", "&quot;"), ("'", "&#39;")]));
    // Line breaks become spaces before a text is shown.
    all.push(secret.split_whitespace().collect::<Vec<_>>().join(" "));
    all.sort();
    all.dedup();
    all
}

fn json_escaped(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

fn replaced(text: &str, pairs: &[(&str, &str)]) -> String {
    pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
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

    #[test]
    fn finds_escaped_spellings() {
        let secret = "a\"b\\c\nd<&e";
        let mut text = secret.to_owned();
        for _ in 0..JSON_LEVELS {
            text = json_escaped(&text);
            assert_eq!(clean(&[secret], &format!("[{text}]")), "[(redacted)]");
        }
        assert_eq!(clean(&[secret], "[a%22b%5Cc%0Ad%3C%26e]"), "[(redacted)]");
        assert_eq!(clean(&["it's <b>"], "[it&#39;s &lt;b&gt;]"), "[(redacted)]");
        assert_eq!(clean(&["two\n lines"], "[two lines]"), "[(redacted)]");
    }

    #[test]
    fn finds_a_secret_that_the_end_cuts_off() {
        assert_eq!(clean(&["hunter2-long"], "it is hunter2-l"), "it is (redacted)");
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
