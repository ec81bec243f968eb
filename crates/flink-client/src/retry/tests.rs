//! The policy's decisions, one table each.

use proptest::prelude::*;

use super::*;

const NOON: &str = "Sun, 06 Nov 1994 12:00:00 GMT";

fn refused(status: u16) -> Outcome {
    Outcome::Refused { status, asked: None }
}

fn asked(status: u16, seconds: u64) -> Outcome {
    Outcome::Refused { status, asked: Some(Duration::from_secs(seconds)) }
}

fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    let pair = |(name, value): &(&'static str, &'static str)| {
        (http::HeaderName::from_static(name), http::HeaderValue::from_static(value))
    };
    pairs.iter().map(pair).collect()
}

fn again(repeat: Repeat, outcome: Outcome) -> bool {
    RetryPolicy::default().next_wait(repeat, outcome, 1, 0.5).is_some()
}

#[test]
fn repeats_what_may_be_repeated() {
    let transient = [
        Outcome::NotSent,
        Outcome::NoResponse,
        refused(429),
        refused(500),
        refused(502),
        refused(503),
        refused(504),
        refused(599),
    ];
    for outcome in transient {
        assert!(again(Repeat::Freely, outcome), "{outcome:?}");
    }
    for status in [400, 401, 403, 404, 408, 409, 422, 501] {
        assert!(!again(Repeat::Freely, refused(status)), "{status}");
    }
}

#[test]
fn repeats_other_requests_only_when_nothing_was_done() {
    for outcome in [Outcome::NotSent, refused(429), asked(429, 1), asked(503, 1)] {
        assert!(again(Repeat::OnlyIfUnprocessed, outcome), "{outcome:?}");
    }
    let doubtful = [Outcome::NoResponse, refused(500), refused(503), asked(500, 1)];
    for outcome in doubtful {
        assert!(!again(Repeat::OnlyIfUnprocessed, outcome), "{outcome:?}");
    }
}

#[test]
fn a_server_error_leaves_the_outcome_unknown_and_a_refusal_does_not() {
    for outcome in [Outcome::NoResponse, refused(500), refused(504), asked(503, 1)] {
        assert!(outcome.may_have_worked(), "{outcome:?}");
    }
    for outcome in [Outcome::NotSent, refused(429), refused(400), refused(501)] {
        assert!(!outcome.may_have_worked(), "{outcome:?}");
    }
}

#[test]
fn stops_after_the_last_retry() {
    let policy = RetryPolicy { max_retries: 2, ..RetryPolicy::default() };
    let wait = |attempts| policy.next_wait(Repeat::Freely, Outcome::NoResponse, attempts, 0.0);
    assert_eq!(wait(1), Some(Duration::from_secs(1)));
    assert_eq!(wait(2), Some(Duration::from_secs(2)));
    assert_eq!(wait(3), None);
}

#[test]
fn doubles_its_wait_up_to_a_limit_plus_half_by_chance() {
    let policy = RetryPolicy::default();
    let waits = |chance| (1..8).map(move |n| policy.backoff(n, chance).as_secs_f64());
    assert!(waits(0.0).eq([1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]));
    assert!(waits(1.0).eq([1.5, 3.0, 6.0, 12.0, 24.0, 45.0, 45.0]));
}

#[test]
fn waits_as_long_as_the_server_asks_plus_a_spread() {
    let wait = |seconds, chance| {
        RetryPolicy::default().next_wait(Repeat::Freely, asked(429, seconds), 1, chance)
    };
    assert_eq!(wait(40, 0.0), Some(Duration::from_secs(40)));
    assert_eq!(wait(40, 1.0), Some(Duration::from_secs(41)));
    assert_eq!(wait(86_400, 0.0), Some(RetryPolicy::default().most));
}

#[test]
fn reads_the_wait_that_a_server_asks_for() {
    let now = httpdate::parse_http_date(NOON).unwrap();
    type Row = (u16, &'static [(&'static str, &'static str)], Option<u64>);
    let table: [Row; 11] = [
        (429, &[("retry-after", "7")], Some(7)),
        (503, &[("retry-after", " 0 ")], Some(0)),
        (500, &[("retry-after", "7")], None),
        (429, &[("x-ratelimit-reset", "12")], Some(12)),
        (429, &[("retry-after", "3"), ("x-ratelimit-reset", "12")], Some(3)),
        (429, &[("retry-after", "soon"), ("x-ratelimit-reset", "12")], Some(12)),
        (429, &[("retry-after", "-1")], None),
        (429, &[], None),
        (429, &[("retry-after", "Sun, 06 Nov 1994 12:00:09 GMT")], Some(9)),
        (429, &[("retry-after", "Sun, 06 Nov 1994 11:00:00 GMT")], Some(0)),
        // The server's clock is an hour behind; only the difference counts.
        (
            429,
            &[
                ("date", "Sun, 06 Nov 1994 11:00:00 GMT"),
                ("retry-after", "Sun, 06 Nov 1994 11:00:05 GMT"),
            ],
            Some(5),
        ),
    ];
    for (status, pairs, seconds) in table {
        let wait = asked_wait(status, &headers(pairs), now);
        assert_eq!(wait, seconds.map(Duration::from_secs), "{status} {pairs:?}");
    }
}

#[test]
fn random_jitter_varies_between_zero_and_one() {
    let jitter = Jitter::random();
    let draws: Vec<f64> = (0..64).map(|_| jitter.draw()).collect();
    assert!(draws.iter().all(|draw| (0.0..1.0).contains(draw)));
    assert!(draws.iter().any(|draw| *draw != draws[0]));
}

proptest! {
    #[test]
    fn keeps_waits_within_their_limits(
        attempts in 1_u32..1_000,
        chance in 0.0_f64..1.0,
        first in 0_u64..100_000,
        longest in 0_u64..100_000,
        most in 0_u64..100_000,
    ) {
        let policy = RetryPolicy {
            max_retries: u32::MAX,
            first: Duration::from_millis(first),
            longest: Duration::from_millis(longest),
            most: Duration::from_millis(most),
        };
        let wait = policy.backoff(attempts, chance);
        prop_assert!(wait >= policy.backoff(attempts, 0.0));
        let limit = policy.longest.mul_f64(1.5).min(policy.most);
        prop_assert!(wait <= limit + Duration::from_nanos(2), "{wait:?} is more than {limit:?}");
    }
}
