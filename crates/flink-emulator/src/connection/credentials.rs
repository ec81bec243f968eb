//! The credentials of a connection.

use std::collections::BTreeMap;

use crate::auth::secret::Secret;

/// Credentials by the key of the payload, such as `API_KEY`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Credentials(BTreeMap<String, Secret>);

impl Credentials {
    pub(crate) fn insert(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.0.insert(key.into(), Secret::new(value));
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(crate) fn find(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(Secret::expose)
    }

    /// The credentials in the clear, for the state file.
    pub(crate) fn expose(&self) -> BTreeMap<String, String> {
        let pairs = self.0.iter();
        pairs.map(|(key, value)| (key.clone(), value.expose().to_owned())).collect()
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Credentials {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(key, value)| (key.into(), Secret::new(value))).collect())
    }
}
