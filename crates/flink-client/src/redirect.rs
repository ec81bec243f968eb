//! Redirects: which ones are followed.
//!
//! A Flink gateway may send a request on to another host of Confluent Cloud, so
//! credentials have to follow there and nowhere else. Some requests have credentials in
//! their body as well. So a redirect is either followed with the whole request or refused.

use http::Method;
use url::{Host, Url};

/// The most redirects in a row that are followed.
pub(crate) const MOST_HOPS: usize = 5;

/// The domain whose hosts may be trusted with credentials.
const TRUSTED_DOMAIN: &str = "confluent.cloud";

/// Returns true if this status is a redirect.
pub(crate) fn is_redirect(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

/// A redirect that a request has met.
pub(crate) struct Step<'a> {
    pub(crate) method: &'a Method,
    pub(crate) status: u16,
    /// The URL of the first request.
    pub(crate) configured: &'a Url,
    /// The URL of the last request.
    pub(crate) current: &'a Url,
    /// The target, as the response names it.
    pub(crate) location: Option<&'a str>,
    /// The number of earlier redirects.
    pub(crate) hops: usize,
}

impl Step<'_> {
    /// Returns the URL of the next request, whose method, body and credentials are the same,
    /// or the reason why the redirect is refused.
    pub(crate) fn target(&self) -> Result<Url, String> {
        let Some(location) = self.location else {
            return Err("was redirected without a target".to_owned());
        };
        let mut target = self
            .current
            .join(location)
            .map_err(|_| "was redirected to something that is no URL".to_owned())?;
        target.set_fragment(None);
        match self.objection(&target) {
            Some(why) => {
                let host = target.host_str().unwrap_or("no host");
                Err(format!("was redirected to {host}, {why}"))
            }
            None => Ok(target),
        }
    }

    fn objection(&self, target: &Url) -> Option<&'static str> {
        let kept = matches!(self.status, 307 | 308) || *self.method == Method::GET;
        if self.hops >= MOST_HOPS {
            Some("after more redirects than are followed")
        } else if !target.username().is_empty() || target.password().is_some() {
            Some("with a user name or a password in the URL")
        } else if !matches!(target.scheme(), "http" | "https") {
            Some("which is no HTTP address")
        } else if self.current.scheme() == "https" && target.scheme() == "http" {
            Some("where it would no longer be encrypted")
        } else if !kept {
            Some("in a way that would turn it into a GET")
        } else if !may_have_credentials(self.configured, self.current, target) {
            Some("which must not get the credentials")
        } else {
            None
        }
    }
}

fn may_have_credentials(configured: &Url, current: &Url, target: &Url) -> bool {
    target.origin() == current.origin()
        || target.host() == configured.host()
        || (target.scheme() == "https" && is_trusted(target))
}

fn is_trusted(target: &Url) -> bool {
    let Some(Host::Domain(domain)) = target.host() else {
        return false;
    };
    domain
        .trim_end_matches('.')
        .strip_suffix(TRUSTED_DOMAIN)
        .is_some_and(|front| front.is_empty() || front.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GATEWAY: &str = "https://flink.us-west-2.aws.confluent.cloud/sql/v1/x";

    fn met(method: Method, status: u16, from: &str, location: &str) -> Result<Url, String> {
        let (from, location) = (Url::parse(from).unwrap(), Some(location));
        let (configured, current) = (&from, &from);
        Step { method: &method, status, configured, current, location, hops: 0 }.target()
    }

    #[test]
    fn follows_to_trusted_hosts() {
        for (from, to) in [
            (GATEWAY, "/sql/v1/y"),
            (GATEWAY, "https://flink-1.us-west-2.aws.private.confluent.cloud/sql/v1/x"),
            (GATEWAY, "https://confluent.cloud:8443/"),
            ("http://127.0.0.1:8080/x", "http://127.0.0.1:9090/x"),
            ("http://flink.example.com/x", "https://flink.example.com/x"),
            ("http://flink.example.com/x", "https://flink.eu.aws.confluent.cloud/x"),
        ] {
            assert!(met(Method::POST, 307, from, to).is_ok(), "{from} -> {to}");
        }
    }

    #[test]
    fn refuses_hosts_that_must_not_get_credentials() {
        for to in [
            "https://example.com/sql/v1/x",
            "//example.com/sql/v1/x",
            "https://confluent.cloud.example.com/",
            "https://evilconfluent.cloud/",
            "https://127.0.0.1/",
        ] {
            let why = met(Method::GET, 307, GATEWAY, to).unwrap_err();
            assert!(why.contains("must not get the credentials"), "{to}: {why}");
        }
        let why =
            met(Method::GET, 302, "http://a.example/x", "http://b.confluent.cloud/").unwrap_err();
        assert!(why.starts_with("was redirected to b.confluent.cloud,"), "{why}");
    }

    #[test]
    fn refuses_to_give_up_encryption() {
        let why = met(Method::GET, 307, GATEWAY, "http://flink.us-west-2.aws.confluent.cloud/");
        assert!(why.unwrap_err().contains("no longer be encrypted"));
    }

    #[test]
    fn refuses_a_change_of_the_method() {
        for status in [301, 302, 303] {
            assert!(met(Method::GET, status, GATEWAY, "/y").is_ok());
            for method in [Method::POST, Method::PUT, Method::DELETE] {
                assert!(met(method.clone(), status, GATEWAY, "/y").is_err(), "{method} {status}");
            }
        }
    }

    #[test]
    fn refuses_odd_targets_without_repeating_them() {
        for to in ["https://u:hunter2@x.confluent.cloud/", "ftp://hunter2/", "http://[hunter2"] {
            let why = met(Method::GET, 307, GATEWAY, to).unwrap_err();
            assert!(!why.contains("u:hunter2"), "{why}");
        }
    }

    #[test]
    fn refuses_a_missing_target_and_endless_redirects() {
        let url = Url::parse(GATEWAY).unwrap();
        let (method, configured, current) = (&Method::GET, &url, &url);
        for (location, hops, follows) in
            [(None, 0, false), (Some("/y"), MOST_HOPS - 1, true), (Some("/y"), MOST_HOPS, false)]
        {
            let step = Step { method, status: 307, configured, current, location, hops };
            assert_eq!(step.target().is_ok(), follows, "{location:?} {hops}");
        }
    }
}
