//! Sequences that once broke a rule, by what was wrong, and those that are too
//! rare to be left to chance.

use super::play;
use super::step::Step::{Break, Outside, Run, Write};
use super::step::{Case, Change, Command, Edit, Marks, Quirks, Shape, Step};
use super::trouble::{On, Trouble, What, When};
use crate::wanted::Spelling;

const APPLY: Step = Run(Command::Apply);

fn holds(steps: &[Step]) {
    play(&Case { connections: 1, quirks: Quirks::NONE, steps: steps.to_vec() });
}

fn once(what: What, on: On) -> Step {
    Break(Trouble { what, on, when: When::Once(0) })
}

fn always(what: What, on: On) -> Step {
    Break(Trouble { what, on, when: When::Always })
}

#[test]
fn a_replacement_that_the_state_has_lost_is_known_for_one() {
    holds(&[APPLY, Write(0, Change::Move), Run(Command::ApplyKilled)]);
}

#[test]
fn where_the_configuration_follows_a_stranger_the_credentials_are_sent() {
    let remake = Edit::Remake(Shape::Elsewhere);
    holds(&[APPLY, Outside(0, remake), Write(0, Change::Move)]);
}

#[test]
fn an_object_that_was_made_again_since_the_plan_breaks_no_promise() {
    let remake = Edit::Remake(Shape::Alike);
    holds(&[APPLY, Outside(0, remake), Run(Command::ApplyAfter(0, remake))]);
}

#[test]
fn a_bare_404_is_no_proof_of_a_deletion() {
    holds(&[APPLY, once(What::Bare(404), On::Delete), Run(Command::Destroy)]);
}

#[test]
fn a_page_is_no_proof_of_a_deletion() {
    holds(&[APPLY, once(What::Page(200), On::Delete), Run(Command::Destroy)]);
}

#[test]
fn a_deletion_without_an_answer_is_no_proof_of_one() {
    holds(&[APPLY, always(What::DropBefore, On::Delete), Run(Command::Destroy)]);
}

#[test]
fn a_403_is_no_proof_of_absence() {
    for refusal in [What::Refuse(403), What::Page(403), What::Bare(403)] {
        holds(&[APPLY, always(refusal, On::Get), Run(Command::Refresh)]);
    }
}

#[test]
fn a_page_is_no_proof_of_an_update() {
    let rotate = Write(0, Change::Rotate(1));
    holds(&[APPLY, rotate, always(What::Page(200), On::Put), APPLY]);
}

#[test]
fn a_stranger_is_not_taken_for_what_a_lost_request_has_made() {
    for shape in [Shape::Alike, Shape::Elsewhere] {
        holds(&[Outside(0, Edit::Make(shape)), once(What::DropBefore, On::Post), APPLY]);
    }
}

#[test]
fn a_stranger_is_not_taken_for_what_a_page_says_to_be_made() {
    let page = always(What::Page(200), On::Post);
    holds(&[Outside(0, Edit::Make(Shape::Alike)), page, APPLY]);
}

#[test]
fn what_a_lost_request_has_made_is_in_the_state() {
    holds(&[once(What::DropAfter, On::Post), always(What::Refuse(500), On::Put), APPLY]);
}

#[test]
fn a_stranger_is_not_taken_for_what_a_creation_in_doubt_has_made() {
    let dead = always(What::DropBefore, On::Any);
    let stranger = Run(Command::ApplyAfter(0, Edit::Make(Shape::Alike)));
    holds(&[dead, stranger]);
}

#[test]
fn what_a_creation_in_doubt_has_made_is_found() {
    let deaf = always(What::DropAfter, On::Any);
    holds(&[deaf, APPLY]);
    holds(&[deaf, APPLY, Step::Mend, Run(Command::Destroy)]);
}

#[test]
fn a_lost_request_is_made_good() {
    let rotate = Write(0, Change::Rotate(1));
    for lost in [What::DropBefore, What::DropAfter, What::RefuseAfter(502), What::Cut] {
        holds(&[once(lost, On::Post), APPLY, rotate, once(lost, On::Put), APPLY]);
    }
}

#[test]
fn nobody_is_blamed_for_an_update_of_ours_without_an_answer() {
    let lost = always(What::DropAfter, On::Put);
    holds(&[APPLY, Write(0, Change::Rotate(1)), lost, APPLY, Write(0, Change::Rotate(0))]);
}

#[test]
fn an_update_without_an_answer_is_not_forgotten_over_the_next_one() {
    let [lost, refused] = [once(What::DropAfter, On::Put), always(What::Refuse(403), On::Put)];
    holds(&[APPLY, Write(0, Change::Rotate(1)), lost, refused, APPLY]);
}

#[test]
fn a_version_that_moves_after_the_plan_does_not_stop_an_update() {
    let edited = Run(Command::ApplyAfter(0, Edit::Rotate));
    holds(&[APPLY, Write(0, Change::Rotate(1)), edited]);
}

#[test]
fn write_only_credentials_without_a_version_are_sent_to_what_was_imported() {
    let unsent = Write(0, Change::Spell(Spelling::WriteOnly));
    holds(&[Outside(0, Edit::Make(Shape::Alike)), Run(Command::Import(0)), unsent]);
}

#[test]
fn a_change_is_told_once_where_there_is_nothing_to_repair_with() {
    let drop = Write(0, Change::Spell(Spelling::Dropped));
    let say = Outside(0, Edit::Say("PENDING", Marks::VersionAndTime));
    let spell = Write(0, Change::Spell(Spelling::WriteOnly));
    holds(&[spell, APPLY, drop, say, Run(Command::Refresh)]);
}
