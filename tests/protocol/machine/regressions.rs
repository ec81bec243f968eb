//! Sequences that once broke a rule, and those that are too rare to be left to chance.

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
fn names_the_import_of_a_replacement_that_the_state_lost() {
    holds(&[APPLY, Write(0, Change::Move), Run(Command::ApplyKilled)]);
}

#[test]
fn sends_credentials_where_the_configuration_follows_an_outside_edit() {
    let remake = Edit::Remake(Shape::Elsewhere);
    holds(&[APPLY, Outside(0, remake), Write(0, Change::Move)]);
}

#[test]
fn keeps_a_planned_uid_where_the_object_was_recreated_since() {
    let remake = Edit::Remake(Shape::Alike);
    holds(&[APPLY, Outside(0, remake), Run(Command::ApplyAfter(0, remake))]);
}

#[test]
fn keeps_the_state_after_an_empty_404_to_a_delete() {
    holds(&[APPLY, once(What::Bare(404), On::Delete), Run(Command::Destroy)]);
}

#[test]
fn keeps_the_state_after_a_page_in_answer_to_a_delete() {
    holds(&[APPLY, once(What::Page(200), On::Delete), Run(Command::Destroy)]);
}

#[test]
fn keeps_the_state_after_a_delete_without_an_answer() {
    holds(&[APPLY, always(What::DropBefore, On::Delete), Run(Command::Destroy)]);
}

#[test]
fn keeps_the_state_after_a_403_to_a_read() {
    for refusal in [What::Refuse(403), What::Page(403), What::Bare(403)] {
        holds(&[APPLY, always(refusal, On::Get), Run(Command::Refresh)]);
    }
}

#[test]
fn plans_an_update_again_after_a_page_in_answer_to_it() {
    let rotate = Write(0, Change::Rotate(1));
    holds(&[APPLY, rotate, always(What::Page(200), On::Put), APPLY]);
}

#[test]
fn does_not_adopt_a_foreign_object_after_a_lost_create() {
    for shape in [Shape::Alike, Shape::Elsewhere] {
        holds(&[Outside(0, Edit::Make(shape)), once(What::DropBefore, On::Post), APPLY]);
    }
}

#[test]
fn does_not_adopt_a_foreign_object_after_a_page_in_answer_to_a_create() {
    let page = always(What::Page(200), On::Post);
    holds(&[Outside(0, Edit::Make(Shape::Alike)), page, APPLY]);
}

#[test]
fn stores_the_object_of_a_lost_create() {
    holds(&[once(What::DropAfter, On::Post), always(What::Refuse(500), On::Put), APPLY]);
}

#[test]
fn does_not_adopt_a_foreign_object_after_an_unconfirmed_create() {
    let dead = always(What::DropBefore, On::Any);
    let foreign = Run(Command::ApplyAfter(0, Edit::Make(Shape::Alike)));
    holds(&[dead, foreign]);
}

#[test]
fn finds_the_object_of_an_unconfirmed_create() {
    let deaf = always(What::DropAfter, On::Any);
    holds(&[deaf, APPLY]);
    holds(&[deaf, APPLY, Step::Mend, Run(Command::Destroy)]);
}

#[test]
fn recovers_from_a_lost_response() {
    let rotate = Write(0, Change::Rotate(1));
    for lost in [What::DropBefore, What::DropAfter, What::RefuseAfter(502), What::Cut] {
        holds(&[once(lost, On::Post), APPLY, rotate, once(lost, On::Put), APPLY]);
    }
}

#[test]
fn reports_no_drift_after_our_own_update_without_an_answer() {
    let lost = always(What::DropAfter, On::Put);
    holds(&[APPLY, Write(0, Change::Rotate(1)), lost, APPLY, Write(0, Change::Rotate(0))]);
}

#[test]
fn remembers_an_update_without_an_answer_over_a_refused_one() {
    let [lost, refused] = [once(What::DropAfter, On::Put), always(What::Refuse(403), On::Put)];
    holds(&[APPLY, Write(0, Change::Rotate(1)), lost, refused, APPLY]);
}

#[test]
fn updates_although_the_version_moved_after_the_plan() {
    let edited = Run(Command::ApplyAfter(0, Edit::Rotate));
    holds(&[APPLY, Write(0, Change::Rotate(1)), edited]);
}

#[test]
fn sends_write_only_credentials_without_a_version_after_an_import() {
    let unsent = Write(0, Change::Spell(Spelling::WriteOnly));
    holds(&[Outside(0, Edit::Make(Shape::Alike)), Run(Command::Import(0)), unsent]);
}

#[test]
fn reports_drift_once_where_there_is_nothing_to_repair_with() {
    let drop = Write(0, Change::Spell(Spelling::Dropped));
    let say = Outside(0, Edit::Say("PENDING", Marks::VersionAndTime));
    let spell = Write(0, Change::Spell(Spelling::WriteOnly));
    holds(&[spell, APPLY, drop, say, Run(Command::Refresh)]);
}

#[test]
fn repairs_drift_as_long_as_the_repair_fails() {
    let refused = always(What::Refuse(403), On::Put);
    holds(&[APPLY, Outside(0, Edit::Rotate), refused, APPLY, Run(Command::Plan), APPLY]);
}

#[test]
fn reports_again_what_a_killed_apply_has_not_stored() {
    let refused = always(What::Refuse(403), On::Put);
    holds(&[APPLY, Outside(0, Edit::Rotate), refused, Run(Command::ApplyKilled), APPLY]);
}

#[test]
fn refuses_to_replace_an_object_by_one_whose_name_is_taken() {
    let rename = Write(0, Change::Rename);
    for shape in [Shape::Alike, Shape::Elsewhere] {
        holds(&[APPLY, rename, Outside(0, Edit::Make(shape)), APPLY, Run(Command::Refresh)]);
    }
}

#[test]
fn replaces_an_object_although_the_new_name_cannot_be_looked_up() {
    let broken = always(What::Refuse(500), On::Get);
    holds(&[APPLY, Write(0, Change::Rename), broken, APPLY]);
}

#[test]
fn moves_credentials_between_the_maps_and_their_keys_between_spellings() {
    let spell = |spelling| Write(0, Change::Spell(spelling));
    let respell = Write(0, Change::RespellKeys);
    let retype = Write(0, Change::Retype);
    let [both, unsent, plain] = [Spelling::Both, Spelling::WriteOnly, Spelling::Plain].map(spell);
    holds(&[retype, both, APPLY, respell, APPLY, unsent, APPLY, respell, plain, APPLY]);
}
