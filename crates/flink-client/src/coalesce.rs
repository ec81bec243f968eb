//! Many reads for the price of few: single reads and the list beside them.
//!
//! For any kind of object that can be read by name and listed. What to do when is
//! decided in `ledger`, which also has the rules; this half asks, waits and passes on.
//! It knows no concrete object, and a caller notices nothing but fewer requests.

mod ledger;

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};
use tracing::debug;

use self::ledger::{FRESH, Ledger, Next, Read};
use crate::error::Result;
use crate::page::{Pager, Position};
use crate::types::{CallOptions, Place};

/// How the objects of one kind in one place are asked for.
pub(crate) trait Source: Clone + Send + Sync + 'static {
    /// The objects.
    type Object: Named + Clone + Send + 'static;

    /// Asks for one by its name.
    fn one(&self, name: &str) -> impl Future<Output = Result<Option<Self::Object>>> + Send;

    /// All of them, a page at a time.
    fn list(&self) -> Pager<Self::Object>;

    /// What ends a read early.
    fn patience(&self) -> &CallOptions;
}

/// An object with a name that is unique in its place.
pub(crate) trait Named {
    /// The name.
    fn name(&self) -> &str;
}

/// The reads of one kind of object, for every place.
pub(crate) struct Coalescer<T>(Mutex<HashMap<Place, Arc<Reads<T>>>>);

/// The reads of one kind of object in one place.
pub(crate) struct Reads<T> {
    ledger: Mutex<Ledger<T, Position>>,
    /// Told each time a page has come or failed.
    turned: Notify,
}

impl<T: Named + Clone + Send + 'static> Coalescer<T> {
    pub(crate) fn at(&self, place: &Place) -> Arc<Reads<T>> {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(places.entry(place.clone()).or_default())
    }
}

impl<T: Named + Clone + Send + 'static> Reads<T> {
    /// The object of this name, from a list where that is as good as asking for it and
    /// `is_expected` agrees to what the list says.
    pub(crate) async fn read<S: Source<Object = T>>(
        self: &Arc<Self>,
        source: &S,
        name: &str,
        is_expected: impl Fn(&T) -> bool,
    ) -> Result<Option<T>> {
        let read = self.ledger().asked(name, Instant::now());
        let mut under_way = UnderWay { reads: self, read };
        self.walk_on(source);
        loop {
            let turned = self.turned.notified();
            let next = self.ledger().next(&mut under_way.read, Instant::now());
            match next {
                Next::Take(object) if is_expected(&object) => {
                    debug!(name, "answered from a list that has just been fetched");
                    return Ok(Some(object));
                }
                Next::Take(_) | Next::Ask => break,
                Next::Wait(until) => tokio::select! {
                    biased;
                    // Who is cancelled is told so by the request it does not send.
                    () = source.patience().cancelled.cancelled() => break,
                    // Whether a page came or the time is over, the ledger knows what is next.
                    _ = timeout_at(until, turned) => {}
                },
            }
        }
        self.ledger().asks(&mut under_way.read);
        source.one(name).await
    }

    /// Says that this process changes an object, until what is returned is dropped.
    pub(crate) fn writing<'a>(&'a self, name: &'a str) -> impl Drop + use<'a, T> {
        self.ledger().write_begins(name);
        Writing { reads: self, name }
    }

    /// Fetches the pages that are worth it, one after the other, beside the reads.
    fn walk_on<S: Source<Object = T>>(self: &Arc<Self>, source: &S) {
        let Some(mut page) = self.ledger().next_page(Instant::now()) else { return };
        let (reads, source) = (Arc::clone(self), source.clone());
        tokio::spawn(async move {
            loop {
                let mut pager = source.list().within(CallOptions::at_most(FRESH)).once();
                if let Some(position) = page.behind.take() {
                    pager = pager.behind(position);
                }
                let fetched = pager.next_page().await;
                let now = Instant::now();
                let mut ledger = reads.ledger();
                match fetched {
                    Ok(objects) => {
                        let objects = objects.into_iter().flatten();
                        let named = objects.map(|object| (object.name().to_owned(), object));
                        ledger.page_came(&page, named, pager.position());
                    }
                    Err(error) => {
                        debug!("no list to answer reads from: {error}");
                        ledger.page_failed(now);
                    }
                }
                let next = ledger.next_page(now);
                drop(ledger);
                reads.turned.notify_waiters();
                match next {
                    Some(next) => page = next,
                    None => return,
                }
            }
        });
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger<T, Position>> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A read that has no answer yet. Says that it has ended, however it did.
struct UnderWay<'a, T: Named + Clone + Send + 'static> {
    reads: &'a Reads<T>,
    read: Read,
}

impl<T: Named + Clone + Send + 'static> Drop for UnderWay<'_, T> {
    fn drop(&mut self) {
        self.reads.ledger().ended(&self.read);
    }
}

struct Writing<'a, T: Named + Clone + Send + 'static> {
    reads: &'a Reads<T>,
    name: &'a str,
}

impl<T: Named + Clone + Send + 'static> Drop for Writing<'_, T> {
    fn drop(&mut self) {
        self.reads.ledger().write_ends(self.name);
    }
}

impl<T> Default for Coalescer<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Default for Reads<T> {
    fn default() -> Self {
        Self { ledger: Mutex::new(Ledger::new()), turned: Notify::new() }
    }
}

impl<T> fmt::Debug for Reads<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reads")
    }
}

#[cfg(test)]
mod tests;
