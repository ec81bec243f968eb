//! The policy of read batching: when to fetch a page, and which reads it answers.
//!
//! Many single reads are slow: each is a round trip, and callers make a few at a time. A
//! page of a list has a hundred objects. So after the first few reads the list is fetched
//! beside them, and a read whose object is in a recent page is answered from it. These
//! rules keep the results the same:
//!
//! - a list is no evidence of absence: an object that it lacks is requested;
//! - at most one page is requested per two reads, so that a collection full of other
//!   objects costs at most half as much again;
//! - a page answers only reads that began within seconds of its request, and never for an
//!   object that this process has written since;
//! - a list that fails or is slow delays reads only briefly;
//! - no more requests are in flight than reads, so that a list needs no connection of its
//!   own.
//!
//! No IO and no clock: events come in with their time, decisions go out.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

/// The reads of a burst that are requested before a list is worth its cost.
const FEW: u64 = 3;

/// The time after its request in which a page answers reads. Reads further apart than
/// this belong to different bursts.
pub(super) const FRESH: Duration = Duration::from_secs(10);

/// The longest time that a read waits for a page in flight.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// The most reads that may wait for a page that does not answer them, beyond the number
/// that pages have answered.
const MAX_WASTED_WAITS: u64 = 30;

/// The time after a failure in which no page is requested.
const LIST_COOLDOWN: Duration = Duration::from_secs(5);

/// The failures in a row after which no page is requested any more in a burst.
const MAX_FAILURES: u32 = 3;

/// The state of one collection: its objects `T`, and the rest of its list `P`.
#[derive(Debug)]
pub(super) struct BatchPolicy<T, P> {
    found: HashMap<String, Found<T>>,
    written: HashMap<String, Written>,
    walk: Walk<P>,
    burst: Burst,
    /// Reads without a result.
    pending: u64,
    /// The pending reads whose object is requested.
    requested: u64,
    /// A logical clock, which orders pages and writes.
    moment: u64,
}

/// An object as a page showed it.
#[derive(Debug)]
struct Found<T> {
    object: T,
    page: u64,
    fresh_until: Instant,
}

/// The writes of this process to an object.
#[derive(Debug, Default)]
struct Written {
    under_way: u32,
    ended: u64,
}

/// Reads that follow each other within [`FRESH`].
#[derive(Debug, Default)]
struct Burst {
    last: Option<Instant>,
    reads: u64,
    pages: u64,
    answered: u64,
    wasted_waits: u64,
    failures: u32,
}

/// The walk through the pages of a list.
#[derive(Debug)]
struct Walk<P> {
    next: Step<P>,
    begun: Option<Instant>,
    under_way: Option<u64>,
    /// A page for which a read has waited for [`LONGEST_WAIT`]. No other waits for it.
    slow: Option<u64>,
    paused_until: Option<Instant>,
}

#[derive(Debug)]
enum Step<P> {
    First,
    Rest(P),
    Over,
}

/// A read, from its beginning to its result.
#[derive(Debug)]
pub(super) struct Read {
    name: String,
    at: Instant,
    ordinal: u64,
    /// The page that it waits for, or has waited for.
    awaited: Option<u64>,
    is_requested: bool,
}

/// The next step of a read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next<T> {
    /// Use this object.
    Take(T),
    /// Wait for the page in flight, at most until this time.
    Wait(Instant),
    /// Request the object itself.
    Ask,
}

/// A page to request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Page<P> {
    /// The rest of the list that it begins; `None` is the whole list.
    pub(super) rest: Option<P>,
    number: u64,
    at: Instant,
}

impl<T, P> Default for BatchPolicy<T, P> {
    fn default() -> Self {
        Self {
            found: HashMap::new(),
            written: HashMap::new(),
            walk: Walk {
                next: Step::First,
                begun: None,
                under_way: None,
                slow: None,
                paused_until: None,
            },
            burst: Burst::default(),
            pending: 0,
            requested: 0,
            moment: 0,
        }
    }
}

impl<T, P> BatchPolicy<T, P> {
    /// Begins a read. Each needs a call of [`BatchPolicy::end`].
    pub(super) fn begin(&mut self, name: &str, now: Instant) -> Read {
        if self.burst.last.is_none_or(|last| now > last + FRESH) {
            self.begin_burst(now);
        }
        self.burst.last = Some(now);
        self.burst.reads += 1;
        self.pending += 1;
        Read {
            name: name.to_owned(),
            at: now,
            ordinal: self.burst.reads,
            awaited: None,
            is_requested: false,
        }
    }

