//! Addresses: the template of the gateways, and the base that paths are added to.
//!
//! Parsing is strict where a mistake would send credentials to the wrong host: the parts
//! of a place are checked before they become part of a host name. No message repeats a URL
//! that may have a password.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::error::{Error, Result};
use crate::types::Place;

/// Everything but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Checks a REST endpoint as [`ClientBuilder::build`](crate::ClientBuilder::build) does,
/// for callers that check settings before they make a client: a URL that begins with
/// `https://` or `http://`, has no user name, password, query or fragment, and no
/// placeholders other than `{cloud}` and `{region}`.
///
/// # Errors
///
/// If the text is no such URL. The error never repeats a password.
pub fn check_rest_endpoint(text: &str) -> Result<()> {
    Template::parse(text).map(drop)
}

/// Checks the URL of an endpoint without placeholders, such as that of the control plane,
/// by the same rule.
///
/// # Errors
///
/// If the text is no such URL. The error never repeats a password.
pub fn check_endpoint(text: &str) -> Result<()> {
    Base::parse("the endpoint", text).map(drop)
}

/// The gateways' address, with `{cloud}` and `{region}` still open.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    text: String,
}

impl Template {
    /// Checks a template as far as it can be without a place.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        const WHAT: &str = "the REST endpoint";
        let text = text.trim().to_owned();
        let filled = fill(&text, "cloud", "region");
        // A brace that is left would end up in the host name or the path.
        if filled.contains(['{', '}']) && !filled.contains('@') {
            let why = "has a placeholder other than `{cloud}` and `{region}`";
            return Err(refusal(WHAT, &text, why));
        }
        Base::parse(WHAT, &filled)?;
        Ok(Self { text })
    }

    /// The address of the gateway of a place.
    pub(crate) fn at(&self, place: &Place) -> Result<Base> {
        let cloud = host_part("cloud", &place.cloud)?;
        let region = host_part("region", &place.region)?;
        Base::parse("the REST endpoint", &fill(&self.text, &cloud, &region))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }
}

fn fill(template: &str, cloud: &str, region: &str) -> String {
    template.replace("{cloud}", cloud).replace("{region}", region)
}

/// A part of a place in the form host names use. Anything but letters, digits and
/// hyphens could turn the host into another one.
fn host_part(what: &str, value: &str) -> Result<String> {
    let fits = !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if !fits {
        return Err(Error::invalid(format!(
            "the {what} {value:?} is not made of letters, digits and hyphens"
        )));
    }
    Ok(value.to_ascii_lowercase())
}

/// A URL that paths are added to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Base {
    /// Without a trailing slash.
    text: String,
}

impl Base {
    /// Reads a base URL; `what` names it in messages.
    pub(crate) fn parse(what: &str, text: &str) -> Result<Self> {
        let url = parse_url(what, text)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(Error::invalid(format!("{what} carries a query or a fragment")));
        }
        // URLs may hold them, and no host has such a name.
        if text.contains(['{', '}']) {
            return Err(refusal(what, text, "has a placeholder, which has no meaning here"));
        }
        Ok(Self { text: url.as_str().trim_end_matches('/').to_owned() })
    }

    /// The URL of a path below the base, each segment percent-encoded.
    pub(crate) fn join(&self, segments: &[&str]) -> Result<Url> {
        joined(self.text.clone(), segments)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }
}

/// The URL of one more segment below a URL without a query.
pub(crate) fn below(url: &Url, segment: &str) -> Result<Url> {
    joined(url.as_str().to_owned(), &[segment])
}

fn joined(mut text: String, segments: &[&str]) -> Result<Url> {
    for segment in segments {
        // A URL parser resolves dot segments, so they would address the parent.
        if matches!(*segment, "" | "." | "..") {
            return Err(Error::invalid(format!("{segment:?} cannot be part of a path")));
        }
        text.push('/');
        text.extend(utf8_percent_encode(segment, RESERVED));
    }
    Url::parse(&text).map_err(|error| Error::invalid(format!("no usable URL: {error}")))
}

/// The error of a text that is no usable URL.
fn refusal(what: &str, text: &str, why: &str) -> Error {
    // A text that does not parse may still hold a password before its `@`, and a query
    // may hold a key.
    if text.contains(['@', '?', '#']) {
        Error::invalid(format!("{what} {why}"))
    } else {
        Error::invalid(format!("{what} `{text}` {why}"))
    }
}

/// Splits an address before and after its user info (RFC 3986, section 3.2.1), which may
/// have a password. The scheme may be missing.
pub(crate) fn split_user_info(address: &str) -> (&str, Option<&str>, &str) {
    let start = address.find("://").map_or(0, |at| at + "://".len());
    let (scheme, rest) = address.split_at(start);
    let authority = rest.find('/').map_or(rest, |end| &rest[..end]);
    match authority.rfind('@') {
        Some(at) => (scheme, Some(&rest[..at]), &rest[at + 1..]),
        None => (scheme, None, rest),
    }
}

