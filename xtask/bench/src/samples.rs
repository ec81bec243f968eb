//! Times of one command, and what is said of them.

use std::fmt;
use std::time::Duration;

/// At least one time, in the order of measuring.
#[derive(Clone, Debug, Default)]
pub(super) struct Samples(Vec<Duration>);

impl Samples {
    pub(super) fn push(&mut self, time: Duration) {
        self.0.push(time);
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    pub(super) fn median(&self) -> Duration {
        self.percentile(50)
    }

    /// The smallest time that so many percent do not exceed.
    pub(super) fn percentile(&self, percent: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort();
        let rank = (sorted.len() * percent).div_ceil(100).max(1);
        sorted.get(rank - 1).copied().unwrap_or_default()
    }

    /// How many times as long these took as those of `floor`: the median of the
    /// rounds, each compared with itself.
    pub(super) fn ratio_to(&self, floor: &Self) -> f64 {
        let rounds = self.0.iter().zip(&floor.0);
        let mut ratios: Vec<f64> =
            rounds.map(|(ours, floor)| ours.as_secs_f64() / floor.as_secs_f64()).collect();
        ratios.sort_by(f64::total_cmp);
        ratios.get((ratios.len().max(1) - 1) / 2).copied().unwrap_or(f64::NAN)
    }
}

/// The median, and how far the others lie apart.
impl fmt::Display for Samples {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [least, median, most] = [0, 50, 100].map(|percent| seconds(self.percentile(percent)));
        write!(f, "{median} ({least} to {most})")
    }
}

/// A time with the digits that mean something.
pub(super) fn seconds(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        ..0.9995 => format!("{seconds:.3} s"),
        ..9.995 => format!("{seconds:.2} s"),
        _ => format!("{seconds:.1} s"),
    }
}

/// A short time.
pub(super) fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(milliseconds: &[u64]) -> Samples {
        Samples(milliseconds.iter().copied().map(Duration::from_millis).collect())
    }

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let times: Vec<u64> = (1..=100).rev().collect();
        let times = samples(&times);
        assert_eq!(times.median(), Duration::from_millis(50));
        assert_eq!(times.percentile(95), Duration::from_millis(95));
        assert_eq!(times.percentile(0), Duration::from_millis(1));
        assert_eq!(samples(&[7]).percentile(95), Duration::from_millis(7));
        assert_eq!(samples(&[3, 1, 2]).median(), Duration::from_millis(2));
    }

    #[test]
    fn each_round_is_compared_with_itself() {
        // In the second round the machine was ten times as slow.
        let (floor, ours) = (samples(&[10, 100, 10]), samples(&[20, 200, 30]));
        assert!((ours.ratio_to(&floor) - 2.0).abs() < 1e-9);
    }

    #[test]
    fn a_time_has_three_digits() {
        let shown = [52, 1_702, 14_304].map(|time| seconds(Duration::from_millis(time)));
        assert_eq!(shown, ["0.052 s", "1.70 s", "14.3 s"]);
        assert_eq!(milliseconds(Duration::from_micros(2_345)), "2.3 ms");
    }
}
