//! What is known of the objects of one place, and what a read should do about it.
//!
//! Single reads are dear where there are many: each is a round trip, and callers ask
//! for a few at a time. A list brings a hundred objects in one. So once a few reads were
//! asked for, the list is walked beside them, and a read whose object stands in a page
//! that has just come is answered from there. What keeps that honest is decided here:
//!
//! - a list never says that something is gone: a read that finds nothing goes out by
//!   itself;
//! - never more than one page is asked for per two reads, so that a place full of
//!   strangers' objects costs at most half as much again;
//! - a page answers only reads that were asked for within seconds of its request, and
//!   never for an object that this process has written since;
//! - a list that fails or is slow holds nobody up for long;
//! - no more requests are under way than reads, so that a list needs no connection of
//!   its own.
//!
//! No IO and no clock: events come in with their time, decisions go out.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

/// How many reads go out by themselves before a list is worth its while.
const FEW: u64 = 3;

/// How long after its request a page answers reads. Reads that lie further apart than
/// this have nothing to do with each other.
pub(super) const FRESH: Duration = Duration::from_secs(10);

/// How long a read waits for a page that is under way.
const PATIENCE: Duration = Duration::from_secs(1);

/// How many reads may wait for a page in vain, beyond those that a page has answered.
const VAIN: u64 = 30;

/// How long nothing is listed after a failure.
const REST: Duration = Duration::from_secs(5);

/// After how many failures in a row listing is given up.
const FAILURES: u32 = 3;

/// The objects of one place, `T`, and where a walk through their list stands, `P`.
#[derive(Debug)]
pub(super) struct Ledger<T, P> {
    found: HashMap<String, Found<T>>,
    written: HashMap<String, Written>,
    walk: Walk<P>,
    burst: Burst,
    /// Reads that have no answer yet.
    outstanding: u64,
    /// Those of them that went out by themselves.
    asking: u64,
    /// Counts what happens, to tell what came before what.
    moment: u64,
}

/// An object as a page had it.
#[derive(Debug)]
struct Found<T> {
    object: T,
    page: u64,
    fresh_until: Instant,
}

/// What this process has done to an object.
#[derive(Debug, Default)]
struct Written {
    under_way: u32,
    ended: u64,
}

/// Reads that follow each other closely.
#[derive(Debug, Default)]
struct Burst {
    last: Option<Instant>,
    reads: u64,
    pages: u64,
    answered: u64,
    vain: u64,
    failures: u32,
}

#[derive(Debug)]
struct Walk<P> {
    next: Step<P>,
    begun: Option<Instant>,
    under_way: Option<u64>,
    /// A page that a read has waited for as long as it does. No other waits for it.
    slow: Option<u64>,
    rests_until: Option<Instant>,
}

#[derive(Debug)]
enum Step<P> {
    First,
    Behind(P),
    Over,
}

/// A read, from being asked for to its answer.
#[derive(Debug)]
pub(super) struct Read {
    name: String,
    at: Instant,
    ordinal: u64,
    /// The page it waits for, or has waited for.
    awaited: Option<u64>,
    is_asking: bool,
}

/// What a read should do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next<T> {
    /// Be content with this.
    Take(T),
    /// Wait until the page under way has come or failed, but not longer.
    Wait(Instant),
    /// Ask for the object itself.
    Ask,
}

/// A page to ask for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Page<P> {
    /// Where it begins; `None` is the beginning.
    pub(super) behind: Option<P>,
    number: u64,
    at: Instant,
}

impl<T: Clone, P> Ledger<T, P> {
    pub(super) fn new() -> Self {
        Self {
            found: HashMap::new(),
            written: HashMap::new(),
            walk: Walk {
                next: Step::First,
                begun: None,
                under_way: None,
                slow: None,
                rests_until: None,
            },
            burst: Burst::default(),
            outstanding: 0,
            asking: 0,
            moment: 0,
        }
    }

