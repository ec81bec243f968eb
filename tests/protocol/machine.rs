//! Random sequences of changes, outside edits, faults and commands, checked against a model
//! of what must be true afterwards.
//!
//! A sequence is a list of [`Step`]s. A step that does not apply is skipped, so a failing
//! sequence shrinks by removing steps. It is printed in the form of `regressions`, and its
//! seed is written to `machine.seeds`. `MACHINE_CASES` sets the number of sequences.

mod model;
mod regressions;
mod rules;
mod run;
mod step;
mod trouble;

use std::cell::Cell;
use std::panic;
use std::sync::Once;

use proptest::prelude::*;
use proptest::test_runner::{FileFailurePersistence, RngSeed, TestError, TestRunner};

use self::run::Machine;
use self::step::{Case, case};

const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/protocol/machine.seeds");

#[test]
fn few_connections_end_as_configured() {
    hold(80, &case(1..4, 1..6));
}

#[test]
fn many_connections_end_as_configured() {
    hold(6, &case(8..31, 1..4));
}

/// Tries random cases, and panics with the shortest sequence that breaks a rule.
fn hold(cases: u32, strategy: &impl Strategy<Value = Case>) {
    let asked = std::env::var("MACHINE_CASES").ok();
    // A test run tries the same cases each time; `MACHINE_CASES` tries new ones.
    let rng_seed = asked.as_ref().map_or(RngSeed::Fixed(1), |_| RngSeed::Random);
    let cases = asked.map_or(cases, |text| text.parse().expect("MACHINE_CASES is a number"));
    let config = ProptestConfig {
        cases,
        rng_seed,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(SEEDS))),
        ..ProptestConfig::default()
    };
    let outcome = TestRunner::new(config).run(strategy, |case| {
        let reason = quietly(|| play(&case));
        reason.map_err(TestCaseError::fail)
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, case)) => panic!("{reason}\n\n{case}"),
        Err(aborted) => panic!("{aborted}"),
    }
}

/// Runs the steps of a case, then removes all faults and asserts that an apply gives the
/// configured state.
fn play(case: &Case) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime can be built").block_on(async {
        let mut machine = Machine::start(case.connections, case.quirks).await;
        for step in &case.steps {
            machine.take(step).await;
        }
        machine.settle().await;
    });
}

/// The message of a panic, which is not printed: shrinking panics often.
fn quietly(act: impl FnOnce()) -> Result<(), String> {
    thread_local!(static QUIET: Cell<bool> = const { Cell::new(false) });
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                usual(info);
            }
        }));
    });
    QUIET.set(true);
    let outcome = panic::catch_unwind(panic::AssertUnwindSafe(act));
    QUIET.set(false);
    outcome.map_err(|panic| match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(panic) => (*panic.downcast_ref::<&str>().unwrap_or(&"a panic without a text")).into(),
    })
}
