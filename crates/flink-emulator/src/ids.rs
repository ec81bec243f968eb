//! Identifiers that the server makes up: uids, request ids and versions.
//!
//! They protect nothing, so they need to be unique, not unguessable.

use uuid::{Builder, Uuid};

/// The length of a version: the API's example is the five characters `a23av`.
const VERSION_LENGTH: usize = 6;

/// A UUID of version 4.
pub(crate) fn uuid() -> Uuid {
    Builder::from_random_bytes(fastrand::u128(..).to_ne_bytes()).into_uuid()
}

/// An opaque version that differs from the previous one.
pub(crate) fn version_after(previous: &str) -> String {
    loop {
        let version: String = (0..VERSION_LENGTH).map(|_| fastrand::digit(36)).collect();
        if version != previous {
            return version;
        }
    }
}
