//! Faults of a correct server and network.
//!
//! The API never reports success for a request that it did not process, nor absence of an
//! existing object: no client could detect that.

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
    /// The API's own refusal after it has processed the request.
    RefuseAfter(u16),
    /// The page of a proxy.
    Page(u16),
    PageAfter(u16),
    /// A status without a body.
    Bare(u16),
    Cut,
    CutChunked,
    Gzip,
    /// A third party moves the version just before.
    Stale,
    Drip,
    Delay,
}

/// The requests that a fault applies to.
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
    /// Half of the requests at random, by this seed.
    Half(u64),
}

impl Trouble {
    /// The number of requests that it fails and that succeed when they are sent again;
    /// `None` if there is no such number.
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
