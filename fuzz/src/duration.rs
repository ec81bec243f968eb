//! Durations, as in settings such as `max_retry_wait`.

use std::time::Duration;

use tf_provider::schema::parse_duration;

/// Parses a duration.
pub fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let Some(duration) = parse_duration(text) else { return };
    assert!(duration <= Duration::from_secs(100 * 366 * 86_400), "{text:?} is {duration:?}");
    if duration.subsec_nanos() == 0 {
        assert_eq!(parse_duration(&format!("{}s", duration.as_secs())), Some(duration), "{text:?}");
    }
    // Another part can follow a unit.
    if text.trim_start_matches('+') != "0"
        && let Some(longer) = parse_duration(&format!("{text}1h"))
    {
        let added = longer.abs_diff(duration + Duration::from_secs(3600));
        assert!(added < Duration::from_micros(1), "{text:?} and an hour is {longer:?}");
    }
}
