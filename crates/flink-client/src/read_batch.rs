//! Read batching: many reads of single objects for few requests.
//!
//! Beside the single reads a list of the collection is fetched, page by page, and answers
//! the reads whose object it shows. `policy` decides when; this half sends, waits and
//! passes on. It knows no noun, and a caller notices nothing but fewer requests.

mod policy;

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};
use tracing::debug;
use url::Url;

use self::policy::{BatchPolicy, FRESH, Next, Read};
use crate::page::Pager;
use crate::types::CallOptions;

/// The read batches of all collections.
#[derive(Default)]
pub(crate) struct ReadBatches(Mutex<HashMap<(TypeId, Url), Arc<dyn Any + Send + Sync>>>);

/// The reads of one collection.
pub(crate) struct ReadBatch<T> {
    policy: Mutex<BatchPolicy<T, Pager<T>>>,
    /// Notified each time a page has arrived or failed.
    page_ended: Notify,
}

impl ReadBatches {
    /// The reads of the collection at `url`.
    pub(crate) fn of<T: Clone + Send + Sync + 'static>(&self, url: &Url) -> Arc<ReadBatch<T>> {
        let mut batches = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let batch = batches
            .entry((TypeId::of::<T>(), url.clone()))
            .or_insert_with(|| Arc::<ReadBatch<T>>::default());
        Arc::clone(batch).downcast().expect("the key has the type of the entry")
    }
}

impl<T: Clone + Send + Sync + 'static> ReadBatch<T> {
    /// Begins a read of the object of this name, and fetches pages of `list` beside it if
    /// they are worth it.
    pub(crate) fn begin(
        self: &Arc<Self>,
        name: &str,
        name_of: fn(&T) -> &str,
        list: impl FnOnce() -> Pager<T>,
    ) -> PendingRead<'_, T> {
        let mut policy = self.policy();
        let read = policy.begin(name, Instant::now());
        let page = policy.next_page(Instant::now());
        drop(policy);
        if let Some(page) = page {
            tokio::spawn(Arc::clone(self).fetch_pages(page, name_of, list()));
        }
        PendingRead { batch: self, read }
    }

    /// Registers a write of an object by this process, until the result is dropped.
    pub(crate) fn writing<'a>(&'a self, name: &str) -> impl Drop + use<'a, T> {
        self.policy().write_begins(name);
        Writing { batch: self, name: name.to_owned() }
    }

    /// Fetches the pages that are worth it, one after the other.
    async fn fetch_pages(
        self: Arc<Self>,
        mut page: policy::Page<Pager<T>>,
        name_of: fn(&T) -> &str,
        list: Pager<T>,
    ) {
        loop {
            let pager = page.rest.take().unwrap_or_else(|| list.clone());
            let mut pager = pager.within(CallOptions::at_most(FRESH)).once();
            let fetched = pager.next_page().await;
            let now = Instant::now();
            let mut policy = self.policy();
            match fetched {
                Ok(objects) => {
                    let objects = objects.into_iter().flatten();
                    let named = objects.map(|object| (name_of(&object).to_owned(), object));
                    policy.page_came(&page, named, pager.rest());
                }
                Err(error) => {
                    debug!("no list to answer reads from: {error}");
                    policy.page_failed(now);
                }
            }
            let next = policy.next_page(now);
            drop(policy);
            self.page_ended.notify_waiters();
            match next {
                Some(next) => page = next,
                None => return,
            }
        }
    }
}

impl<T> ReadBatch<T> {
    fn policy(&self) -> MutexGuard<'_, BatchPolicy<T, Pager<T>>> {
        self.policy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Default for ReadBatch<T> {
    fn default() -> Self {
        Self { policy: Mutex::default(), page_ended: Notify::new() }
    }
}

/// A read without a result. Dropping it ends the read.
pub(crate) struct PendingRead<'a, T> {
    batch: &'a ReadBatch<T>,
    read: Read,
}

impl<T: Clone> PendingRead<'_, T> {
    /// The object as a list shows it, or `None` if it has to be requested. Waits for a page
    /// if that is worth it.
    pub(crate) async fn listed(&mut self, options: &CallOptions) -> Option<T> {
        loop {
            let page_ended = self.batch.page_ended.notified();
            let next = self.batch.policy().next(&mut self.read, Instant::now());
            match next {
                Next::Take(object) => return Some(object),
                Next::Ask => return None,
                Next::Wait(until) => tokio::select! {
                    biased;
                    // The request that follows returns the `Cancelled` error.
                    () = options.cancelled.cancelled() => return None,
                    // The policy decides anew, after a page and after the time alike.
                    _ = timeout_at(until, page_ended) => {}
                },
            }
        }
    }

    /// Registers that the object itself is requested.
    pub(crate) fn requests_itself(&mut self) {
        self.batch.policy().requests_itself(&mut self.read);
    }
}

impl<T> Drop for PendingRead<'_, T> {
    fn drop(&mut self) {
        self.batch.policy().end(&self.read);
    }
}

/// A write that is under way.
struct Writing<'a, T> {
    batch: &'a ReadBatch<T>,
    name: String,
}

impl<T> Drop for Writing<'_, T> {
    fn drop(&mut self) {
        self.batch.policy().write_ends(&self.name);
    }
}

#[cfg(test)]
mod tests;
