//! The sides of a comparison at the same command, in turns.

use std::time::Duration;

use xtask_emulator::Emulator;
use xtask_step::console::say;
use xtask_step::outcome::Outcome;

use super::Bench;
use super::command::Command;
use super::report::{Report, Row};
use super::samples::{Samples, seconds};
use super::side::Side;
use super::target::{self, counted};

/// The sides, and the server of ours.
#[derive(Debug)]
pub(super) struct Sides {
    pub(super) floor: Side,
    /// The limit that no provider with our attributes gets below.
    pub(super) smallest: Side,
    pub(super) ours: Side,
    pub(super) emulator: Emulator,
}

impl Sides {
    pub(super) async fn prepare(bench: &Bench, name: &str) -> Outcome<Self> {
        let emulator = Emulator::start(&bench.emulator, &bench.interrupt).await?;
        emulator.answer_after(Duration::from_millis(bench.options.latency)).await?;
        let floor = Side::floor(bench, &format!("{name}-floor")).await?;
        let program = bench.smallest().await?;
        let smallest = Side::smallest(bench, &format!("{name}-smallest"), &program).await?;
        let ours = Side::ours(bench, &format!("{name}-ours"), &bench.provider, &emulator).await?;
        Ok(Self { floor, smallest, ours, emulator })
    }
}

/// The rounds of one command on so many objects.
#[derive(Debug)]
pub(super) struct Race {
    command: Command,
    objects: usize,
    floor: Samples,
    smallest: Samples,
    ours: Samples,
    /// In the round that had most of them.
    requests: usize,
    connections: usize,
}

impl Race {
    pub(super) fn new(command: Command, objects: usize) -> Self {
        let [floor, smallest, ours] = [(); 3].map(|()| Samples::default());
        Self { command, objects, floor, smallest, ours, requests: 0, connections: 0 }
    }

    /// One more round.
    pub(super) async fn round(&mut self, sides: &Sides) -> Outcome {
        self.floor.push(sides.floor.run(self.command, self.objects).await?);
        self.smallest.push(sides.smallest.run(self.command, self.objects).await?);
        sides.emulator.forget_traffic().await?;
        self.ours.push(sides.ours.run(self.command, self.objects).await?);
        let traffic = sides.emulator.traffic().await?;
        self.requests = self.requests.max(usize::try_from(traffic.requests)?);
        self.connections = self.connections.max(usize::try_from(traffic.tcp_connections)?);
        Ok(())
    }

    /// Adds what the rounds have shown.
    pub(super) fn report(self, report: &mut Report) {
        let Self { command, objects, floor, smallest, ours, requests, connections } = self;
        say(&format!("`{command}`: floor {floor}, smallest {smallest}, ours {ours}"));
        let title = title(command, objects);
        let target = target::of(command, objects);
        let limits = [
            ("requests", requests, target.requests),
            ("connections", connections, target.connections),
        ];
        for (what, count, limit) in limits {
            report.limit(&format!("{what} of {title}"), count, limit.unwrap_or(usize::MAX));
        }
        report.row(Row {
            what: format!("{title} ({})", times(floor.count())),
            floor: seconds(floor.median()),
            smallest: format!("{}, {:.2} x", seconds(smallest.median()), smallest.ratio_to(&floor)),
            ours: [
                seconds(ours.median()),
                counted(requests, "request"),
                counted(connections, "connection"),
            ]
            .join(", "),
            ratio: Some(ours.ratio_to(&floor)),
            target: target.shown(),
        });
    }
}

/// A command on so many objects, as the table names it.
pub(super) fn title(command: Command, objects: usize) -> String {
    let what = match command {
        Command::Validate | Command::Destroy => "",
        Command::Plan => ", no change",
        Command::Apply => " to create",
    };
    format!("`{command}`, {}{what}", counted(objects, "object"))
}

fn times(rounds: usize) -> String {
    if rounds == 1 { "once".to_owned() } else { format!("median of {rounds}") }
}
