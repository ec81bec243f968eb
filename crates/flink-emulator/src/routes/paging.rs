//! Pages of a list: `page_size`, an opaque `page_token`, and `metadata.next`.
//!
//! A token names the last object of a page, so a walk over the pages neither
//! repeats nor leaves out an object when others are created or deleted meanwhile.
//! This file does not know the objects of a list.

use serde_json::{Value, json};

use super::request::QueryFields;
use crate::error::Failure;
use crate::place::reached::percent_encoded;
use crate::store::bookmarks::Bookmarks;

/// The sizes of the parameter `page_size` in all descriptions.
const DEFAULT_SIZE: usize = 10;
const MAX_SIZE: usize = 100;
const SIZE: &str = "page_size";
const TOKEN: &str = "page_token";

/// The page that a query asks for.
#[derive(Debug)]
pub(super) struct Paging {
    pub(super) size: usize,
    /// The name of the object that the page follows.
    pub(super) after: Option<String>,
}

impl Paging {
    /// Reads a query, and refuses parameters that the collection does not have.
    pub(super) fn of(
        query: &QueryFields,
        bookmarks: &Bookmarks,
        collection: &str,
        filters: &[&str],
    ) -> Result<Self, Failure> {
        query.only(collection, &[&[SIZE, TOKEN], filters].concat())?;
        let size = match query.find(SIZE) {
            None => DEFAULT_SIZE,
            Some(text) => match text.parse() {
                Ok(size @ 1..=MAX_SIZE) => size,
                _ => {
                    let detail = format!("A page has 1 to {MAX_SIZE} objects.");
                    return Err(Failure::parameter(SIZE, detail));
                }
            },
        };
        let unknown = || Failure::parameter(TOKEN, "This is not a token of this list.");
        let after = query.find(TOKEN).map(|token| bookmarks.find(token).ok_or_else(unknown));
        Ok(Self { size, after: after.transpose()? })
    }
}

/// One page as it stands in a response.
pub(super) struct Listing<'a> {
    pub(super) api_version: &'a str,
    /// The `kind` of an object, which that of the list continues.
    pub(super) kind: &'a str,
    /// The address of the list.
    pub(super) url: &'a str,
    pub(super) items: Vec<Value>,
    /// The name of the last object, where others follow.
    pub(super) last: Option<&'a str>,
}

impl Listing<'_> {
    pub(super) fn render(self, query: &QueryFields, bookmarks: &Bookmarks) -> Value {
        let mut metadata = json!({ "self": self.url });
        if let Some(last) = self.last {
            metadata["next"] = next(self.url, query, &bookmarks.token(last)).into();
        }
        json!({
            "api_version": self.api_version,
            "kind": format!("{}List", self.kind),
            "metadata": metadata,
            "data": self.items,
        })
    }
}

/// The address of the next page: the same query with another token.
fn next(url: &str, query: &QueryFields, token: &str) -> String {
    let mut next = format!("{url}?{}={token}", TOKEN);
    for (name, value) in query.iter().filter(|(name, _)| *name != TOKEN) {
        next.push_str(&format!("&{}={}", percent_encoded(name), percent_encoded(value)));
    }
    next
}
