//! Lists, one page at a time.
//!
//! Follows the pagination of Confluent Cloud's APIs: `metadata.next` is a URL with a
//! `page_token`, and its absence ends the list. Only the token is taken from it, so
//! that a list cannot lead to another host. Knows nothing of what a list holds.

use std::collections::HashSet;
use std::fmt;

use serde_json::{Map, Value};

use crate::client::Client;
use crate::error::Result;
use crate::request::{Repeat, Request};
use crate::transport;
use crate::types::CallOptions;

/// How many entries a page is asked to have: the most that the API gives.
const PAGE_SIZE: &str = "100";

/// Where a list is given up. At 100 entries a page this is a million entries.
const MOST_PAGES: usize = 10_000;

/// Where a list is given up, in bytes of its pages.
const LARGEST_LIST: usize = 256 << 20;

/// Reads one entry of a list, or says what is wrong with it.
pub(crate) type Decode<T> = fn(Value) -> Result<T, String>;

/// All objects of one kind that the credentials can see.
pub struct Listing<T> {
    client: Client,
    patience: CallOptions,
    request: Result<Request>,
    decode: Decode<T>,
}

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
pub struct Pager<T> {
    client: Client,
    patience: CallOptions,
    request: Result<Request>,
    decode: Decode<T>,
    position: Position,
}

/// How far a list was read.
#[derive(Debug)]
pub(crate) struct Position {
    next: Next,
    seen: HashSet<String>,
    /// How many bytes have come.
    size: usize,
}

/// What to ask for next.
#[derive(Debug)]
enum Next {
    First,
    Behind(String),
    Nothing,
}

impl<T> Listing<T> {
    pub(crate) fn new(client: Client, request: Result<Request>, decode: Decode<T>) -> Self {
        Self { client, patience: CallOptions::default(), request, decode }
    }

    /// Sets how long each of the following requests may take and what ends it early.
    #[must_use]
    pub fn within(mut self, patience: CallOptions) -> Self {
        self.patience = patience;
        self
    }

    /// Starts at the beginning.
    #[must_use]
    pub fn list(&self) -> Pager<T> {
        let request = self.request.clone();
        Pager::new(self.client.clone(), self.patience.clone(), request, self.decode)
    }
}

impl<T> Pager<T> {
    pub(crate) fn new(
        client: Client,
        patience: CallOptions,
        request: Result<Request>,
        decode: Decode<T>,
    ) -> Self {
        Self {
            client,
            patience,
            request: request.map(|request| request.query("page_size", PAGE_SIZE)),
            decode,
            position: Position { next: Next::First, seen: HashSet::new(), size: 0 },
        }
    }

    /// Sets how long each of the following requests may take and what ends it early.
    pub(crate) fn within(mut self, patience: CallOptions) -> Self {
        self.patience = patience;
        self
    }

    /// Asks for each page once, unless the API says that it has not looked at it: for
    /// pages that nobody depends on.
    pub(crate) fn once(mut self) -> Self {
        self.request = self.request.map(|request| request.repeated(Repeat::OnlyIfUnprocessed));
        self
    }

    /// Goes on where another pager of the same list has stopped.
    pub(crate) fn behind(mut self, position: Position) -> Self {
        self.position = position;
        self
    }

    /// Where to go on, unless the list is over.
    pub(crate) fn position(self) -> Option<Position> {
        (!matches!(self.position.next, Next::Nothing)).then_some(self.position)
    }

    /// The next page, or `None` after the last one. A page may be empty and still not
    /// be the last.
    ///
    /// # Errors
    ///
    /// When the page cannot be fetched or read, or when the list runs in a circle or
    /// goes on without an end. The list ends with its first error.
    pub async fn next_page(&mut self) -> Result<Option<Vec<T>>> {
        let request = match std::mem::replace(&mut self.position.next, Next::Nothing) {
            Next::Nothing => return Ok(None),
            Next::First => self.request.clone()?,
            Next::Behind(token) => self.request.clone()?.query("page_token", &token),
        };
        let answer = self.client.inner.caller.send(&request, &self.patience).await?;
        let body = answer.body()?;
        let (entries, next) = page(body, self.decode)
            .map_err(|why| answer.unusable(&format!("and something that is no list: {why}")))?;
        self.check(body.len(), next.as_deref())
            .map_err(|why| answer.unusable(&format!("and a list without an end: {why}")))
            .map_err(|error| error.hint(transport::WHO_SPEAKS))?;
        if let Some(token) = next {
            self.position.next = Next::Behind(token);
        }
        Ok(Some(entries))
    }

    /// Everything that is left, in one piece.
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

    /// Refuses a page that leads back or for ever on.
    fn check(&mut self, size: usize, next: Option<&str>) -> Result<(), String> {
        self.position.size += size;
        if self.position.size > LARGEST_LIST {
            return Err(format!(
                "it has more than the {} MB that this client reads of a list",
                LARGEST_LIST >> 20
            ));
        }
        let Some(token) = next else { return Ok(()) };
        if self.position.seen.len() + 1 >= MOST_PAGES {
            return Err(format!(
                "it has more than the {MOST_PAGES} pages that this client reads of a list"
            ));
        }
        match self.position.seen.insert(token.to_owned()) {
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
    let value = value.replace('+', "%2B");
    let pair = format!("{NAME}{value}");
    let decoded = url::form_urlencoded::parse(pair.as_bytes()).next();
    Ok(decoded.map(|(_, token)| token.into_owned()).filter(|token| !token.is_empty()))
}

impl<T> fmt::Debug for Listing<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Listing").field(&self.request).finish()
    }
}

impl<T> fmt::Debug for Pager<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pager").field(&self.request).finish()
    }
}

#[cfg(test)]
mod tests;
