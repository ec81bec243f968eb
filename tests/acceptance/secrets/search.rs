//! Planted secrets, and the search for them in any encoding.
//!
//! A planted secret begins and ends with a core of plain letters, which no escaping
//! changes. Between the cores are characters that JSON, HTML and URLs escape differently,
//! so that a redaction of the whole secret has to know the escapes.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// The beginning of every core, long enough to be found in base64.
const STEM: &str = "plantedsecret";

/// A planted secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Secret {
    /// The place in which it is given.
    pub(crate) place: String,
    core: String,
}

impl Secret {
    /// The secret number `number`, which is given at `place`.
    pub(crate) fn new(number: usize, place: impl Into<String>) -> Self {
        let digit = |unit: usize| char::from(b'a' + u8::try_from(number / unit % 26).unwrap_or(0));
        let number: String = [676, 26, 1].into_iter().map(digit).collect();
        Self { place: place.into(), core: format!("{STEM}{number}end") }
    }

    /// A secret that was made elsewhere, such as a token.
    pub(crate) fn found(place: &str, value: &str) -> Self {
        Self { place: place.to_owned(), core: value.to_owned() }
    }

    /// The secret in plain letters only.
    pub(crate) fn simple(&self) -> &str {
        &self.core
    }

    /// The secret with characters to escape.
    pub(crate) fn difficult(&self) -> String {
        format!("{0}\"<'&%+/\\ \u{e9}>{0}", self.core)
    }
}

/// An occurrence of a secret.
#[derive(Clone, Debug)]
pub(crate) struct Hit<'a> {
    /// The secret; `None` if the text has only a part of one.
    pub(crate) secret: Option<&'a Secret>,
    /// The text around it.
    pub(crate) around: String,
}

/// The occurrences of the secrets in a text, one for each secret.
pub(crate) fn search<'a>(secrets: &'a [Secret], text: &str) -> Vec<Hit<'a>> {
    let text = joined(text);
    let mut hits: Vec<Hit<'a>> = Vec::new();
    let mut add = |secret: Option<&'a Secret>, at: usize| {
        if !hits.iter().any(|hit| hit.secret == secret) {
            hits.push(Hit { secret, around: around(&text, at) });
        }
    };
    for (index, stem) in spellings(STEM).iter().enumerate() {
        for (at, _) in text.match_indices(stem) {
            let is_here = |secret: &&Secret| {
                secret.core.starts_with(STEM)
                    && text[at..].starts_with(&spellings(&secret.core)[index])
            };
            add(secrets.iter().find(is_here), at);
        }
    }
    for secret in secrets.iter().filter(|secret| !secret.core.starts_with(STEM)) {
        if let Some(at) = spellings(&secret.core).iter().find_map(|needle| text.find(needle)) {
            add(Some(secret), at);
        }
    }
    hits
}

/// A text without characters that may split a secret: spaces, line breaks, frames of
/// messages.
fn joined(text: &str) -> String {
    let mut bytes = text.replace(['│', '╷', '╵'], "").into_bytes();
    bytes.retain(|byte| !byte.is_ascii_whitespace());
    String::from_utf8(bytes).expect("blanks are characters of their own")
}

/// A text in all encodings: plain, base64 at each alignment, hexadecimal, a list of bytes.
fn spellings(text: &str) -> Vec<String> {
    let bytes = text.as_bytes();
    let mut all = vec![text.to_owned()];
    for skipped in [0, 2, 1] {
        // Characters that also encode neighbouring bytes are left out.
        let whole = bytes.len().saturating_sub(skipped) / 3 * 3;
        all.push(STANDARD_NO_PAD.encode(&bytes[skipped..skipped + whole]));
    }
    let hex = |upper: bool| {
        bytes.iter().fold(String::new(), |mut hex, byte| {
            let written = if upper { write!(hex, "{byte:02X}") } else { write!(hex, "{byte:02x}") };
            written.expect("a text can be written to");
            hex
        })
    };
    all.extend([hex(false), hex(true)]);
    all.push(bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(","));
    all
}

fn around(text: &str, at: usize) -> String {
    let begin = text.floor_char_boundary(at.saturating_sub(160));
    let end = text.ceil_char_boundary((at + 120).min(text.len()));
    text[begin..end].to_owned()
}

#[test]
fn finds_a_secret_in_any_encoding() {
    let secrets = [Secret::new(0, "here"), Secret::new(731, "there")];
    let planted = &secrets[1];
    let difficult = planted.difficult();
    let in_base64 = |before: &str| {
        base64::engine::general_purpose::STANDARD.encode(format!("{before}{difficult}:"))
    };
    let (begin, end) = difficult.split_at(9);
    for text in [
        difficult.clone(),
        serde_json::Value::from(difficult.as_str()).to_string(),
        in_base64(""),
        in_base64("k"),
        in_base64("ky"),
        format!("{begin}\n  │ {end}"),
        format!("{:?}", difficult.as_bytes()),
        difficult.bytes().map(|byte| format!("{byte:02x}")).collect(),
        difficult.bytes().map(|byte| format!("{byte:02X}")).collect(),
        base64::engine::general_purpose::URL_SAFE.encode(&difficult),
    ] {
        let hits = search(&secrets, &format!("before {text} after"));
        assert_eq!(hits.len(), 1, "{text}: {hits:?}");
        assert_eq!(hits[0].secret, Some(planted), "{text}");
    }
    let cut = &search(&secrets, &format!("… {} …", &difficult[..14]))[0];
    assert!(cut.secret.is_none() && cut.around.contains(STEM), "{cut:?}");
    assert!(search(&secrets, "planted nothing").is_empty());
    let token = [Secret::found("a token", "eyJhbGciOi")];
    assert_eq!(search(&token, "Bearer eyJhbGciOi")[0].secret, Some(&token[0]));
}
