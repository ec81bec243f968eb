//! Faults that an honest server and an honest network can have.
//!
//! Work that is not done is never said to be done by the API itself, nor an object
//! to be absent that is there: no client could tell, so there is nothing to test.

use std::time::Duration;

use flink_emulator::{Answer, Fault, Method};
use proptest::prelude::*;
use proptest::sample::select;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub(super) what: What,
    pub(super) on: On,
    pub(super) when: When,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    DropBefore,
    DropAfter,
    /// The API's own refusal.
    Refuse(u16),
    /// It says so although the work is done.
    RefuseAfter(u16),
    /// The page of a proxy.
    Page(u16),
    PageAfter(u16),
    /// A status and nothing else.
    Bare(u16),
    Cut,
    CutChunked,
    Gzip,
    /// Somebody moves the version just before.
    Stale,
    Drip,
    Delay,
}

/// Which requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum On {
    Any,
    Get,
    List,
    Post,
    Put,
    Delete,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    Always,
    /// After so many that go well.
    Once(u64),
    Twice(u64),
    /// Each second one on average, by draws of this seed.
    Half(u64),
}

impl Trouble {
    /// How many requests it fails that are good when they are sent again; none
    /// where it may be more than that.
    pub(super) fn passes_after(self) -> Option<u64> {
        let times = match self.when {
            When::Once(_) => 1,
            When::Twice(_) => 2,
            When::Always | When::Half(_) => return None,
        };
        match self.what {
            What::Stale | What::Drip => Some(0),
            What::DropBefore | What::DropAfter | What::Cut | What::CutChunked => Some(times),
            What::Refuse(429 | 500 | 502..) | What::RefuseAfter(_) => Some(times),
            What::Page(502..) | What::PageAfter(502..) | What::Bare(503) => Some(times),
            _ => None,
        }
    }

    pub(super) fn fault(self) -> Fault {
        let milliseconds = Duration::from_millis;
        let fault = match self.what {
            What::DropBefore => Fault::drop_before(),
            What::DropAfter => Fault::drop_after(),
            What::Refuse(status) => Fault::status(status),
            What::RefuseAfter(status) => Fault::status_after(status),
            What::Page(status) => Fault::page(status),
            What::PageAfter(status) => Fault::page_after(status),
            What::Bare(status) => Fault::answer(Answer::status(status).body("")),
            What::Cut => Fault::cut(),
            What::CutChunked => Fault::cut_chunked(),
            What::Gzip => Fault::gzip(),
            What::Stale => Fault::stale(),
            What::Drip => Fault::drip(64, milliseconds(1)),
            What::Delay => Fault::delay(milliseconds(60)),
        };
        let fault = match self.on {
            On::Any => fault.path("*/connections*"),
            On::Get => fault.on(Method::GET, "*/connections/*"),
            On::List => fault.on(Method::GET, "*/connections"),
            On::Post => fault.method(Method::POST),
            On::Put => fault.method(Method::PUT),
            On::Delete => fault.method(Method::DELETE),
        };
        match self.when {
            When::Always => fault,
            When::Once(skip) => fault.skip(skip).times(1),
            When::Twice(skip) => fault.skip(skip).times(2),
            When::Half(seed) => fault.probability(0.5).seed(seed),
        }
    }
}

pub(super) fn trouble() -> impl Strategy<Value = Trouble> {
    let on = select(vec![On::Any, On::Get, On::List, On::Post, On::Put, On::Put, On::Delete]);
    let when = prop_oneof![
        3 => Just(When::Once(0)),
        1 => (1..3_u64).prop_map(When::Once),
        1 => (0..2_u64).prop_map(When::Twice),
        2 => Just(When::Always),
        1 => (0..4_u64).prop_map(When::Half),
    ];
    (what(), on, when).prop_map(|(what, on, when)| Trouble { what, on, when })
}

fn what() -> impl Strategy<Value = What> {
    let refusals = vec![400, 401, 403, 403, 409, 429, 500, 501, 502, 503, 504];
    let refusals_after = vec![500, 502, 503, 504];
    let pages = vec![200, 403, 404, 502, 503];
    let pages_after = vec![200, 502, 504];
    prop_oneof![
        1 => Just(What::DropBefore),
        3 => Just(What::DropAfter),
        3 => select(refusals).prop_map(What::Refuse),
        2 => select(refusals_after).prop_map(What::RefuseAfter),
        2 => select(pages).prop_map(What::Page),
        1 => select(pages_after).prop_map(What::PageAfter),
        1 => select(vec![403, 404, 503]).prop_map(What::Bare),
        1 => Just(What::Cut),
        1 => Just(What::CutChunked),
        1 => Just(What::Gzip),
        2 => Just(What::Stale),
        1 => Just(What::Drip),
        1 => Just(What::Delay),
    ]
}
