//! Sequences that once broke a rule, by what was wrong.

use super::play;
use super::step::Step::{Break, Outside, Run, Write};
use super::step::{Case, Change, Command, Edit, Quirks, Shape, Step};
use super::trouble::{On, Trouble, What, When};

fn holds(steps: Vec<Step>) {
    play(&Case { connections: 1, quirks: Quirks::NONE, steps });
}

#[test]
fn a_replacement_that_the_state_has_lost_is_known_for_one() {
    holds(vec![Run(Command::Apply), Write(0, Change::Move), Run(Command::ApplyKilled)]);
}

#[test]
fn where_the_configuration_follows_a_stranger_the_credentials_are_sent() {
    let remake = Outside(0, Edit::Remake(Shape::Elsewhere));
    holds(vec![Run(Command::Apply), remake, Write(0, Change::Move)]);
}

#[test]
fn an_object_that_was_made_again_since_the_plan_breaks_no_promise() {
    let remake = Edit::Remake(Shape::Alike);
    holds(vec![Run(Command::Apply), Outside(0, remake), Run(Command::ApplyAfter(0, remake))]);
}

#[test]
fn a_bare_404_is_no_proof_of_a_deletion() {
    let nobody = Trouble { what: What::Bare(404), on: On::Delete, when: When::Once(0) };
    holds(vec![Run(Command::Apply), Break(nobody), Run(Command::Destroy)]);
}
