//! Rules for texts that are addresses: endpoints, and URLs among the credentials.

use tf_provider::schema::{Validator, Violation, rule};
use url::Url;

use crate::scope::is_invisible;

/// An address in one piece, without what a reader cannot see.
pub(super) fn without_hidden_characters() -> Validator {
    rule(|text| match text.chars().zip(1..).find(|(c, _)| is_hidden(*c)) {
        None => Ok(()),
        Some((c, position)) => Err(Violation::error(format!(
            "must have no white space and no invisible characters; character {position} is {}",
            in_words(c)
        ))),
    })
}

/// Returns true if a text has white space or invisible characters.
pub(super) fn has_hidden_characters(text: &str) -> bool {
    text.chars().any(is_hidden)
}

/// Anyone sees what is in a URL that is no secret.
pub(super) fn without_password(argument: &'static str) -> Validator {
    rule(move |text| match has_password(text) {
        true => Err(Violation::warning(
            format!("A password or key in {argument}"),
            "should have no password or key in it: it is stored and shown in plans. Give \
             credentials in `credentials` or `credentials_wo`",
        )),
        false => Ok(()),
    })
}

/// A URL of HTTP.
pub(super) fn url() -> Validator {
    rule(|text| match is_url(text.trim()) {
        true => Ok(()),
        false => Err(Violation::error("must be a URL that begins with https:// (or http://)")),
    })
}

/// A URL of HTTP, or a path.
pub(super) fn url_or_path() -> Validator {
    rule(|text| match is_url(text) || text.starts_with('/') {
        true => Ok(()),
        false => Err(Violation::error("must be a URL, or a path that begins with \"/\"")),
    })
}

/// Returns true if an address names a host: behind its scheme, and a user's name before.
pub(super) fn has_host(address: &str) -> bool {
    host(address).is_some_and(|host| !host.is_empty())
}

/// The host of an address of the form `scheme://user@host:port/path`.
pub(super) fn host(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((ip, _)) => Some(ip),
        None => Some(host.split(':').next().unwrap_or(host)),
    }
}

/// Returns true if a text begins with another, ignoring case: schemes have none (RFC 3986,
/// section 3.1).
pub(super) fn begins_with(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
}

/// Returns true if a text is an address of HTTP with a host.
fn is_url(text: &str) -> bool {
    let has_scheme = ["https://", "http://"].iter().any(|scheme| begins_with(text, scheme));
    has_scheme && has_host(text) && Url::parse(text).is_ok()
}

/// Returns true if a character cannot be seen, or is white space: such characters come with
/// text that is copied from a page or read from a file.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_whitespace() || c.is_control() || is_invisible(c)
}

/// The name of a hidden character in a message, which would not show the character itself.
fn in_words(c: char) -> String {
    match c {
        ' ' => "a space".to_owned(),
        '\t' => "a tab".to_owned(),
        '\n' | '\r' => "a line break; `trimspace()` removes one at the end".to_owned(),
        c => format!("U+{:04X}", u32::from(c)),
    }
}

/// Returns true if a URL has a user's password before its host, or a key in its query.
fn has_password(text: &str) -> bool {
    const KEYS: [&str; 7] =
        ["access_token", "api_key", "api-key", "apikey", "key", "password", "token"];
    let after_scheme = text.split_once("://").map_or("", |(_, rest)| rest);
    let authority = after_scheme.split(['/', '?', '#']).next().unwrap_or_default();
    let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
    let query = text.split_once('?').map_or("", |(_, query)| query);
    let names = query.split(['&', ';']).filter_map(|pair| Some(pair.split_once('=')?.0));
    user.contains(':') || names.map(str::to_ascii_lowercase).any(|name| KEYS.contains(&&*name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_password_in_a_url_and_nothing_in_other_parts() {
        for text in [
            "mongodb+srv://user:pass@cluster0.abc.mongodb.net",
            "https://host/v1?alt=json&Key=abc",
            "jdbc:postgresql://host:5432/db?user=a&password=b",
        ] {
            assert!(has_password(text), "{text}");
        }
        for text in [
            "mongodb+srv://user@cluster0.abc.mongodb.net",
            "https://host:443/path:a@b?api-version=2025-01-01",
            "/sse?monkey=1",
            "x",
        ] {
            assert!(!has_password(text), "{text}");
        }
    }

    #[test]
    fn finds_what_a_reader_cannot_see() {
        for c in [' ', '\t', '\n', '\r', '\u{a0}', '\u{200b}', '\u{feff}', '\u{202e}', '\u{7f}'] {
            assert!(is_hidden(c), "{}", in_words(c));
        }
        assert!("https://ümläut.example/%20?a=b#c[]{}".chars().all(|c| !is_hidden(c)));
    }

    #[test]
    fn reads_the_host_of_any_scheme() {
        for (address, expected) in [
            ("https://api.openai.com/v1", "api.openai.com"),
            ("mongodb+srv://user:p@host.example/db", "host.example"),
            ("mongodb://one:27017,two:27017/db", "one"),
            ("https://[::1]:8080/", "::1"),
            ("https://host?x=/", "host"),
        ] {
            assert_eq!(host(address), Some(expected), "{address}");
            assert!(has_host(address), "{address}");
        }
        for address in ["https://", "https:///path", "https://user@/x", "https://:80", "x"] {
            assert!(!has_host(address), "{address}");
        }
    }
}
