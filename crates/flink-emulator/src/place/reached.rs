//! The place that a request names, and the addresses that a response needs.
//!
//! Organization and environment stand in the path. Cloud and region are a property
//! of the host; one local port plays every region, so a prefix of the path or the
//! Host header names them. This file knows no route and nothing of what is stored.

use axum::http::Uri;
use axum::http::header::{HOST, HeaderMap};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::place::{Place, is_cloud};

/// Everything but the unreserved characters of RFC 3986.
const RESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The prefixes that stand for the public and the private host of a region.
const PREFIXES: [&str; 2] = ["flink", "flink-private"];

/// The address under which a request reached the server. A client can come back
/// under the addresses made from it.
#[derive(Clone, Debug)]
pub(crate) struct Reached {
    /// Scheme and authority, such as `http://127.0.0.1:8080`.
    origin: String,
    /// The path that stands for the host of a region, or nothing.
    prefix: String,
    /// The place named by path and host, not yet checked.
    pub(crate) place: Option<Place>,
}

impl Reached {
    /// Reads a request; `own` is the server's scheme and address, for clients
    /// that name no host, and `default` the region where nothing names one.
    pub(crate) fn of(
        uri: &Uri,
        headers: &HeaderMap,
        own: (&str, &str),
        default: (&str, &str),
    ) -> Self {
        let host = uri.authority().map(|authority| authority.as_str());
        let host = host.or_else(|| headers.get(HOST).and_then(|value| value.to_str().ok()));
        let authority = host.unwrap_or(own.1);

        let mut segments = uri.path().split('/').skip(1).peekable();
        let mut prefix = String::new();
        let mut region = region_of_host(authority).unwrap_or(default);
        if let Some(first) = segments.next_if(|first| PREFIXES.contains(first))
            && let (Some(cloud), Some(name)) = (segments.next(), segments.next())
        {
            prefix = format!("/{first}/{cloud}/{name}");
            region = (cloud, name);
        }
        let rest: Vec<&str> = segments.take(6).collect();
        let place = match rest[..] {
            ["sql", "v1", "organizations", organization, "environments", environment] => {
                Some(Place::new(organization, environment, region.0, region.1))
            }
            _ => None,
        };
        Self { origin: format!("{}://{authority}", own.0), prefix, place }
    }

    /// The address of a collection of a place.
    pub(crate) fn collection_url(&self, place: &Place, collection: &str) -> String {
        let Self { origin, prefix, .. } = self;
        let Place { organization, environment, .. } = place;
        format!(
            "{origin}{prefix}/sql/v1/organizations/{organization}/environments/{environment}/{collection}"
        )
    }

    /// The address of a path that does not depend on the region.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// The addresses under which this server plays the gateway of a region: the
    /// public one and the private one.
    pub(crate) fn region_urls(&self, cloud: &str, region: &str) -> [String; 2] {
        PREFIXES.map(|prefix| format!("{}/{prefix}/{cloud}/{region}", self.origin))
    }
}

/// Cloud and region from a host such as `flink.us-east-1.aws.confluent.cloud`,
/// also with `.private.` behind, or with the id of a private network before
/// (`flink-1234j.us-east-1.aws.…`, `flink.pr1jy6.us-east-2.aws.…`).
fn region_of_host(authority: &str) -> Option<(&str, &str)> {
    let host = authority.split(':').next().unwrap_or_default();
    let labels: Vec<&str> = host.split('.').take(4).collect();
    match labels[..] {
        [flink, region, cloud, ..] if is_flink(flink) && is_cloud(cloud) => Some((cloud, region)),
        [flink, _, region, cloud] if is_flink(flink) && is_cloud(cloud) => Some((cloud, region)),
        _ => None,
    }
}

fn is_flink(label: &str) -> bool {
    label == "flink" || label.starts_with("flink-")
}

/// A text as one segment of a path, or one value of a query.
pub(crate) fn percent_encoded(text: &str) -> String {
    utf8_percent_encode(text, &RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANCY: &str =
        "/sql/v1/organizations/1111aaaa-0000-4000-8000-00000000000A/environments/env-1/connections";

    fn reached(uri: &str, host: Option<&str>) -> Reached {
        let mut headers = HeaderMap::new();
        if let Some(host) = host {
            headers.insert(HOST, host.parse().unwrap());
        }
        Reached::of(&uri.parse().unwrap(), &headers, ("http", "127.0.0.1:9"), ("aws", "us-east-1"))
    }

    fn region(uri: &str, host: Option<&str>) -> String {
        let place = reached(uri, host).place.unwrap();
        format!("{}.{}", place.cloud, place.region)
    }

    #[test]
    fn takes_the_region_of_the_path_before_that_of_the_host() {
        for prefix in PREFIXES {
            let path = format!("/{prefix}/gcp/us-east1{TENANCY}");
            assert_eq!(region(&path, Some("flink.us-west-2.aws.confluent.cloud")), "gcp.us-east1");
            let reached = reached(&path, Some("localhost:80"));
            let url = reached.collection_url(reached.place.as_ref().unwrap(), "widgets");
            let begin = format!("http://localhost:80/{prefix}/gcp/us-east1/sql/v1/");
            assert!(url.starts_with(&begin) && url.ends_with("/env-1/widgets"), "{url}");
        }
    }

    #[test]
    fn finds_the_region_in_every_documented_form_of_a_host() {
        for host in [
            "flink.us-west-2.aws.confluent.cloud",
            "flink.us-west-2.aws.private.confluent.cloud:443",
            "flink-1234j.us-west-2.aws.confluent.cloud",
            "flink.pr1jy6.us-west-2.aws.confluent.cloud",
            "flink.us-west-2.AWS.example",
        ] {
            assert_eq!(region(TENANCY, Some(host)), "aws.us-west-2", "{host}");
        }
        let absolute = format!("http://flink.eastus.azure.confluent.cloud{TENANCY}");
        assert_eq!(region(&absolute, Some("proxy.example")), "azure.eastus");
        for other in [None, Some("127.0.0.1:80"), Some("flink.example.org")] {
            assert_eq!(region(TENANCY, other), "aws.us-east-1", "{other:?}");
        }
    }

    #[test]
    fn encodes_a_name_as_one_segment() {
        assert_eq!(percent_encoded("a/b c_1~ä"), "a%2Fb%20c_1~%C3%A4");
    }
}