    /// A read is asked for. Whoever says this also says [`Ledger::ended`].
    pub(super) fn asked(&mut self, name: &str, now: Instant) -> Read {
        if self.burst.last.is_none_or(|last| now > last + FRESH) {
            self.begin_burst(now);
        }
        self.burst.last = Some(now);
        self.burst.reads += 1;
        self.outstanding += 1;
        Read {
            name: name.to_owned(),
            at: now,
            ordinal: self.burst.reads,
            awaited: None,
            is_asking: false,
        }
    }

    /// What a read should do now. To be asked again after waiting.
    pub(super) fn next(&mut self, read: &mut Read, now: Instant) -> Next<T> {
        if let Some(object) = self.known(read) {
            let object = object.clone();
            self.burst.answered += 1;
            return Next::Take(object);
        }
        let until = read.at + PATIENCE;
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
        self.burst.vain += u64::from(read.awaited.is_some());
        self.asks(read);
        Next::Ask
    }

    /// A read goes out by itself.
    pub(super) fn asks(&mut self, read: &mut Read) {
        self.asking += u64::from(!read.is_asking);
        read.is_asking = true;
    }

    /// A read has its answer, or nobody waits for it any more.
    pub(super) fn ended(&mut self, read: &Read) {
        self.outstanding -= 1;
        self.asking -= u64::from(read.is_asking);
    }

    /// This process begins to change an object.
    pub(super) fn write_begins(&mut self, name: &str) {
        self.written.entry(name.to_owned()).or_default().under_way += 1;
    }

    /// A change is over, whatever came of it.
    pub(super) fn write_ends(&mut self, name: &str) {
        self.moment += 1;
        if let Some(written) = self.written.get_mut(name) {
            written.under_way -= 1;
            written.ended = self.moment;
        }
    }

    /// The page to ask for now, if one is worth it.
    pub(super) fn next_page(&mut self, now: Instant) -> Option<Page<P>> {
        let walk = &mut self.walk;
        if matches!(walk.next, Step::Over) && walk.begun.is_none_or(|begun| now > begun + FRESH) {
            walk.next = Step::First;
        }
        let burst = &mut self.burst;
        let idle = walk.under_way.is_none() && walk.rests_until.is_none_or(|until| now >= until);
        let wanted = self.outstanding > 0 && burst.reads > FEW;
        let affordable = 2 * (burst.pages + 1) <= burst.reads;
        if !(idle && wanted && affordable && burst.failures < FAILURES) {
            return None;
        }
        let behind = match std::mem::replace(&mut walk.next, Step::Over) {
            Step::Over => return None,
            Step::Behind(position) => Some(position),
            Step::First => {
                walk.begun = Some(now);
                None
            }
        };
        burst.pages += 1;
        self.moment += 1;
        walk.under_way = Some(self.moment);
        Some(Page { behind, number: self.moment, at: now })
    }

    /// A page has come, with the place of the one behind it.
    pub(super) fn page_came(
        &mut self,
        page: &Page<P>,
        objects: impl IntoIterator<Item = (String, T)>,
        next: Option<P>,
    ) {
        self.walk.under_way = None;
        self.walk.next = next.map_or(Step::Over, Step::Behind);
        self.burst.failures = 0;
        let found = |object| Found { object, page: page.number, fresh_until: page.at + FRESH };
        self.found.extend(objects.into_iter().map(|(name, object)| (name, found(object))));
    }

    /// A page could not be had.
    pub(super) fn page_failed(&mut self, now: Instant) {
        self.walk.under_way = None;
        self.walk.next = Step::First;
        self.walk.rests_until = Some(now + REST);
        self.burst.failures += 1;
    }

    /// Forgets what no read will be answered from.
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

    /// Whether a read waits for the page under way: for one page, and not if it is one of
    /// the few.
    fn is_to_wait_for(&self, page: u64, read: &Read) -> bool {
        let is_worth_it = self.burst.vain < VAIN + self.burst.answered;
        match read.awaited {
            Some(awaited) => awaited == page,
            None => read.ordinal > FEW && is_worth_it,
        }
    }

    /// Whether another request beside the page would be one more than there are reads.
    fn is_crowded(&self) -> bool {
        self.asking + 2 > self.outstanding
    }
}

#[cfg(test)]
mod tests;
