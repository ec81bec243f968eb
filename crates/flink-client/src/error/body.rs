//! The bodies of refusals.
//!
//! Confluent's APIs send the `Failure` schema, an array `errors`; parts of them, and the
//! gateways in front of them, send other forms. All are read here, none is required. Knows
//! nothing of requests.

use serde_json::Value;

use super::text;

/// The longest text that is kept, in bytes; messages show far less.
const MOST: usize = 4 << 10;

/// The origin of a body, as far as its form shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The API: JSON in the form of its description.
    Api,
    /// The API or a gateway in front of it: JSON in a form that both use.
    Ambiguous,
    /// Unknown, since the body is empty.
    Empty,
    /// A third party, such as a proxy or another kind of server.
    Foreign,
}

/// The message in a body, not yet redacted or shortened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ErrorBody {
    pub(crate) origin: Origin,
    pub(crate) text: String,
}

impl ErrorBody {
    /// Reads the body of a refusal.
    pub(crate) fn read(body: &[u8]) -> Self {
        let mut read = Self::whole(body);
        read.text.truncate(read.text.floor_char_boundary(MOST));
        read
    }

    fn whole(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if text.is_empty() {
            return Self { origin: Origin::Empty, text: String::new() };
        }
        if let Ok(json) = serde_json::from_str::<Value>(text)
            && let Some(read) = Self::of_api(&json)
        {
            return read;
        }
        let text = if text::is_html(text) { text::of_html(text) } else { text.to_owned() };
        Self { origin: Origin::Foreign, text }
    }

    /// The forms of an error that the API and its token endpoints use.
    fn of_api(json: &Value) -> Option<Self> {
        if let Some(errors) = json.get("errors").and_then(Value::as_array) {
            let lines: Vec<String> = errors.iter().map(problem).collect();
            return Some(Self { origin: Origin::Api, text: lines.join("; ") });
        }
        let error = json.get("error");
        let nested = error.and_then(|error| word(error, "message"));
        let text = nested
            .or_else(|| word(json, "message"))
            .or_else(|| word(json, "error_description"))
            .or_else(|| word(json, "error"))?;
        let code = word(json, "error_code")
            .or_else(|| error.and_then(|error| word(error, "code")))
            .or_else(|| word(json, "error").filter(|code| *code != text));
        let text = match code {
            Some(code) => format!("{code}: {text}"),
            None => text,
        };
        Some(Self { origin: Origin::Ambiguous, text })
    }
}

/// One entry of `errors`: code, title and detail, and what they are about.
fn problem(error: &Value) -> String {
    if let Some(text) = error.as_str() {
        return text.to_owned();
    }
    let mut parts = Vec::new();
    for name in ["code", "title", "detail", "message"] {
        let part = word(error, name);
        parts.extend(part.filter(|part| !parts.contains(part)));
    }
    let text = parts.join(": ");
    let source = error.get("source");
    let about = ["pointer", "parameter"].iter().find_map(|name| word(source?, name));
    match about {
        Some(about) => format!("{text} (at {about})"),
        None => text,
    }
}

/// A member that is a text or a number and not empty.
fn word(object: &Value, name: &str) -> Option<String> {
    match object.get(name)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> (Origin, String) {
        let read = ErrorBody::read(body.as_bytes());
        (read.origin, text::readable(&read.text))
    }

    #[test]
    fn reads_every_form_of_the_api() {
        for (body, text) in [
            (
                r#"{"errors":[{"id":"1","status":"403","code":"user_unauthorized","title":"Unauthorized","detail":"The user may not."}]}"#,
                "user_unauthorized: Unauthorized: The user may not.",
            ),
            (
                r#"{"errors":[{"detail":"no"},{"title":"bad","source":{"pointer":"/spec/endpoint"}},{"source":{"parameter":"page_size"}}]}"#,
                "no; bad (at /spec/endpoint);  (at page_size)",
            ),
            (r#"{"errors":["plain"]}"#, "plain"),
            (r#"{"errors":[]}"#, ""),
            (r#"{"message":"resource not found"}"#, "resource not found"),
            (r#"{"error_code":40403,"message":"gone"}"#, "40403: gone"),
            (r#"{"error":{"code":7,"message":"nested"}}"#, "7: nested"),
            (
                r#"{"error":"invalid_client","error_description":"bad secret"}"#,
                "invalid_client: bad secret",
            ),
            (r#"{"error":"short"}"#, "short"),
            ("\u{feff} {\"message\":\"marked\"} ", "marked"),
        ] {
            let text = text::one_line(text);
            let origin = if body.contains("errors") { Origin::Api } else { Origin::Ambiguous };
            assert_eq!(read(body), (origin, text), "{body}");
        }
    }

    #[test]
    fn distinguishes_the_api_from_third_parties_and_empty_bodies() {
        for (body, text) in [
            ("404 page not found\n", "404 page not found"),
            (r#"{"errors":[{"detail":"cut off"#, r#"{"errors":[{"detail":"cut off"#),
            (r#"{"ok":true}"#, r#"{"ok":true}"#),
            ("[1]", "[1]"),
            (
                "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head></html>",
                "502 Bad Gateway",
            ),
            (
                "<HTML><HEAD><STYLE>p{}</STYLE></HEAD><BODY><H1>Sorry &amp; bye</H1><script>x<y</script><p>ray 1</BODY>",
                "Sorry & bye ray 1",
            ),
            ("<html><head><title></title></head>unclosed <p", "unclosed"),
        ] {
            assert_eq!(read(body), (Origin::Foreign, text.to_owned()), "{body}");
        }
        for body in ["", " \r\n", "\u{feff}"] {
            assert_eq!(read(body), (Origin::Empty, String::new()));
        }
        assert_eq!(ErrorBody::read(&[0xff, 0xfe, 0x00]).origin, Origin::Foreign);
    }
}
