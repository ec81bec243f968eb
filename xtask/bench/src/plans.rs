//! Plans of objects that have not changed: what people wait for most often.

use xtask_emulator::Connection;
use xtask_step::console::heading;
use xtask_step::outcome::Outcome;

use super::Bench;
use super::command::Command;
use super::race::{Race, Sides, title};
use super::report::{Report, Row, thousands};
use super::state::{Swaps, Template};
use super::target::{self, counted};
use super::watch::{self, Watched};

/// The most objects that are planned without having been asked for.
const USUAL: usize = 1000;

/// Measures the plan of each size.
pub(super) async fn measure(bench: &Bench, report: &mut Report) -> Outcome {
    if bench.sizes().iter().all(|objects| *objects <= USUAL) {
        report.note(format!(
            "Plans of more than {} objects are measured where `--objects` asks for them: Terraform \
             alone takes about a minute to plan 10,000 `terraform_data`.",
            thousands(USUAL)
        ));
    }
    let mut field = Field::prepare(bench).await?;
    for objects in bench.sizes() {
        heading(&format!("Plan of {}", counted(objects, "object")));
        field.grow(objects).await?;
        // First, so that it also warms the machine up for the rounds.
        let peak = field.peak(objects).await?;
        let mut race = Race::new(Command::Plan, objects);
        for _ in 0..bench.rounds(objects) {
            race.round(&field.sides).await?;
        }
        race.report(report);
        if let Some(peak) = peak {
            report.row(Row {
                what: format!("peak memory of {}", title(Command::Plan, objects)),
                ours: watch::mebibytes(peak),
                target: target::peak_memory(objects).to_owned(),
                ..Row::default()
            });
        }
    }
    Ok(())
}

/// The sides, with as many objects in their states and on the server.
#[derive(Debug)]
struct Field {
    sides: Sides,
    watched: Option<Watched>,
    floor: Template,
    smallest: Template,
    ours: Template,
    first: Connection,
    others: Vec<Connection>,
}

impl Field {
    /// Creates one object on each side.
    async fn prepare(bench: &Bench) -> Outcome<Self> {
        let sides = Sides::prepare(bench, "plan").await?;
        let watched = match watch::IS_POSSIBLE {
            true => Some(Watched::prepare(bench, "plan-watched", &sides.emulator).await?),
            false => None,
        };
        let floor = Template::create(&sides.floor).await?;
        let smallest = Template::create(&sides.smallest).await?;
        let ours = Template::create(&sides.ours).await?;
        let first = sides.emulator.connection(ours.attribute("name")).await?;
        Ok(Self { sides, watched, floor, smallest, ours, first, others: Vec::new() })
    }

    /// Sees to it that each side has so many objects.
    async fn grow(&mut self, objects: usize) -> Outcome {
        for index in self.others.len() + 1..objects {
            self.others.push(self.sides.emulator.insert_like(&self.first, &name(index)).await?);
        }
        let id = self.floor.attribute("id");
        let swaps = (1..objects).map(|index| {
            let other = format!("00000000-0000-4000-8000-{index:012}");
            vec![(id.to_owned(), other), (name(0), name(index))]
        });
        self.floor.write(&self.sides.floor.state(), swaps)?;
        let first = self.smallest.attribute("name");
        let swaps = (1..objects).map(|index| vec![(first.to_owned(), name(index))]);
        self.smallest.write(&self.sides.smallest.state(), swaps)?;
        let watched = self.watched.as_ref().map(|watched| &watched.side);
        for side in [Some(&self.sides.ours), watched].into_iter().flatten() {
            let swaps = self.others.iter().map(|other| self.swaps(other));
            self.ours.write(&side.state(), swaps)?;
        }
        Ok(())
    }

    /// What a connection has in place of the first one's.
    fn swaps(&self, other: &Connection) -> Swaps {
        let own = |one: &Connection| {
            [one.name(), one.uid(), one.resource_version(), one.created_at()].map(str::to_owned)
        };
        own(&self.first).into_iter().zip(own(other)).collect()
    }

    /// The most memory that the provider takes, where the system tells.
    async fn peak(&self, objects: usize) -> Outcome<Option<u64>> {
        match &self.watched {
            Some(watched) => Ok(watched.run(Command::Plan, objects).await?.peak),
            None => Ok(None),
        }
    }
}

/// The name of a connection, as the configurations have it.
fn name(index: usize) -> String {
    format!("connection-{index}")
}
