//! The times of one command on all sides, and its counts.

use std::time::Duration;

use xtask_step::outcome::Outcome;

use super::report::{Report, Row, counted};
use super::side::{Command, Sides};

/// The target of a command. A time is relative to the floor.
#[derive(Clone, Copy, Debug, Default)]
struct Target {
    ratio: &'static str,
    requests: Option<usize>,
    connections: Option<usize>,
}

impl Target {
    /// The target of a command on so many objects; empty for other sizes.
    fn of(command: Command, objects: usize) -> Self {
        let target =
            |ratio, requests, connections| Self { ratio, requests: Some(requests), connections };
        match (command, objects) {
            (Command::Plan, 1) => target("3 x", 1, Some(1)),
            (Command::Plan, 100) => target("2.5 x", 12, Some(10)),
            (Command::Plan, 1000) => target("1.8 x", 120, Some(10)),
            (Command::Apply, 1000) => target("1.3 x", 1010, None),
            (Command::Destroy, 1000) => target("1.2 x", 1120, None),
            _ => Self::default(),
        }
    }
}

/// The rounds of one command on so many objects. Each round runs every side once.
#[derive(Debug)]
pub(super) struct Samples {
    command: Command,
    objects: usize,
    floor: Vec<Duration>,
    smallest: Vec<Duration>,
    ours: Vec<Duration>,
    /// The most requests of a round, and the most connections.
    requests: usize,
    connections: usize,
}

impl Samples {
    pub(super) fn new(command: Command, objects: usize) -> Self {
        let (floor, smallest, ours) = Default::default();
        Self { command, objects, floor, smallest, ours, requests: 0, connections: 0 }
    }

    /// Runs another round.
    pub(super) async fn round(&mut self, sides: &Sides<'_>) -> Outcome {
        self.floor.push(sides.floor.run(self.command, self.objects).await?);
        self.smallest.push(sides.smallest.run(self.command, self.objects).await?);
        let journal = sides.emulator.journal();
        journal.clear();
        self.ours.push(sides.ours.run(self.command, self.objects).await?);
        let counts = journal.counts();
        let requests: u64 = counts.requests.values().sum();
        self.requests = self.requests.max(usize::try_from(requests)?);
        self.connections = self.connections.max(usize::try_from(counts.tcp_connections)?);
        Ok(())
    }

    /// Adds the row, and compares the counts with the target.
    pub(super) fn report(self, report: &mut Report) {
        let Self { command, objects, floor, smallest, ours, requests, connections } = self;
        let title = title(command, objects);
        let target = Target::of(command, objects);
        let mut shown = vec![target.ratio.to_owned()];
        let counts = [
            ("request", requests, target.requests),
            ("connection", connections, target.connections),
        ];
        for (what, count, limit) in counts {
            if let Some(limit) = limit {
                report.limit(&format!("{what}s of {title}"), count, limit);
                shown.push(counted(limit, what));
            }
        }
        let rounds = match floor.len() {
            1 => "once".to_owned(),
            rounds => format!("median of {rounds}"),
        };
        report.row(Row {
            what: format!("{title} ({rounds})"),
            floor: seconds(percentile(&floor, 50)),
            smallest: format!(
                "{}, {:.2} x",
                seconds(percentile(&smallest, 50)),
                ratio(&smallest, &floor)
            ),
            ours: [
                seconds(percentile(&ours, 50)),
                counted(requests, "request"),
                counted(connections, "connection"),
            ]
            .join(", "),
            ratio: format!("{:.2} x", ratio(&ours, &floor)),
            target: shown.join(", "),
        });
    }
}

/// A command on so many objects, as the table names it.
pub(super) fn title(command: Command, objects: usize) -> String {
    let suffix = match command {
        Command::Validate | Command::Destroy => "",
        Command::Plan => ", no change",
        Command::Apply => " to create",
    };
    format!("`{command}`, {}{suffix}", counted(objects, "object"))
}

/// The smallest of the times that so many percent do not exceed.
pub(super) fn percentile(times: &[Duration], percent: usize) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort();
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}

/// The median of the rounds' own ratios. A slow round slows both of its times.
fn ratio(ours: &[Duration], floor: &[Duration]) -> f64 {
    let rounds = ours.iter().zip(floor);
    let mut ratios: Vec<f64> =
        rounds.map(|(ours, floor)| ours.as_secs_f64() / floor.as_secs_f64()).collect();
    ratios.sort_by(f64::total_cmp);
    ratios.get((ratios.len().max(1) - 1) / 2).copied().unwrap_or(f64::NAN)
}

/// A time in seconds.
fn seconds(time: Duration) -> String {
    format!("{:.3} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(milliseconds: impl IntoIterator<Item = u64>) -> Vec<Duration> {
        milliseconds.into_iter().map(Duration::from_millis).collect()
    }

    #[test]
    fn percentiles_are_measured_times() {
        let hundred = times((1..=100).rev());
        assert_eq!(percentile(&hundred, 50), Duration::from_millis(50));
        assert_eq!(percentile(&hundred, 95), Duration::from_millis(95));
        assert_eq!(percentile(&times([7]), 95), Duration::from_millis(7));
    }

    #[test]
    fn compares_each_round_with_itself() {
        // In the second round the machine was ten times as slow.
        let (floor, ours) = (times([10, 100, 10]), times([20, 200, 30]));
        assert!((ratio(&ours, &floor) - 2.0).abs() < 1e-9);
    }
}
