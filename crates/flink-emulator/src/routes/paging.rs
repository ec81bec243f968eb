//! Pages of a list: `page_size`, an opaque `page_token`, and `metadata.next`.
//!
//! A token names the last object of a page, so a walk over the pages neither
//! repeats nor leaves out an object because others came or went meanwhile. It
//! knows nothing of what is listed.

use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::request::QueryFields;
use crate::control::settings::{NextAtEnd, Settings};
use crate::error::Failure;
use crate::json::Json;
use crate::place::{Reached, percent_encoded};
use crate::world::World;

const DEFAULT_SIZE: usize = 10;
const MAX_SIZE: usize = 100;
const MAX_TOKEN: usize = 255;

/// The longest name, in bytes, that a token can hold within its bound.
const MAX_NAME_IN_TOKEN: usize = 180;

/// The names that were too long for a token: a name has up to 400 bytes, and a
/// token at most 255 characters. Such a token holds a position in this list.
#[derive(Debug, Default)]
pub(crate) struct Bookmarks(Mutex<Vec<String>>);

impl Bookmarks {
    fn token(&self, name: &str) -> String {
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

    fn name(&self, token: &str) -> Option<String> {
        let (kind, content) = open(token)?;
        if kind == b'n' {
            return Some(content);
        }
        let position: usize = content.parse().ok()?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(position).cloned()
    }
}

/// A token that can be told from garbage.
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

/// Which page a query asks for.
#[derive(Debug)]
pub(crate) struct Paging {
    size: usize,
    after: Option<String>,
}

impl Paging {
    pub(crate) const SIZE: &str = "page_size";
    pub(crate) const TOKEN: &str = "page_token";

    pub(crate) fn of(query: &QueryFields, bookmarks: &Bookmarks) -> Result<Self, Failure> {
        let size = match query.get(Self::SIZE) {
            None => DEFAULT_SIZE,
            Some(text) => match text.parse() {
                Ok(size @ 1..=MAX_SIZE) => size,
                _ => {
                    let detail = format!("A page has 1 to {MAX_SIZE} objects.");
                    return Err(Failure::parameter(Self::SIZE, detail));
                }
            },
        };
        let after = query.get(Self::TOKEN).map(|token| {
            let name = Some(token).filter(|token| token.len() <= MAX_TOKEN);
            name.and_then(|token| bookmarks.name(token))
                .ok_or_else(|| Failure::parameter(Self::TOKEN, "This is not a token of this list."))
        });
        Ok(Self { size, after: after.transpose()? })
    }

    pub(crate) fn size(&self) -> usize {
        self.size
    }

    pub(crate) fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }
}

/// One page as it stands in an answer.
pub(crate) struct Listing<'a> {
    pub(crate) api_version: &'a str,
    pub(crate) kind: &'a str,
    /// The address of the list.
    pub(crate) url: &'a str,
    pub(crate) items: Vec<Value>,
    /// The name of the last object, where others follow.
    pub(crate) last: Option<&'a str>,
}

impl Listing<'_> {
    pub(crate) fn render(
        self,
        query: &QueryFields,
        bookmarks: &Bookmarks,
        settings: &Settings,
    ) -> Value {
        let mut metadata = json!({ "self": self.url });
        match (self.last, settings.next_at_end) {
            (Some(last), _) => {
                metadata["next"] = next(self.url, query, &bookmarks.token(last)).into();
            }
            (None, NextAtEnd::Absent) => {}
            (None, NextAtEnd::Empty) => metadata["next"] = "".into(),
            (None, NextAtEnd::Null) => metadata["next"] = Value::Null,
        }
        json!({
            "api_version": self.api_version,
            "kind": self.kind,
            "metadata": metadata,
            "data": self.items,
        })
    }
}

/// The address of the next page: the same query with another token.
fn next(url: &str, query: &QueryFields, token: &str) -> String {
    let mut next = format!("{url}?{}={token}", Paging::TOKEN);
    for (name, value) in query.iter().filter(|(name, _)| *name != Paging::TOKEN) {
        next.push_str(&format!("&{}={}", percent_encoded(name), percent_encoded(value)));
    }
    next
}

/// A list of the control plane: all at hand, ordered by id, and with the
/// number of its objects.
pub(crate) struct WholeList {
    pub(crate) api_version: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) path: &'static str,
    /// What the objects are called in a message.
    pub(crate) noun: &'static str,
    pub(crate) filters: &'static [&'static str],
}

impl WholeList {
    /// The page of it that a query asks for.
    pub(crate) fn page(
        &self,
        world: &World,
        reached: &Reached,
        query: &QueryFields,
        mut objects: Vec<Value>,
    ) -> Result<Json<Value>, Failure> {
        query.only(self.noun, &[&[Paging::SIZE, Paging::TOKEN], self.filters].concat())?;
        let paging = Paging::of(query, &world.bookmarks)?;
        let total = objects.len();
        objects.sort_by(|one, other| id_of(one).cmp(id_of(other)));
        objects.retain(|object| paging.after().is_none_or(|after| id_of(object) > after));
        let more = objects.len() > paging.size();
        objects.truncate(paging.size());
        let last = objects.last().filter(|_| more).map(|last| id_of(last).to_owned());
        let url = reached.url(self.path);
        let listing = Listing {
            api_version: self.api_version,
            kind: self.kind,
            url: &url,
            items: objects,
            last: last.as_deref(),
        };
        let mut page = listing.render(query, &world.bookmarks, &world.settings());
        page["metadata"]["first"] = url.into();
        page["metadata"]["total_size"] = total.into();
        Ok(Json(page))
    }
}

fn id_of(object: &Value) -> &str {
    object["id"].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_an_object_of_any_length_within_its_bound() {
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
    fn garbage_is_not_a_token() {
        let bookmarks = Bookmarks::default();
        let mut cut = bookmarks.token("name");
        cut.pop();
        for garbage in ["", "x", "name", "bmFtZQ", &cut, &seal(b'p', b"7"), &seal(b'p', b"x")] {
            assert_eq!(bookmarks.name(garbage), None, "{garbage}");
        }
    }
}
