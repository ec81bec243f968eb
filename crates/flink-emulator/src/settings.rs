//! The choices about the server's behaviour that a user or a test can make.
//!
//! The description leaves some responses open and the documentation shows others;
//! each such choice is a setting, with the description's response as the default.
//! Settings hold no secret: keys and clients are set elsewhere (`auth`).

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::control_plane::environment::Environment;
use crate::control_plane::organization::Organization;
use crate::control_plane::region::Region;
use crate::place::{Place, is_environment, is_uuid};

/// The organization of a server that holds nothing and declares none.
const SAMPLE_ORGANIZATION: &str = "00000000-0000-4000-8000-000000000001";

/// The environments of such a server, as id and name.
const SAMPLE_ENVIRONMENTS: [(&str, &str); 2] =
    [("env-emulator", "Development"), ("env-emulator-2", "Production")];

/// The choices in force; every one can be changed while the server runs.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Settings {
    /// True to answer a PUT with the whole object, as the documentation shows;
    /// false to answer without a body, as the description says.
    pub update_answers_with_body: bool,
    /// The status of a successful DELETE: 200, or 204.
    pub delete_status: u16,
    /// The phase of a new connection; `None` leaves the status out.
    pub new_phase: Option<String>,
    /// True if objects carry a `resource_version`.
    pub resource_versions: bool,
    /// The region of a request whose path and host name none.
    pub default_region: Region,
    /// The regions that the control plane lists. The gateway plays any.
    pub regions: Vec<Region>,
    /// The organizations that exist; none declared means any well-formed id.
    pub organizations: Vec<Organization>,
    /// The environments that exist; none declared means any well-formed id.
    pub environments: Vec<Environment>,
    /// Connection types beyond the known ones; they take any credentials.
    pub extra_connection_types: Vec<String>,
    /// The number of TCP connections that may be open at once, those of the control
    /// API included; a further one is closed without a response. None: no limit.
    pub max_tcp_connections: Option<usize>,
    /// The certificate for new connections, where the server speaks HTTPS.
    pub certificate: Certificate,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            update_answers_with_body: false,
            delete_status: 200,
            new_phase: Some("READY".to_owned()),
            resource_versions: true,
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
                Region { private: false, ..Region::new("gcp", "us-west4", "Las Vegas") },
            ],
            organizations: Vec::new(),
            environments: Vec::new(),
            extra_connection_types: Vec::new(),
            max_tcp_connections: None,
            certificate: Certificate::Valid,
        }
    }
}

impl Settings {
    /// The organizations: those declared, or else those that hold objects, or
    /// else one sample.
    pub(crate) fn organizations(&self, used: &[Place]) -> Vec<Organization> {
        if !self.organizations.is_empty() {
            return self.organizations.clone();
        }
        let used: BTreeSet<&str> = used.iter().map(|place| place.organization.as_str()).collect();
        let ids = if used.is_empty() { BTreeSet::from([SAMPLE_ORGANIZATION]) } else { used };
        ids.into_iter().map(Organization::undeclared).collect()
    }

    /// Finds an organization; with none declared every well-formed id exists.
    pub(crate) fn organization(&self, id: &str) -> Option<Organization> {
        let declared = self.organizations.iter().find(|known| known.id.eq_ignore_ascii_case(id));
        let accepted = self.organizations.is_empty() && is_uuid(id);
        declared.cloned().or_else(|| accepted.then(|| Organization::undeclared(id)))
    }

    /// The environments, by the same rule as the organizations.
    pub(crate) fn environments(&self, used: &[Place]) -> Vec<Environment> {
        if !self.environments.is_empty() {
            return self.environments.clone();
        }
        if used.is_empty() {
            let samples = SAMPLE_ENVIRONMENTS.iter();
            return samples.map(|(id, name)| self.undeclared_environment(id, name)).collect();
        }
        let used: BTreeSet<(&str, &str)> = used
            .iter()
            .map(|place| (place.environment.as_str(), place.organization.as_str()))
            .collect();
        used.into_iter().map(|(id, organization)| Environment::new(id, organization, id)).collect()
    }

    /// Finds an environment; with none declared every well-formed id exists.
    pub(crate) fn environment(&self, id: &str) -> Option<Environment> {
        let declared = self.environments.iter().find(|known| known.id == id);
        let accepted = self.environments.is_empty() && is_environment(id);
        let sample = SAMPLE_ENVIRONMENTS.iter().find(|(known, _)| *known == id);
        let name = sample.map_or(id, |(_, name)| name);
        declared.cloned().or_else(|| accepted.then(|| self.undeclared_environment(id, name)))
    }

    /// Returns true if an environment exists in an organization.
    pub(crate) fn knows_environment(&self, organization: &str, id: &str) -> bool {
        self.environments.is_empty()
            || self.environments.iter().any(|known| {
                known.id == id && known.organization.eq_ignore_ascii_case(organization)
            })
    }

    fn undeclared_environment(&self, id: &str, display_name: &str) -> Environment {
        let organization = self.organizations.first().map(|first| first.id.as_str());
        Environment::new(id, organization.unwrap_or(SAMPLE_ORGANIZATION), display_name)
    }
}

/// The settings of a running server; the clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct LiveSettings(Arc<Mutex<Arc<Settings>>>);

impl LiveSettings {
    pub(crate) fn new(settings: Settings) -> Self {
        Self(Arc::new(Mutex::new(Arc::new(settings))))
    }

    /// The settings as they are now; a request keeps them to its end.
    pub(crate) fn now(&self) -> Arc<Settings> {
        self.lock().clone()
    }

    /// Changes the settings for the requests that follow.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Settings)) {
        change(Arc::make_mut(&mut self.lock()));
    }

    /// A panic of `change` leaves valid settings, so a poisoned lock is used.
    fn lock(&self) -> MutexGuard<'_, Arc<Settings>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A certificate, by the judgement of a client that trusts the emulator's
/// authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Certificate {
    /// Without a fault.
    Valid,
    /// It expired a year ago.
    Expired,
    /// It was made for another host.
    WrongHost,
    /// Another authority signed it.
    UnknownAuthority,
}
