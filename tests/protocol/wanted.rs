//! A configuration in the making: what a test wants of one connection, as a user
//! would write it and as the server would hold it.
//!
//! It must not know what has been applied, nor what the server holds by now.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use terraform_provider_flink::{ConnectionType, Way, connection_types, payload_keys};

/// Stands in every secret, so that one can be found where none may be.
pub(crate) const SECRET: &str = "s3cret";

/// Stands in secrets that are given in write-only arguments.
pub(crate) const UNSTORED: &str = "s3cret-unstored";

/// How credentials are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    Plain,
    WriteOnly,
    /// Not at all.
    Dropped,
}

#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) name: String,
    pub(crate) kind: ConnectionType,
    pub(crate) way: Way,
    pub(crate) endpoint: String,
    pub(crate) spelling: Spelling,
    /// Which of any number of credentials.
    pub(crate) round: u32,
    /// How often they were sent again without a change.
    pub(crate) bumps: u32,
    pub(crate) lower_case: bool,
    /// A time limit in milliseconds.
    pub(crate) timeout: u32,
    pub(crate) drift: Option<&'static str>,
}

impl Wanted {
    pub(crate) fn new(name: &str, kind: ConnectionType, way: Way, spelling: Spelling) -> Self {
        let endpoint = kind.endpoint.to_owned();
        let name = name.to_owned();
        Self {
            name,
            kind,
            way,
            endpoint,
            spelling,
            round: 0,
            bumps: 0,
            lower_case: false,
            timeout: 60_000,
            drift: None,
        }
    }

    /// The type of this name, with the first of its ways to authenticate.
    pub(crate) fn type_named(name: &str) -> (ConnectionType, Way) {
        let kind = connection_types().find(|kind| kind.name == name);
        let kind = kind.expect("the provider knows the type");
        let way = kind.ways[0];
        (kind, way)
    }

    pub(crate) fn configuration(&self) -> Json {
        let kind = match self.lower_case {
            true => self.kind.name.to_lowercase(),
            false => self.kind.name.to_owned(),
        };
        let limit = format!("{}ms", self.timeout);
        let mut config = json!({
            "name": self.name,
            "type": kind,
            "endpoint": self.endpoint,
            "timeouts": { "create": limit, "update": limit },
        });
        for (argument, value) in self.arguments() {
            config[argument] = value.into();
        }
        if let Some(drift) = self.drift {
            config["credential_drift"] = drift.into();
        }
        config
    }

    fn arguments(&self) -> BTreeMap<String, String> {
        if self.spelling == Spelling::Dropped {
            return BTreeMap::new();
        }
        let required = self.way.required.iter();
        let mut arguments: BTreeMap<String, String> =
            required.map(|name| (self.argument(name), self.value(name))).collect();
        if self.spelling == Spelling::WriteOnly && (self.round, self.bumps) != (0, 0) {
            let version = format!("{}.{}", self.round, self.bumps);
            arguments.insert("credentials_wo_version".to_owned(), version);
        }
        arguments
    }

    fn argument(&self, attribute: &str) -> String {
        match self.spelling {
            Spelling::WriteOnly if is_secret(attribute) => format!("{attribute}_wo"),
            _ => attribute.to_owned(),
        }
    }

    pub(crate) fn value(&self, attribute: &str) -> String {
        let mark = match self.spelling {
            Spelling::WriteOnly => UNSTORED,
            Spelling::Plain | Spelling::Dropped => SECRET,
        };
        let round = self.round;
        match attribute {
            "token_endpoint" => format!("https://idp.example.com/{round}"),
            "scope" => format!("scope-{round}"),
            "service_key" => format!("{{\"key\":\"{mark}-{round}\"}}"),
            _ => format!("{mark}-{attribute}-{round}"),
        }
    }

    /// What the server holds once these credentials are sent, by key; nothing
    /// where none are configured.
    pub(crate) fn payload(&self) -> BTreeMap<&'static str, String> {
        if self.spelling == Spelling::Dropped {
            return BTreeMap::new();
        }
        let keys: BTreeMap<_, _> = payload_keys().collect();
        self.way.required.iter().map(|name| (keys[name], self.value(name))).collect()
    }
}

fn is_secret(attribute: &str) -> bool {
    !matches!(attribute, "token_endpoint" | "scope")
}
