//! What a user or a test can choose about the server's behaviour.
//!
//! The description leaves some answers open and the documentation shows others;
//! each such choice is a setting, with the description's answer as the default.
//! Settings hold no secret: keys and clients are set elsewhere (`auth`).

use serde::{Deserialize, Serialize};

/// The organization of a server that holds nothing and was told nothing.
pub(crate) const SAMPLE_ORGANIZATION: &str = "00000000-0000-4000-8000-000000000001";

/// The choices in force; every one can be changed while the server runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Settings {
    /// Whether a PUT is answered with the whole object, as the documentation
    /// shows, and not without a body, as the description says.
    pub update_answers_with_body: bool,
    /// The status of a successful DELETE: 200, or 204.
    pub delete_status: u16,
    /// The phase of a new connection; `None` leaves the status out.
    pub new_phase: Option<String>,
    /// Whether objects carry a `resource_version`.
    pub resource_versions: bool,
    /// How the last page says that there is no next one.
    pub next_at_end: NextAtEnd,
    /// Where a request is, when neither its path nor its host names a region.
    pub default_region: Region,
    /// The regions that the control plane lists. The gateway plays any.
    pub regions: Vec<Region>,
    /// The organizations that exist; none declared means any well-formed id.
    pub organizations: Vec<Organization>,
    /// The environments that exist; none declared means any well-formed id.
    pub environments: Vec<Environment>,
    /// Connection types beyond the known ones; they take any credentials.
    pub extra_connection_types: Vec<String>,
    /// How many seconds a token of the identity provider lives.
    pub token_lifetime_seconds: u32,
    /// How many TCP connections may be open at once, those of the control API
    /// included; another one is closed without an answer. None: any number.
    pub max_tcp_connections: Option<usize>,
    /// What the server presents to new connections, where it speaks HTTPS.
    pub certificate: Certificate,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            update_answers_with_body: false,
            delete_status: 200,
            new_phase: Some("READY".to_owned()),
            resource_versions: true,
            next_at_end: NextAtEnd::Absent,
            default_region: Region::new("aws", "us-east-1", "N. Virginia"),
            regions: vec![
                Region::new("aws", "us-east-1", "N. Virginia"),
                Region::new("aws", "us-east-2", "Ohio"),
                Region::new("aws", "us-west-2", "Oregon"),
                Region::new("aws", "eu-central-1", "Frankfurt"),
                Region::new("aws", "eu-west-1", "Ireland"),
                Region::new("azure", "eastus", "Virginia"),
                Region::new("azure", "westeurope", "Netherlands"),
                Region::new("gcp", "europe-west3", "Frankfurt"),
                Region::new("gcp", "us-east1", "South Carolina"),
                Region::new("gcp", "us-west4", "Las Vegas"),
            ],
            organizations: Vec::new(),
            environments: Vec::new(),
            extra_connection_types: Vec::new(),
            token_lifetime_seconds: 3600,
            max_tcp_connections: None,
            certificate: Certificate::Valid,
        }
    }
}

impl Settings {
    /// The organization of what was declared without one.
    pub(crate) fn some_organization(&self) -> &str {
        self.organizations.first().map_or(SAMPLE_ORGANIZATION, |known| known.id.as_str())
    }

    /// Whether an organization exists.
    pub(crate) fn knows_organization(&self, id: &str) -> bool {
        self.organizations.is_empty()
            || self.organizations.iter().any(|known| known.id.eq_ignore_ascii_case(id))
    }

    /// Whether an environment exists in an organization.
    pub(crate) fn knows_environment(&self, organization: &str, id: &str) -> bool {
        self.environments.is_empty()
            || self.environments.iter().any(|known| {
                known.id == id && known.organization.eq_ignore_ascii_case(organization)
            })
    }
}

/// The end of a list, in the three ways that services write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NextAtEnd {
    /// `metadata.next` is left out.
    Absent,
    /// `metadata.next` is the empty string.
    Empty,
    /// `metadata.next` is null.
    Null,
}

/// A certificate, by what a client that trusts the emulator's authority finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certificate {
    /// Nothing to object to.
    Valid,
    /// It ran out a year ago.
    Expired,
    /// It was made for another host.
    WrongHost,
    /// Another authority signed it.
    UnknownAuthority,
}

/// A region of a cloud.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// The cloud in lower case, such as `aws`.
    pub cloud: String,
    /// The region, such as `us-east-1`.
    pub region: String,
    /// Where that is, such as `N. Virginia`.
    #[serde(default)]
    pub display_name: String,
}

impl Region {
    /// A region with the name of where it is.
    pub fn new(cloud: &str, region: &str, display_name: &str) -> Self {
        Self {
            cloud: cloud.to_owned(),
            region: region.to_owned(),
            display_name: display_name.to_owned(),
        }
    }
}

/// An organization that was declared to exist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    /// A UUID.
    pub id: String,
    /// Its name for people.
    #[serde(default)]
    pub display_name: String,
}

/// An environment that was declared to exist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Environment {
    /// An id such as `env-a1b2c3`.
    pub id: String,
    /// The organization it belongs to.
    pub organization: String,
    /// Its name for people.
    #[serde(default)]
    pub display_name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_what_an_empty_document_means() {
        assert_eq!(serde_json::from_str::<Settings>("{}").unwrap(), Settings::default());
    }

    #[test]
    fn declaring_one_environment_makes_the_others_unknown() {
        let mut settings = Settings::default();
        assert!(settings.knows_environment("o", "env-1"));
        settings.environments.push(Environment {
            id: "env-1".to_owned(),
            organization: "o".to_owned(),
            display_name: String::new(),
        });
        assert!(settings.knows_environment("O", "env-1"));
        assert!(!settings.knows_environment("o", "env-2"));
        assert!(!settings.knows_environment("p", "env-1"));
    }
}
