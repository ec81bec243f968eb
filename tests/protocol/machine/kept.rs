//! Sequences that once broke a rule, by what was wrong.

use super::play;
use super::step::{Case, Change, Command, Edit, Quirks, Shape, Step};

use Step::{Outside, Run, Write};

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
