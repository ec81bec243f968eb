//! The policy's decisions, one table each.

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

#[test]
fn repeats_by_the_outcome_and_the_kind_of_request() {
    use Outcome::{KeyTooNew, NoResponse, NotSent};
    // (outcome, repeats any request, repeats a create, may have worked)
    for (outcome, any, create, unknown) in [
        (NotSent, true, true, false),
        (KeyTooNew, true, true, false),
        (NoResponse, true, false, true),
        (refused(429), true, true, false),
        (asked(429, 1), true, true, false),
        (refused(503), true, false, true),
        (asked(503, 1), true, true, true),
        (asked(500, 1), true, false, true),
        (refused(504), true, false, true),
        (refused(599), true, false, true),
        (refused(501), false, false, false),
        (refused(400), false, false, false),
        (refused(401), false, false, false),
        (refused(408), false, false, false),
        (refused(409), false, false, false),
    ] {
        let again = |repeat| RetryPolicy::default().next_wait(repeat, outcome, 1, 0.5).is_some();
        let shown =
            [again(Repeat::Freely), again(Repeat::OnlyIfUnprocessed), outcome.may_have_worked()];
        assert_eq!(shown, [any, create, unknown], "{outcome:?}");
    }
}

#[test]
fn doubles_its_wait_up_to_a_limit_plus_half_by_chance() {
    let policy = RetryPolicy::default();
    let waits = |chance| (1..8).map(move |n| policy.backoff(n, chance).as_secs_f64());
    assert!(waits(0.0).eq([1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]));
    assert!(waits(1.0).eq([1.5, 3.0, 6.0, 12.0, 24.0, 45.0, 45.0]));
    let brief = RetryPolicy { most: Duration::from_secs(9), ..policy };
    assert_eq!(brief.backoff(1_000, 0.0), Duration::from_secs(6));
    assert_eq!(brief.backoff(1_000, 1.0), Duration::from_secs(9));
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
