//! Creating many objects at once, and destroying them.

use xtask_step::console::heading;
use xtask_step::outcome::Outcome;

use super::Bench;
use super::command::Command;
use super::race::{Race, Sides};
use super::report::{Report, thousands};
use super::target::counted;

/// Terraform's own time grows with the square of the number: of ten thousand it
/// would take most of an hour.
const MOST: usize = 1000;

/// Measures both at the largest size that is asked for and does not take too
/// long.
pub(super) async fn measure(bench: &Bench, report: &mut Report) -> Outcome {
    let sizes = bench.sizes();
    let (bearable, too_many): (Vec<usize>, Vec<usize>) =
        sizes.into_iter().partition(|objects| *objects <= MOST);
    if !too_many.is_empty() {
        report.note(format!(
            "`apply` and `destroy` are not measured above {} objects: the time that Terraform \
             itself takes grows with the square of their number.",
            thousands(MOST)
        ));
    }
    let Some(objects) = bearable.last().copied() else { return Ok(()) };
    heading(&format!("Apply and destroy of {}", counted(objects, "object")));
    let sides = Sides::prepare(bench, "changes").await?;
    let mut apply = Race::new(Command::Apply, objects);
    let mut destroy = Race::new(Command::Destroy, objects);
    for _ in 0..bench.rounds(objects) {
        apply.round(&sides).await?;
        destroy.round(&sides).await?;
    }
    apply.report(report);
    destroy.report(report);
    Ok(())
}
