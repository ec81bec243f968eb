//! What can go wrong between Terraform, the provider and the API, for every
//! operation.
//!
//! The table of operations and faults is `matrix`, its columns are in `column`,
//! its rows in `operation`. The other modules are about more than one answer.

mod column;
mod concurrent_apply;
mod ended;
mod many_objects;
mod matrix;
mod operation;
mod unwritten;

use crate::cli::Run;
use crate::world::World;

/// The import blocks that the errors of a run ask for.
fn import_blocks(run: &Run) -> Vec<String> {
    let errors = run.diagnostics().into_iter().filter(|each| each.is_error);
    errors.filter_map(|each| import_block(&each.detail)).collect()
}

fn import_block(text: &str) -> Option<String> {
    let block = &text[text.find("import {")?..];
    Some(format!("{}\n", &block[..block.find("\n}")? + 2]))
}

/// Plans, and asserts that the plan is empty. It is not shown, so that no secret of the
/// state is shown.
async fn nothing_is_left(world: &World, options: &[&str]) {
    let plan = ["plan", "-json", "-detailed-exitcode", "-out=saved.tfplan"];
    let run = world.run(&[&plan[..], options].concat()).await;
    assert!(run.status.success(), "{}", run.shown());
}
