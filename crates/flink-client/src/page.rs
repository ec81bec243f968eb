//! Lists, one page at a time.
//!
//! Follows the pagination of Confluent Cloud's APIs: `metadata.next` is a URL with a
//! `page_token`, and its absence ends the list. Only the token is taken from it, so
//! that a list cannot lead to another host. Knows no type of entries.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::auth::ApiSender;
use crate::error::Result;
use crate::request::{Repeat, Request};
use crate::transport;
use crate::types::CallOptions;

/// The number of entries requested of a page: the most that the API returns.
const PAGE_SIZE: &str = "100";

/// The most pages of a list. At 100 entries a page this is a million entries.
const MOST_PAGES: usize = 10_000;

/// The largest list, in bytes of its pages.
const LARGEST_LIST: usize = 256 << 20;

/// Reads one entry of a list; `Err` says why it cannot.
pub(crate) type Decode<T> = fn(Value) -> Result<T, String>;

/// A list that is fetched one page at a time.
///
/// ```no_run
/// # async fn example(connections: flink_client::Connections) -> flink_client::Result<()> {
/// let mut pager = connections.list(&flink_client::Filter::default());
/// while let Some(page) = pager.next_page().await? {
///     println!("{} more", page.len());
/// }
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Pager<T> {
    sender: Arc<ApiSender>,
    options: CallOptions,
    request: Result<Request>,
    decode: Decode<T>,
    next: Next,
    /// The tokens of earlier pages.
    seen: HashSet<String>,
    /// The bytes of all pages so far.
    size: usize,
}

/// The page to request next.
#[derive(Clone, Debug)]
enum Next {
    First,
    After(String),
    Nothing,
}

impl<T> Pager<T> {
    /// A list from its beginning. An error in place of the request is reported by the
    /// first page.
    pub(crate) fn new(
        sender: Arc<ApiSender>,
        options: CallOptions,
        request: Result<Request>,
        decode: Decode<T>,
    ) -> Self {
        let request = request.map(|request| request.query("page_size", PAGE_SIZE));
        Self { sender, options, request, decode, next: Next::First, seen: HashSet::new(), size: 0 }
    }

    /// Sets the options of each of the following requests.
    pub(crate) fn within(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Requests each page once, unless the server says that it did not process the
    /// request: for pages that no call depends on.
    pub(crate) fn once(mut self) -> Self {
        self.request = self.request.map(|request| request.repeated(Repeat::OnlyIfUnprocessed));
        self
    }

    /// The rest of the list, or `None` if it is over.
    pub(crate) fn rest(self) -> Option<Self> {
        (!matches!(self.next, Next::Nothing)).then_some(self)
    }

    /// The next page, or `None` after the last one. A page may be empty and still not
    /// be the last.
    ///
    /// # Errors
    ///
    /// If the page cannot be fetched or read, or if the list runs in a circle or has no
    /// end. The list ends with its first error.
    pub async fn next_page(&mut self) -> Result<Option<Vec<T>>> {
        let request = match std::mem::replace(&mut self.next, Next::Nothing) {
            Next::Nothing => return Ok(None),
            Next::First => self.request.clone()?,
            Next::After(token) => self.request.clone()?.query("page_token", &token),
        };
        let response = self.sender.send(&request, &self.options).await?;
        let body = response.body()?;
        let (entries, next) = page(body, self.decode)
            .map_err(|why| response.unusable(&format!("and something that is no list: {why}")))?;
        self.check(body.len(), next.as_deref())
            .map_err(|why| response.unusable(&format!("and a list without an end: {why}")))
            .map_err(|error| error.hint(transport::CHECK_PROXIES))?;
        if let Some(token) = next {
            self.next = Next::After(token);
        }
        Ok(Some(entries))
    }

    /// All entries of the rest of the list.
    ///
    /// # Errors
    ///
    /// As [`Pager::next_page`].
    pub async fn all(&mut self) -> Result<Vec<T>> {
        let mut all = Vec::new();
        while let Some(page) = self.next_page().await? {
            all.extend(page);
        }
        Ok(all)
    }

    /// Refuses a list that has no end.
    fn check(&mut self, size: usize, next: Option<&str>) -> Result<(), String> {
        self.size += size;
        if self.size > LARGEST_LIST {
            return Err(format!(
                "it has more than the {} MB that this client reads of a list",
                LARGEST_LIST >> 20
            ));
        }
        let Some(token) = next else { return Ok(()) };
        if self.seen.len() + 1 >= MOST_PAGES {
            return Err(format!(
                "it has more than the {MOST_PAGES} pages that this client reads of a list"
            ));
        }
        match self.seen.insert(token.to_owned()) {
            true => Ok(()),
            false => Err("it runs in a circle".to_owned()),
        }
    }
}

/// The entries of a page, and the token of the next one.
type Page<T> = (Vec<T>, Option<String>);

fn page<T>(body: &[u8], decode: Decode<T>) -> Result<Page<T>, String> {
    let mut page: Map<String, Value> = transport::json(body)?;
    let entries = match page.remove("data") {
        Some(Value::Array(entries)) => entries,
        Some(Value::Null) => Vec::new(),
        _ => return Err("it has no array `data`".to_owned()),
    };
    let entries = entries.into_iter().map(decode).collect::<Result<_, _>>()?;
    let metadata = page.get("metadata");
    let next = metadata.and_then(|metadata| metadata.get("next")?.as_str());
    Ok((entries, next.map_or(Ok(None), token)?))
}

/// The token in the URL of the next page, which may be malformed around it: some
/// servers append `&page_token=` to a URL without a query.
fn token(next: &str) -> Result<Option<String>, String> {
    const NAME: &str = "page_token=";
    if next.trim().is_empty() {
        return Ok(None);
    }
    let query = next.split(['?', '&', '#']);
    let Some(value) = query.into_iter().find_map(|part| part.strip_prefix(NAME)) else {
        return Err("it has a next page without a `page_token`".to_owned());
    };
    // No token has a space in it, so a plus sign is one that was not encoded.
    let token = percent_decode_str(value).decode_utf8_lossy().into_owned();
    Ok(Some(token).filter(|token| !token.is_empty()))
}

impl<T> fmt::Debug for Pager<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pager").field(&self.request).finish()
    }
}

#[cfg(test)]
mod tests;