    /// Returns the next step of a read. To be called again after waiting.
    pub(super) fn next(&mut self, read: &mut Read, now: Instant) -> Next<T>
    where
        T: Clone,
    {
        if let Some(object) = self.known(read) {
            let object = object.clone();
            self.burst.answered += 1;
            return Next::Take(object);
        }
        let until = read.at + LONGEST_WAIT;
        if now >= until && read.awaited == self.walk.under_way {
            self.walk.slow = read.awaited;
        }
        if let Some(page) = self.walk.under_way
            && now < until
            && self.walk.slow != Some(page)
            && (self.is_to_wait_for(page, read) || self.is_crowded())
        {
            read.awaited = Some(page);
            return Next::Wait(until);
        }
        self.burst.wasted_waits += u64::from(read.awaited.is_some());
        self.requests_itself(read);
        Next::Ask
    }

    /// Registers that the object of a read is requested.
    pub(super) fn requests_itself(&mut self, read: &mut Read) {
        self.requested += u64::from(!read.is_requested);
        read.is_requested = true;
    }

    /// Ends a read, with or without a result.
    pub(super) fn end(&mut self, read: &Read) {
        self.pending -= 1;
        self.requested -= u64::from(read.is_requested);
    }

    /// Registers a write of an object by this process.
    pub(super) fn write_begins(&mut self, name: &str) {
        self.written.entry(name.to_owned()).or_default().under_way += 1;
    }

    /// Registers the end of a write, whatever its outcome.
    pub(super) fn write_ends(&mut self, name: &str) {
        self.moment += 1;
        if let Some(written) = self.written.get_mut(name) {
            written.under_way -= 1;
            written.ended = self.moment;
        }
    }

    /// The page to request now, if one is worth it.
    pub(super) fn next_page(&mut self, now: Instant) -> Option<Page<P>> {
        let walk = &mut self.walk;
        if matches!(walk.next, Step::Over) && walk.begun.is_none_or(|begun| now > begun + FRESH) {
            walk.next = Step::First;
        }
        let burst = &mut self.burst;
        let idle = walk.under_way.is_none() && walk.paused_until.is_none_or(|until| now >= until);
        let wanted = self.pending > 0 && burst.reads > FEW;
        let affordable = 2 * (burst.pages + 1) <= burst.reads;
        if !(idle && wanted && affordable && burst.failures < MAX_FAILURES) {
            return None;
        }
        let rest = match std::mem::replace(&mut walk.next, Step::Over) {
            Step::Over => return None,
            Step::Rest(position) => Some(position),
            Step::First => {
                walk.begun = Some(now);
                None
            }
        };
        burst.pages += 1;
        self.moment += 1;
        walk.under_way = Some(self.moment);
        Some(Page { rest, number: self.moment, at: now })
    }

    /// Registers the objects of a page, and the rest of the list after it.
    pub(super) fn page_came(
        &mut self,
        page: &Page<P>,
        objects: impl IntoIterator<Item = (String, T)>,
        rest: Option<P>,
    ) {
        self.walk.under_way = None;
        self.walk.next = rest.map_or(Step::Over, Step::Rest);
        self.burst.failures = 0;
        let found = |object| Found { object, page: page.number, fresh_until: page.at + FRESH };
        self.found.extend(objects.into_iter().map(|(name, object)| (name, found(object))));
    }

    /// Registers the failure of a page.
    pub(super) fn page_failed(&mut self, now: Instant) {
        self.walk.under_way = None;
        self.walk.next = Step::First;
        self.walk.paused_until = Some(now + LIST_COOLDOWN);
        self.burst.failures += 1;
    }

    /// Forgets the objects that are too old to answer a read.
    fn begin_burst(&mut self, now: Instant) {
        self.burst = Burst::default();
        if self.walk.under_way.is_none() {
            self.walk.next = Step::First;
        }
        self.found.retain(|_, found| now <= found.fresh_until);
        let oldest = self.found.values().map(|found| found.page).chain(self.walk.under_way).min();
        self.written.retain(|_, written| {
            written.under_way > 0 || oldest.is_some_and(|page| page <= written.ended)
        });
    }

    fn known(&self, read: &Read) -> Option<&T> {
        let found = self.found.get(&read.name)?;
        let is_older_than_ours = self
            .written
            .get(&read.name)
            .is_some_and(|written| written.under_way > 0 || found.page <= written.ended);
        let is_fresh = read.at <= found.fresh_until;
        (is_fresh && !is_older_than_ours).then_some(&found.object)
    }

    /// Returns true if a read waits for the page in flight: for one page only, and not if
    /// it is one of the first few.
    fn is_to_wait_for(&self, page: u64, read: &Read) -> bool {
        let is_worth_it = self.burst.wasted_waits < MAX_WASTED_WAITS + self.burst.answered;
        match read.awaited {
            Some(awaited) => awaited == page,
            None => read.ordinal > FEW && is_worth_it,
        }
    }

    /// Returns true if another request beside the page would make more requests than reads.
    fn is_crowded(&self) -> bool {
        self.requested + 2 > self.pending
    }
}

#[cfg(test)]
mod tests;
