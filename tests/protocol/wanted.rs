//! The configuration of one connection, as a user writes it and as the server holds it.
//!
//! It does not know the state, nor the server.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use terraform_provider_flink::{AuthMethod, ConnectionType, connection_types, credentials};

/// A part of every secret, so that a secret in the wrong place is found.
pub(crate) const SECRET: &str = "s3cret";

/// A part of every write-only secret.
pub(crate) const UNSTORED: &str = "s3cret-unstored";

/// The maps in which credentials are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// All of them in `credentials`.
    Plain,
    /// All of them in `credentials_wo`.
    WriteOnly,
    /// The first in `credentials`, the others in `credentials_wo`.
    Both,
    /// None are given.
    Dropped,
}

#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) name: String,
    pub(crate) kind: &'static ConnectionType,
    pub(crate) method: &'static AuthMethod,
    pub(crate) endpoint: String,
    pub(crate) spelling: Spelling,
    /// The number of the credentials' values.
    pub(crate) round: u32,
    /// The number of times that they were sent again unchanged.
    pub(crate) bumps: u32,
    /// The keys are spelled as the API's payload spells them.
    pub(crate) payload_words: bool,
    pub(crate) drift: Option<&'static str>,
}

impl Wanted {
    pub(crate) fn new(
        name: &str,
        kind: &'static ConnectionType,
        method: &'static AuthMethod,
        spelling: Spelling,
    ) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            method,
            endpoint: kind.example.to_owned(),
            spelling,
            round: 0,
            bumps: 0,
            payload_words: false,
            drift: None,
        }
    }

    /// The type of this name, with its first way to authenticate.
    pub(crate) fn type_named(name: &str) -> (&'static ConnectionType, &'static AuthMethod) {
        let kind = connection_types().iter().find(|kind| kind.name == name);
        let kind = kind.expect("the provider knows the type");
        (kind, &kind.auth_methods[0])
    }

    pub(crate) fn configuration(&self) -> Json {
        let kind = self.kind.name;
        let mut config = json!({ "name": self.name, "type": kind, "endpoint": self.endpoint });
        for (map, entries) in self.maps() {
            config[map] = json!(entries);
        }
        if let Some(version) = self.version() {
            config["credentials_wo_version"] = version.into();
        }
        if let Some(drift) = self.drift {
            config["credential_drift"] = drift.into();
        }
        config
    }

    /// The maps that are not empty, by the name of the argument.
    fn maps(&self) -> BTreeMap<&'static str, BTreeMap<&'static str, String>> {
        let mut maps: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
        for key in self.keys() {
            let map = if self.is_write_only(key) { "credentials_wo" } else { "credentials" };
            let written = if self.payload_words { payload_word(key) } else { key };
            maps.entry(map).or_default().insert(written, self.value(key));
        }
        maps
    }

    fn keys(&self) -> impl Iterator<Item = &'static str> + use<> {
        let required = match self.spelling {
            Spelling::Dropped => &[],
            Spelling::Plain | Spelling::WriteOnly | Spelling::Both => self.method.required,
        };
        required.iter().copied()
    }

    fn is_write_only(&self, key: &str) -> bool {
        match self.spelling {
            Spelling::Plain | Spelling::Dropped => false,
            Spelling::WriteOnly => true,
            Spelling::Both => key != self.method.required[0],
        }
    }

    /// The version of the write-only credentials. The first ones have none.
    fn version(&self) -> Option<String> {
        let is_first = (self.round, self.bumps) == (0, 0);
        (self.uses_write_only() && !is_first).then(|| format!("{}.{}", self.round, self.bumps))
    }

    fn uses_write_only(&self) -> bool {
        self.keys().any(|key| self.is_write_only(key))
    }

    /// Returns true if the provider warns that changes of the credentials go unseen.
    pub(crate) fn lacks_version(&self) -> bool {
        self.uses_write_only() && self.version().is_none()
    }

    fn value(&self, key: &str) -> String {
        let mark = if self.is_write_only(key) { UNSTORED } else { SECRET };
        let round = self.round;
        match key {
            "token_endpoint" => format!("https://idp.example.com/{mark}/{round}"),
            _ => format!("{mark}-{key}-{round}"),
        }
    }

    /// The credentials that the server holds after a write, by the payload's keys.
    pub(crate) fn payload(&self) -> BTreeMap<&'static str, String> {
        self.keys().map(|key| (payload_word(key), self.value(key))).collect()
    }
}

/// The key in the API's payload.
pub(crate) fn payload_word(key: &str) -> &'static str {
    let known = credentials().iter().find(|each| each.key == key);
    known.expect("every key of a type is in the table").payload
}
