//! Patterns for paths: `*` stands for any text, slashes included, and every
//! other character for itself.

/// Whether the whole of a text is what the pattern says.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    // The leftmost place leaves the most text for the parts that follow.
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// Why a pattern can match no path at all, if so.
pub(super) fn fault_of(pattern: &str) -> Option<&'static str> {
    if !pattern.starts_with(['/', '*']) {
        return Some("must begin with / or *, as every path begins with /");
    }
    if pattern.contains(['?', '#']) {
        return Some("is matched against the path alone, so it can hold no ? and no #");
    }
    if pattern.contains(|letter: char| !letter.is_ascii_graphic()) {
        return Some("is matched against the path as it is sent, so it must be percent-encoded");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text, expected) in [
            ("/a/b", "/a/b", true),
            ("/a/b", "/a/b/c", false),
            ("/a/b", "/a", false),
            ("*", "/a/b", true),
            ("*/connections", "/x/connections", true),
            ("*/connections", "/x/connections/openai", false),
            ("*/connections/*", "/x/connections/openai", true),
            ("/sql/*/b", "/sql/a/c/b", true),
            ("/sql/*/b", "/sql/b", false),
            ("*/oauth*/token", "/oauth/token", true),
            ("*/oauth*/token", "/sts/v1/oauth2/token", true),
            ("/a*a", "/a", false),
            ("*a*ab", "/aab", true),
            ("**", "/", true),
            ("/ä*", "/äb", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn a_pattern_that_matches_no_path_is_named() {
        for wrong in ["", "connections", "?page_size=1", "/a?b", "/a b", "/ä", "/a#b"] {
            assert!(fault_of(wrong).is_some(), "{wrong}");
        }
        for fine in ["*", "/", "/a%20b/*", "*connections/openai"] {
            assert_eq!(fault_of(fine), None, "{fine}");
        }
    }
}