/// Reads a URL that requests may be sent to. No message repeats a password.
pub(crate) fn parse_url(what: &str, text: &str) -> Result<Url> {
    let refused = |why: &str| refusal(what, text, why);
    let url = Url::parse(text.trim()).map_err(|error| {
        refused(&format!("is no URL such as `https://host.example.com`: {error}"))
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refused("does not begin with `https://` or `http://`"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("carries a user name or a password; give credentials apart from it"));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::transport::script::place;

    fn at(template: &Template, cloud: &str, region: &str) -> Result<Base> {
        template.at(&Place { cloud: cloud.to_owned(), region: region.to_owned(), ..place() })
    }

    #[test]
    fn fills_in_the_place() {
        for (template, url) in [
            (
                "https://flink.{region}.{cloud}.confluent.cloud",
                "https://flink.us-west-2.aws.confluent.cloud",
            ),
            (
                " http://127.0.0.1:8080/flink/{cloud}/{region}// ",
                "http://127.0.0.1:8080/flink/aws/us-west-2",
            ),
            (
                "https://flink-1234j.us-east-1.aws.confluent.cloud/",
                "https://flink-1234j.us-east-1.aws.confluent.cloud",
            ),
        ] {
            let template = Template::parse(template).unwrap();
            assert_eq!(at(&template, "AWS", "us-west-2").unwrap().as_str(), url);
        }
    }

    #[test]
    fn refuses_endpoints_that_lead_nowhere() {
        for (text, why) in [
            ("flink.confluent.cloud", "is no URL"),
            ("", "is no URL"),
            ("https://", "is no URL"),
            ("ftp://flink.confluent.cloud", "does not begin with"),
            ("https://flink.{zone}.confluent.cloud", "placeholder"),
            ("https://flink.{region.confluent.cloud", "placeholder"),
            ("https://flink.confluent.cloud/?a=b", "query"),
            ("https://flink.confluent.cloud/#a", "fragment"),
            ("https://user@flink.confluent.cloud", "user name"),
        ] {
            let error = check_rest_endpoint(text).unwrap_err().to_string();
            assert!(error.contains(why) && error.contains("REST endpoint"), "{text}: {error}");
            let error = check_endpoint(text).unwrap_err().to_string();
            assert!(error.contains(why) && error.contains("the endpoint"), "{text}: {error}");
        }
        let template = "https://flink.{region}.{cloud}.confluent.cloud";
        assert!(check_rest_endpoint(template).is_ok() && check_endpoint(template).is_err());
        assert!(check_endpoint(" https://api.confluent.cloud/ ").is_ok());
        let error = crate::Client::builder().rest_endpoint("x").build().unwrap_err();
        assert_eq!(error.setting(), Some("rest_endpoint"));
    }

    #[test]
    fn never_repeats_a_password() {
        for template in [
            "https://user:hunter2@flink.confluent.cloud",
            "https://hunter2@flink.confluent.cloud",
            "https://user:hunter2@{zone}.confluent.cloud",
            "https:// user:hunter2@",
            "ftp://user:hunter2@host",
            "https://flink.confluent.cloud/?key=hunter2",
            "https://flink.{zone}.confluent.cloud/?key=hunter2",
            "https://flink.{zone}.confluent.cloud/#hunter2",
        ] {
            for check in [check_rest_endpoint, check_endpoint] {
                let error = check(template).unwrap_err();
                assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
            }
        }
    }

    #[test]
    fn refuses_places_that_would_change_the_host() {
        let template = Template::parse("https://flink.{region}.{cloud}.confluent.cloud").unwrap();
        for (cloud, region) in [
            ("aws", "x.evil.com/"),
            ("aws", "evil.com#"),
            ("aws@evil.com", "x"),
            ("", "x"),
            ("aws", "us west"),
        ] {
            assert!(at(&template, cloud, region).is_err(), "{cloud} {region}");
        }
    }

    #[test]
    fn refuses_segments_that_would_address_something_else() {
        let base = Base::parse("it", "https://host/prefix").unwrap();
        for segment in ["", ".", ".."] {
            assert!(base.join(&["connections", segment]).is_err(), "{segment:?}");
        }
    }

    proptest! {
        #[test]
        fn a_name_stays_one_segment(name in "\\PC{1,40}|[%/?#\\\\ \t\n.]{1,5}") {
            prop_assume!(name != "." && name != "..");
            let base = Base::parse("it", "https://host/prefix").unwrap();
            let url = base.join(&["connections", &name]).unwrap();
            let segments: Vec<_> = url.path_segments().unwrap().collect();
            prop_assert_eq!(&segments[..2], ["prefix", "connections"]);
            prop_assert_eq!(segments.len(), 3);
            let decoded = percent_encoding::percent_decode_str(segments[2]).decode_utf8().unwrap();
            prop_assert_eq!(decoded, name);
        }
    }
}
