//! The tokens of pages: each names the last object of a page.
//!
//! A token says nothing about the list, and is opaque to clients. Its checksum tells
//! it from text that a client made up. This file knows nothing of requests.

use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// The longest token, by the parameter `page_token` of the descriptions.
const MAX_TOKEN: usize = 255;

/// The longest name, in bytes, that a token can hold within its bound.
const MAX_NAME_IN_TOKEN: usize = 180;

/// The names that are too long for a token: a name has up to 400 bytes, and a
/// token at most 255 characters. Such a token holds a position in this list.
#[derive(Debug, Default)]
pub(crate) struct Bookmarks(Mutex<Vec<String>>);

impl Bookmarks {
    /// The token behind an object.
    pub(crate) fn token(&self, name: &str) -> String {
        if name.len() <= MAX_NAME_IN_TOKEN {
            return seal(b'n', name.as_bytes());
        }
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = names.iter().position(|known| known == name);
        let position = known.unwrap_or_else(|| {
            names.push(name.to_owned());
            names.len() - 1
        });
        seal(b'p', position.to_string().as_bytes())
    }

    /// The object that a token names, if it is a token.
    pub(crate) fn name(&self, token: &str) -> Option<String> {
        if token.len() > MAX_TOKEN {
            return None;
        }
        let (kind, content) = open(token)?;
        if kind == b'n' {
            return Some(content);
        }
        let position: usize = content.parse().ok()?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(position).cloned()
    }
}

/// A token with its checksum.
fn seal(kind: u8, content: &[u8]) -> String {
    let mut bytes = checksum(kind, content).to_vec();
    bytes.push(kind);
    bytes.extend_from_slice(content);
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn open(token: &str) -> Option<(u8, String)> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
    let (sum, rest) = bytes.split_first_chunk::<4>()?;
    let (kind, content) = rest.split_first()?;
    let whole = *sum == checksum(*kind, content);
    whole.then(|| String::from_utf8(content.to_vec()).ok().map(|content| (*kind, content)))?
}

/// FNV-1a.
fn checksum(kind: u8, content: &[u8]) -> [u8; 4] {
    let mut sum: u32 = 0x811c_9dc5;
    for byte in content.iter().chain([&kind]) {
        sum = (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    }
    sum.to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_an_object_of_any_length_within_the_bound() {
        let bookmarks = Bookmarks::default();
        let names = ["a".repeat(100), "ä".repeat(100), "😀".repeat(100), "b".to_owned()];
        for name in names.iter().chain(&names) {
            let token = bookmarks.token(name);
            assert!(token.len() <= MAX_TOKEN, "{token}");
            assert_eq!(bookmarks.name(&token).as_ref(), Some(name));
        }
        assert_eq!(bookmarks.0.lock().unwrap().len(), 2);
    }

    #[test]
    fn refuses_garbage() {
        let bookmarks = Bookmarks::default();
        let mut cut = bookmarks.token("name");
        cut.pop();
        for garbage in ["", "x", "name", "bmFtZQ", &cut, &seal(b'p', b"7"), &seal(b'p', b"x")] {
            assert_eq!(bookmarks.name(garbage), None, "{garbage}");
        }
    }
}
