//! Plans of objects that have not changed: the command that people wait for most often.

use flink_emulator::{Connections, NewConnection, StoredConnection};
use xtask_step::console::heading;
use xtask_step::outcome::{Outcome, fail};

use super::bench::Bench;
use super::process::{Watched, mebibytes};
use super::report::{Report, counted};
use super::samples::{Samples, title};
use super::side::{Command, Sides};
use super::state::{Swaps, Template};

/// Measures the plan of each size.
pub(super) async fn measure(bench: &Bench, report: &mut Report) -> Outcome {
    let mut field = Field::prepare(bench).await?;
    for &objects in &bench.options.objects {
        heading(&format!("Plan of {}", counted(objects, "object")));
        field.grow(objects)?;
        // The watched run comes first, so that it also warms up the machine.
        let peak = match &field.watched {
            Some(watched) => watched.run(Command::Plan, objects).await?.peak,
            None => None,
        };
        let mut samples = Samples::new(Command::Plan, objects);
        for _ in 0..bench.options.rounds(objects) {
            samples.round(&field.sides).await?;
        }
        samples.report(report);
        if let Some(peak) = peak {
            let what = format!("peak memory of {}", title(Command::Plan, objects));
            let target = if objects == 1000 { "24 MiB" } else { "" };
            report.ours(what, mebibytes(peak), target);
        }
    }
    Ok(())
}

/// The sides, with as many objects in their states and on the server.
#[derive(Debug)]
struct Field<'a> {
    sides: Sides<'a>,
    watched: Option<Watched<'a>>,
    floor: Template,
    smallest: Template,
    ours: Template,
    connections: Connections,
    first: StoredConnection,
    others: Vec<StoredConnection>,
}

impl<'a> Field<'a> {
    /// Creates one object on each side.
    async fn prepare(bench: &'a Bench) -> Outcome<Self> {
        let sides = Sides::prepare(bench, "plan").await?;
        let watched = Watched::prepare(bench, "plan-watched", &sides.emulator).await?;
        let floor = Template::create(&sides.floor).await?;
        let smallest = Template::create(&sides.smallest).await?;
        let ours = Template::create(&sides.ours).await?;
        let Some(first) = sides.emulator.all_connections().pop() else {
            return fail("the server has no connection after an apply");
        };
        let connections = sides.emulator.connections(&first.place);
        Ok(Self { sides, watched, floor, smallest, ours, connections, first, others: Vec::new() })
    }

    /// Adds objects until each side has so many.
    fn grow(&mut self, objects: usize) -> Outcome {
        for index in self.others.len() + 1..objects {
            let StoredConnection { connection_type, endpoint, .. } = &self.first;
            let new = NewConnection::new(name(index), connection_type, endpoint);
            self.others.push(self.connections.insert(new.credential("API_KEY", "any"))?);
        }
        let id = self.floor.attribute("id");
        let swaps = (1..objects).map(|index| {
            let other = format!("00000000-0000-4000-8000-{index:012}");
            vec![(id.to_owned(), other), (name(0), name(index))]
        });
        self.floor.write(&self.sides.floor.state(), swaps)?;
        let swaps = (1..objects).map(|index| vec![(name(0), name(index))]);
        self.smallest.write(&self.sides.smallest.state(), swaps)?;
        let watched = self.watched.as_ref().map(|watched| &watched.side);
        for side in [Some(&self.sides.ours), watched].into_iter().flatten() {
            self.ours.write(&side.state(), self.others.iter().map(|other| self.swaps(other)))?;
        }
        Ok(())
    }

    /// The texts of the first connection with those of another.
    fn swaps(&self, other: &StoredConnection) -> Swaps {
        let texts = |one: &StoredConnection| {
            let created_at = one.created_at.to_string();
            [one.name.clone(), one.uid.clone(), one.resource_version.clone(), created_at]
        };
        texts(&self.first).into_iter().zip(texts(other)).collect()
    }
}

/// The name of a connection, as the configurations have it.
fn name(index: usize) -> String {
    format!("connection-{index}")
}
