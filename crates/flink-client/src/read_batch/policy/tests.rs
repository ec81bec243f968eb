//! The rules of the policy, against a plain server that keeps its history.

use std::collections::{BTreeMap, HashMap};

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// One thing that happens. Names are small numbers.
#[derive(Clone, Debug)]
enum Event {
    Read(u8),
    /// A third party makes, changes or deletes an object.
    Edit(u8, bool),
    /// This process begins or ends a write, whichever is next.
    Write(u8),
    /// The page under way comes, as it was at this share of its time.
    Page(f64),
    Failure,
    Pass(u16),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let name = 0..40_u8;
    let event = prop_oneof![
        10 => name.clone().prop_map(Event::Read),
        2 => (name.clone(), any::<bool>()).prop_map(|(name, there)| Event::Edit(name, there)),
        2 => name.prop_map(Event::Write),
        4 => (0.0..=1.0).prop_map(Event::Page),
        1 => Just(Event::Failure),
        3 => (0..1500_u16).prop_map(Event::Pass),
        1 => (0..15_000_u16).prop_map(Event::Pass),
    ];
    vec(event, 0..250)
}

/// The version of an object at a time, or `None`.
type Version = Option<u32>;

/// A server with a past, and a process that reads from it.
struct World {
    policy: BatchPolicy<u32, usize>,
    page_size: usize,
    now: Instant,
    past: BTreeMap<u8, Vec<(Instant, Version)>>,
    versions: u32,
    page: Option<Page<usize>>,
    waiting: Vec<(u8, Read)>,
    writes: HashMap<u8, (bool, Instant)>,
    reads: u64,
    requests: u64,
}

impl World {
    fn new(page_size: usize) -> Self {
        let now = Instant::now() + FRESH * 3;
        let past = (0..30).map(|name| (name, vec![(now - FRESH * 3, Some(0))]));
        Self {
            policy: BatchPolicy::default(),
            page_size,
            now,
            past: past.collect(),
            versions: 0,
            page: None,
            waiting: Vec::new(),
            writes: HashMap::new(),
            reads: 0,
            requests: 0,
        }
    }

    fn happen(&mut self, event: &Event) {
        match *event {
            Event::Read(name) => {
                self.reads += 1;
                let read = self.policy.begin(&name.to_string(), self.now);
                self.waiting.push((name, read));
            }
            Event::Edit(name, there) => self.set(name, there),
            Event::Write(name) => self.write(name),
            Event::Page(share) => self.page_comes(share),
            Event::Failure => {
                if self.page.take().is_some() {
                    self.policy.page_failed(self.now);
                }
            }
            Event::Pass(milliseconds) => self.now += Duration::from_millis(milliseconds.into()),
        }
        if self.page.is_none() {
            self.page = self.policy.next_page(self.now);
            self.requests += u64::from(self.page.is_some());
        }
        self.settle();
    }

    fn set(&mut self, name: u8, there: bool) {
        self.versions += 1;
        let version = there.then_some(self.versions);
        self.past.entry(name).or_default().push((self.now, version));
    }

    fn write(&mut self, name: u8) {
        let (under_way, ended) = self.writes.entry(name).or_insert((false, self.now));
        *under_way = !*under_way;
        *ended = self.now;
        if *under_way {
            self.policy.write_begins(&name.to_string());
        } else {
            self.set(name, true);
            self.policy.write_ends(&name.to_string());
        }
    }

    fn page_comes(&mut self, share: f64) {
        let Some(page) = self.page.take() else { return };
        let then = page.at + (self.now - page.at).mul_f64(share);
        let from = page.rest.unwrap_or(0);
        let there = self.past.keys().filter_map(|name| Some((*name, self.at(*name, then)?)));
        let all: Vec<_> = there.collect();
        let objects: Vec<_> = all.iter().skip(from).take(self.page_size).collect();
        let next = from + self.page_size;
        let objects = objects.into_iter().map(|(name, version)| (name.to_string(), *version));
        self.policy.page_came(&page, objects, (next < all.len()).then_some(next));
    }

    fn at(&self, name: u8, then: Instant) -> Version {
        self.past.get(&name)?.iter().rev().find(|(since, _)| *since <= then)?.1
    }

    /// Lets every read do what it should.
    fn settle(&mut self) {
        for (name, mut read) in std::mem::take(&mut self.waiting) {
            match self.policy.next(&mut read, self.now) {
                Next::Wait(until) => {
                    assert!(self.now < until && until <= read.at + LONGEST_WAIT, "waits too long");
                    assert!(self.page.is_some(), "waits for nothing");
                    self.waiting.push((name, read));
                }
                Next::Ask => {
                    self.requests += 1;
                    self.policy.end(&read);
                }
                Next::Take(version) => {
                    self.check(name, &read, version);
                    self.policy.end(&read);
                }
            }
        }
    }

    /// Asserts that a request of the object could have had this result within the window.
    fn check(&self, name: u8, read: &Read, version: u32) {
        let mut since = read.at - FRESH;
        if let Some((under_way, written)) = self.writes.get(&name) {
            assert!(!under_way, "answered from a list while the object is written");
            since = since.max(*written);
        }
        let during =
            self.past[&name].iter().any(|(at, held)| *at >= since && *held == Some(version));
        assert!(
            during || self.at(name, since) == Some(version),
            "{name}: version {version} is older than the window or than our own write"
        );
    }

