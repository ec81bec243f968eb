//! Where an object lives, and how a request says so.
//!
//! Organization and environment stand in the path; cloud and region are a
//! property of the host, as the description has it ("unique within a region
//! within an org and env"). Locally one port plays every region, so a prefix
//! of the path or the Host header names it. This file reads requests and knows
//! nothing of what is stored.

use std::fmt;

use axum::http::Uri;
use axum::http::header::{HOST, HeaderMap};
use serde::{Deserialize, Serialize};

use crate::error::Failure;

/// The clouds that the description names, as they stand in host names.
const CLOUDS: [&str; 3] = ["aws", "azure", "gcp"];

/// The place of a connection; its name is unique within one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The organization, a UUID.
    pub organization: String,
    /// The environment, such as `env-a1b2c3`.
    pub environment: String,
    /// The cloud in lower case, such as `aws`.
    pub cloud: String,
    /// The region in lower case, such as `us-east-1`.
    pub region: String,
}

impl Place {
    /// A place, in the spelling under which requests find it.
    pub fn new(
        organization: impl AsRef<str>,
        environment: impl Into<String>,
        cloud: impl AsRef<str>,
        region: impl AsRef<str>,
    ) -> Self {
        Self {
            organization: organization.as_ref().to_ascii_lowercase(),
            environment: environment.into(),
            cloud: cloud.as_ref().to_ascii_lowercase(),
            region: region.as_ref().to_ascii_lowercase(),
        }
    }

    /// Refuses what no real place can be called.
    pub(crate) fn checked(self) -> Result<Self, Failure> {
        if !is_uuid(&self.organization) {
            return Err(Failure::parameter(
                "organization_id",
                "An organization is named by a UUID.",
            ));
        }
        if !is_environment(&self.environment) {
            let detail = "An environment is named by an id of the form env-….";
            return Err(Failure::parameter("environment_id", detail));
        }
        if !CLOUDS.contains(&self.cloud.as_str()) || !is_region(&self.region) {
            return Err(Failure::not_found("There is no such cloud region."));
        }
        Ok(self)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { organization, environment, cloud, region } = self;
        write!(f, "{organization}/{environment}/{cloud}/{region}")
    }
}

/// How a request reached the server: what answers need to write addresses
/// under which the same client can come back.
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
        if segments.next_if_eq(&"flink").is_some()
            && let (Some(cloud), Some(name)) = (segments.next(), segments.next())
        {
            prefix = format!("/flink/{cloud}/{name}");
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

    /// The address of the collection of connections of a place.
    pub(crate) fn connections_url(&self, place: &Place) -> String {
        let Self { origin, prefix, .. } = self;
        let Place { organization, environment, .. } = place;
        format!(
            "{origin}{prefix}/sql/v1/organizations/{organization}/environments/{environment}/connections"
        )
    }

    /// The address of a path that does not depend on the region.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// The address under which this server plays the gateway of a region.
    pub(crate) fn region_url(&self, cloud: &str, region: &str) -> String {
        format!("{}/flink/{cloud}/{region}", self.origin)
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

fn is_cloud(label: &str) -> bool {
    CLOUDS.iter().any(|cloud| label.eq_ignore_ascii_case(cloud))
}

pub(crate) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

pub(crate) fn is_environment(text: &str) -> bool {
    text.strip_prefix("env-").is_some_and(|id| {
        !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}

fn is_region(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// A text as one segment of a path, or one value of a query.
pub(crate) fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// The text of such a segment, if it is one.
pub(crate) fn percent_decoded(segment: &str) -> Option<String> {
    let mut parts = segment.split('%');
    let mut decoded = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (code, rest) = part.split_at_checked(2)?;
        decoded.push(u8::from_str_radix(code, 16).ok()?);
        decoded.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(decoded).ok()
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
    fn the_path_names_the_region_before_the_host_does() {
        let path = format!("/flink/gcp/us-east1{TENANCY}");
        assert_eq!(region(&path, Some("flink.us-west-2.aws.confluent.cloud")), "gcp.us-east1");
        let url = reached(&path, Some("localhost:80"));
        let place = url.place.clone().unwrap();
        assert!(
            url.connections_url(&place).starts_with("http://localhost:80/flink/gcp/us-east1/sql")
        );
    }

    #[test]
    fn the_host_names_the_region_in_every_documented_form() {
        for host in [
            "flink.us-west-2.aws.confluent.cloud",
            "flink.us-west-2.aws.private.confluent.cloud:443",
            "flink-1234j.us-west-2.aws.confluent.cloud",
            "flink.pr1jy6.us-west-2.aws.confluent.cloud",
            "FLINK.us-west-2.AWS.example".to_lowercase().as_str(),
        ] {
            assert_eq!(region(TENANCY, Some(host)), "aws.us-west-2", "{host}");
        }
        let absolute = format!("http://flink.eastus.azure.confluent.cloud{TENANCY}");
        assert_eq!(region(&absolute, Some("proxy.example")), "azure.eastus");
    }

    #[test]
    fn any_other_host_is_the_default_region() {
        assert_eq!(region(TENANCY, None), "aws.us-east-1");
        assert_eq!(region(TENANCY, Some("127.0.0.1:80")), "aws.us-east-1");
        assert_eq!(region(TENANCY, Some("flink.example.org")), "aws.us-east-1");
    }

    #[test]
    fn ids_are_checked_for_their_form() {
        let fine = Place::new("1111AAAA-0000-4000-8000-000000000001", "env-1", "AWS", "us-east-1");
        assert_eq!(fine.organization, "1111aaaa-0000-4000-8000-000000000001");
        assert!(fine.clone().checked().is_ok());
        for wrong in [
            Place { organization: "org-1".into(), ..fine.clone() },
            Place { environment: "e-1".into(), ..fine.clone() },
            Place { environment: "env-".into(), ..fine.clone() },
            Place { cloud: "mars".into(), ..fine.clone() },
            Place { region: "us east".into(), ..fine.clone() },
        ] {
            assert!(wrong.clone().checked().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_name_is_encoded_as_one_segment() {
        assert_eq!(percent_encoded("a/b c_1~ä"), "a%2Fb%20c_1~%C3%A4");
        assert_eq!(percent_decoded("a%2Fb%20c_1~%C3%A4").as_deref(), Some("a/b c_1~ä"));
        for wrong in ["%", "%4", "%zz", "%C3", "%4ä"] {
            assert_eq!(percent_decoded(wrong), None, "{wrong}");
        }
    }
}
