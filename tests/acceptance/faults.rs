//! Faults between Terraform, the provider and the API, for every operation.
//!
//! `matrix` is the table of operations and faults, with its columns in `column` and its
//! rows in `operation`. The other modules are about more than one response.

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

/// Asserts that the plan is empty. Does not show the plan, which may have secrets.
async fn assert_settled(world: &World, options: &[&str]) {
    let plan = ["plan", "-json", "-detailed-exitcode", "-out=saved.tfplan"];
    let run = world.run(&[&plan[..], options].concat()).await;
    assert!(run.status.success(), "{}", run.shown());
}
