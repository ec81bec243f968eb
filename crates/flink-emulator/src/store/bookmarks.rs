//! The tokens of pages: each stands for the last object of a page.
//!
//! A name has up to 400 bytes and a token at most 255 characters, so a token is a
//! digest of the name, and the names are kept here. This file knows nothing of
//! requests.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The names behind the tokens that were issued.
#[derive(Debug, Default)]
pub(crate) struct Bookmarks(Mutex<HashMap<String, String>>);

impl Bookmarks {
    /// The token of a name, which is the same in each list.
    pub(crate) fn token(&self, name: &str) -> String {
        let mut digest = DefaultHasher::new();
        name.hash(&mut digest);
        let token = format!("{:016x}", digest.finish());
        self.names().insert(token.clone(), name.to_owned());
        token
    }

    /// Finds the name behind a token, if the token was issued.
    pub(crate) fn find(&self, token: &str) -> Option<String> {
        self.names().get(token).cloned()
    }

    fn names(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
