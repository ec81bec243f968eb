//! The place of an object: organization, environment, cloud and region.
//!
//! The description says that a name is "unique within a region within an org and
//! env". This file knows nothing of requests and of what is stored.

pub(crate) mod reached;

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The clouds that the description names, as they stand in host names.
const CLOUDS: [&str; 3] = ["aws", "azure", "gcp"];

/// The place of an object, in which its name is unique.
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

    /// Refuses a place that cannot exist by the form of its parts.
    pub(crate) fn checked(self) -> Result<Self, InvalidPlace> {
        if !is_uuid(&self.organization) {
            return Err(InvalidPlace::Organization);
        }
        if !is_environment(&self.environment) {
            return Err(InvalidPlace::Environment);
        }
        if !is_cloud(&self.cloud) || !is_name(&self.region) {
            return Err(InvalidPlace::Region);
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

/// The part of a place that is malformed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InvalidPlace {
    Organization,
    Environment,
    Region,
}

/// Returns true for the name of a cloud, in either case.
pub(crate) fn is_cloud(text: &str) -> bool {
    CLOUDS.iter().any(|cloud| text.eq_ignore_ascii_case(cloud))
}

/// Returns true for the id of an organization: a UUID with hyphens.
pub(crate) fn is_uuid(text: &str) -> bool {
    // Of the forms that the parser takes only this one is so long.
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}

/// Returns true for the id of an environment, such as `env-a1b2c3`.
pub(crate) fn is_environment(text: &str) -> bool {
    text.strip_prefix("env-").is_some_and(is_name)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
