//! The rules in force: their choice of requests, and the counts of each.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::{HeaderMap, Method};
use fastrand::Rng;
use jiff::Timestamp;
use serde::Serialize;

use super::effect::{Announce, Answer, Effect, InvalidFault, RateLimit, When};
use super::fault::Fault;
use crate::clock::{Clock, later};

/// The faults of one emulator; its clones share the same rules.
///
/// For each request the rules are tried in the order in which they were added.
/// Delays add up; the first rule that does anything else is the last one tried.
/// Requests to the control API meet none.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Vec<Standing>>>);

/// A rule in force.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StandingFault {
    /// Counts from 1 in the order of adding, and from 1 again once the rules are
    /// removed.
    pub id: u64,
    /// The number of requests with the method and the path.
    pub matched: u64,
    /// The number of them to which the effect was applied.
    pub fired: u64,
    /// The rule itself.
    pub rule: Fault,
}

/// The effect of a rule on a request.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Played {
    /// The id of the rule.
    pub rule: u64,
    /// Its effect.
    pub fault: Effect,
}

/// The effects of all rules on one request.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) before: Duration,
    pub(crate) after: Duration,
    /// The effect besides delays.
    pub(crate) effect: Option<Effect>,
    /// Headers for the response, whichever it will be.
    pub(crate) headers: HeaderMap,
    pub(crate) played: Vec<Played>,
}

#[derive(Debug)]
struct Standing {
    shown: StandingFault,
    draws: Rng,
    window: Option<Window>,
}

/// The open window of a limit.
#[derive(Debug)]
struct Window {
    ends: Timestamp,
    used: u32,
}

impl Faults {
    /// Adds a rule behind those in force and returns its id.
    ///
    /// # Panics
    ///
    /// When [`Fault::check`] refuses the rule.
    pub fn add(&self, fault: Fault) -> u64 {
        match self.try_add(fault) {
            Ok(added) => added.id,
            Err(invalid) => panic!("{invalid}"),
        }
    }

    /// Adds a rule, unless [`Fault::check`] refuses it.
    pub(crate) fn try_add(&self, fault: Fault) -> Result<StandingFault, InvalidFault> {
        fault.check()?;
        let mut rules = self.rules();
        // Rules are removed only all at once, so their number gives the next id.
        let shown = StandingFault { id: rules.len() as u64 + 1, matched: 0, fired: 0, rule: fault };
        // With the id, so that two rules of one seed draw apart.
        let draws = Rng::with_seed(shown.rule.seed.wrapping_add(shown.id));
        rules.push(Standing { shown: shown.clone(), draws, window: None });
        Ok(shown)
    }

    /// The rules in force, in their order.
    pub fn list(&self) -> Vec<StandingFault> {
        self.rules().iter().map(|standing| standing.shown.clone()).collect()
    }

    /// One rule, if it is in force.
    pub fn get(&self, id: u64) -> Option<StandingFault> {
        self.list().into_iter().find(|standing| standing.id == id)
    }

    /// Removes every rule.
    pub fn clear(&self) {
        self.rules().clear();
    }

    /// Tries the rules on a request.
    pub(crate) fn plan(&self, method: &Method, path: &str, clock: &Clock) -> Plan {
        let mut plan = Plan::default();
        for standing in self.rules().iter_mut() {
            if plan.effect.is_none() && standing.picks(method, path) {
                standing.act(&mut plan, clock);
            }
        }
        plan
    }

    fn rules(&self) -> MutexGuard<'_, Vec<Standing>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Standing {
    /// Counts a request that has the method and the path. Returns true if the rule
    /// picks it.
    fn picks(&mut self, method: &Method, path: &str) -> bool {
        let StandingFault { matched, fired, rule, .. } = &mut self.shown;
        if !rule.matches(method, path) {
            return false;
        }
        let earlier = *matched;
        *matched += 1;
        let in_turn = match rule.times {
            Some(times) => earlier >= rule.skip && *fired < times,
            None => earlier >= rule.skip,
        };
        in_turn && rule.probability.is_none_or(|probability| self.draws.f64() < probability)
    }

    fn act(&mut self, plan: &mut Plan, clock: &Clock) {
        let effect = self.shown.rule.effect.clone();
        match &effect {
            Effect::Delay { milliseconds, when } => {
                let sum = match when {
                    When::Before => &mut plan.before,
                    When::After => &mut plan.after,
                };
                *sum = sum.saturating_add(Duration::from_millis(*milliseconds));
            }
            Effect::RateLimit(limit) => match self.admit(limit, clock.now(), plan) {
                Some(refusal) => plan.effect = Some(refusal),
                None => return,
            },
            other => plan.effect = Some(other.clone()),
        }
        self.shown.fired += 1;
        plan.played.push(Played { rule: self.shown.id, fault: effect });
    }

    /// Takes one request out of the window, or returns the refusal.
    fn admit(&mut self, limit: &RateLimit, now: Timestamp, plan: &mut Plan) -> Option<Effect> {
        let window = self.window.get_or_insert(Window { ends: now, used: 0 });
        if now >= window.ends {
            let ends = later(now, Duration::from_millis(limit.milliseconds));
            *window = Window { ends, used: 0 };
        }
        let is_refused = window.used >= limit.requests;
        if !is_refused {
            window.used += 1;
        }
        let seconds = whole_seconds(now, window.ends);
        if limit.announce == Announce::Everything {
            let left = limit.requests - window.used;
            plan.headers.insert("x-ratelimit-limit", limit.requests.into());
            plan.headers.insert("x-ratelimit-remaining", left.into());
            plan.headers.insert("x-ratelimit-reset", seconds.into());
        }
        if !is_refused {
            return None;
        }
        let refusal = Answer::status(429);
        Some(Effect::Answer(match limit.announce {
            Announce::Nothing => refusal,
            Announce::Everything => refusal.header("retry-after", seconds.to_string()),
        }))
    }
}

/// The seconds from one time to a later one, rounded up so that a client that waits
/// for them is not early.
fn whole_seconds(from: Timestamp, to: Timestamp) -> u64 {
    let left = to.duration_since(from).unsigned_abs();
    left.as_secs() + u64::from(left.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lets_two_rules_of_one_seed_draw_apart() {
        let faults = Faults::default();
        let ids = [0, 1].map(|_| faults.add(Fault::delay(Duration::ZERO).probability(0.5)));
        let plans = (0..200).map(|_| faults.plan(&Method::GET, "/a", &Clock::system()).played);
        let alone = plans.filter(|played| played.len() == 1).count();
        assert!(alone > 50, "{ids:?} fired alone {alone} times in 200");
    }

    #[test]
    fn adds_delays_without_a_bound() {
        let faults = Faults::default();
        for _ in 0..2 {
            faults.add(Fault::delay(Duration::MAX));
        }
        let plan = faults.plan(&Method::GET, "/a", &Clock::system());
        assert!(plan.after >= Duration::from_millis(u64::MAX) && plan.effect.is_none());
    }
}