    fn is_economical(&self) -> bool {
        2 * self.requests <= 3 * self.reads
    }
}

proptest! {
    #[test]
    fn every_read_has_the_result_of_a_request(
        events in events(),
        page_size in 1..40_usize,
    ) {
        let mut world = World::new(page_size);
        for event in &events {
            world.happen(event);
            prop_assert!(world.is_economical(), "{} for {}", world.requests, world.reads);
        }
        world.now += LONGEST_WAIT;
        world.settle();
        prop_assert!(world.waiting.is_empty(), "a read waits for ever");
        prop_assert_eq!(world.policy.pending, 0);
    }
}

fn page_of(policy: &mut BatchPolicy<u32, usize>, now: Instant) -> Page<usize> {
    policy.next_page(now).expect("a page is worth it")
}

/// A policy with `count` pending reads.
fn asked(count: u64, now: Instant) -> BatchPolicy<u32, usize> {
    let mut policy = BatchPolicy::default();
    (0..count).for_each(|number| drop(policy.begin(&format!("other-{number}"), now)));
    policy
}

#[test]
fn reads_far_apart_begin_new_bursts() {
    let mut policy: BatchPolicy<u32, usize> = BatchPolicy::default();
    let mut now = Instant::now();
    for number in 0..20 {
        policy.begin(&number.to_string(), now);
        assert_eq!(policy.next_page(now), None);
        now += FRESH + Duration::from_millis(1);
    }
}

#[test]
fn one_page_is_in_flight_at_a_time_and_only_during_reads() {
    let now = Instant::now();
    let mut policy: BatchPolicy<u32, usize> = BatchPolicy::default();
    let reads: Vec<_> = (0..20).map(|number| policy.begin(&number.to_string(), now)).collect();
    let page = page_of(&mut policy, now);
    assert_eq!(policy.next_page(now), None);
    reads.iter().for_each(|read| policy.end(read));
    policy.page_came(&page, [], Some(100));
    assert_eq!(policy.next_page(now), None);
    policy.begin("one more", now);
    assert_eq!(page_of(&mut policy, now).rest, Some(100));
}

#[test]
fn a_finished_list_is_walked_again_when_it_is_stale() {
    let mut now = Instant::now();
    let mut policy = asked(20, now);
    let page = page_of(&mut policy, now);
    policy.page_came(&page, [], None);
    assert_eq!(policy.next_page(now), None);
    for _ in 0..2 {
        now += FRESH.mul_f64(0.6);
        policy.begin("still reading", now);
    }
    assert_eq!(page_of(&mut policy, now).rest, None);
}

#[test]
fn a_failed_list_is_retried_after_its_cooldown_and_at_most_three_times() {
    let mut now = Instant::now();
    let mut policy = asked(20, now);
    for _ in 0..MAX_FAILURES {
        let _ = page_of(&mut policy, now);
        policy.page_failed(now);
        assert_eq!(policy.next_page(now), None);
        now += LIST_COOLDOWN;
        policy.begin("still reading", now);
    }
    assert_eq!(policy.next_page(now), None);
}

#[test]
fn a_read_waits_for_one_page_and_a_limited_time() {
    let now = Instant::now();
    let mut policy = asked(20, now);
    let page = page_of(&mut policy, now);
    let (mut one, mut other) = (policy.begin("a", now), policy.begin("b", now));
    assert_eq!(policy.next(&mut one, now), Next::Wait(now + LONGEST_WAIT));
    assert_eq!(policy.next(&mut other, now), Next::Wait(now + LONGEST_WAIT));
    assert_eq!(policy.next(&mut other, now + LONGEST_WAIT), Next::Ask);
    policy.page_came(&page, [], Some(100));
    let _ = page_of(&mut policy, now);
    assert_eq!(policy.next(&mut one, now), Next::Ask);
}

#[test]
fn reads_stop_waiting_after_too_many_wasted_waits() {
    let now = Instant::now();
    let mut policy = asked(1000, now);
    let mut wasted_waits = 0;
    let waits = loop {
        let page = page_of(&mut policy, now);
        let mut read = policy.begin("unlisted", now);
        if policy.next(&mut read, now) == Next::Ask {
            break wasted_waits;
        }
        policy.page_came(&page, [], Some(100));
        assert_eq!(policy.next(&mut read, now), Next::Ask);
        wasted_waits += 1;
    };
    assert_eq!(waits, MAX_WASTED_WAITS);
}

#[test]
fn stale_objects_are_forgotten() {
    let mut now = Instant::now();
    let mut policy = asked(20, now);
    let page = page_of(&mut policy, now);
    policy.page_came(&page, [("a".to_owned(), 1)], None);
    policy.write_begins("b");
    policy.write_ends("b");
    policy.write_begins("c");
    now += FRESH * 2;
    policy.begin("much later", now);
    assert!(policy.found.is_empty());
    assert_eq!(policy.written.keys().collect::<Vec<_>>(), ["c"]);
}
