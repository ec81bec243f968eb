//! Steps as data. The debug form of a step is the Rust that makes it.

use std::fmt;
use std::ops::Range;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::trouble::{On, Trouble, trouble};
use crate::wanted::Spelling;

/// The number of a connection, modulo the number of connections.
pub(super) type Slot = usize;

#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// The configuration changes.
    Write(Slot, Change),
    /// A third party changes the object of the connection's name.
    Outside(Slot, Edit),
    /// Adds a fault of the network or the server.
    Break(Trouble),
    /// Removes all faults.
    Mend,
    /// Runs a command of the CLI.
    Run(Command),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Add,
    Remove,
    /// To the other of its two names.
    Rename,
    /// To the other of its two endpoints.
    Move,
    Retype,
    /// To the credentials of this number.
    Rotate(u32),
    Spell(Spelling),
    /// The same credentials under another `credentials_wo_version`.
    SendAgain,
    OnDrift(&'static str),
    /// The keys of the credentials in their other spelling.
    RespellKeys,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edit {
    Make(Shape),
    Delete,
    Remake(Shape),
    Rotate,
    Touch(Marks),
    Say(&'static str, Marks),
}

/// The shape of a third party's object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Like ours, but for the credentials.
    Alike,
    Elsewhere,
}

/// The marks of an object that an edit changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marks {
    Nothing,
    Version,
    VersionAndTime,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Command {
    Plan,
    Apply,
    /// Something happens between plan and apply.
    ApplyAfter(Slot, Edit),
    /// Ctrl-C, once so many requests have come.
    ApplyStopped(usize),
    /// An apply that is killed before it writes the state.
    ApplyKilled,
    Refresh,
    Destroy,
    Import(Slot),
    /// All faults end, and everything has to become as configured.
    Settle,
}

/// The behaviour of a server, within the API's description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quirks {
    pub(super) put_answers: bool,
    pub(super) delete_status: u16,
    pub(super) first_phase: Option<&'static str>,
}

impl Quirks {
    pub(super) const NONE: Self =
        Self { put_answers: false, delete_status: 200, first_phase: Some("READY") };
}

#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) connections: usize,
    pub(super) quirks: Quirks,
    pub(super) steps: Vec<Step>,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} connections, {:?}:", self.connections, self.quirks)?;
        self.steps.iter().try_for_each(|step| writeln!(f, "    {step:?},"))
    }
}

/// Cases of so many connections in so many scenes.
pub(super) fn case(connections: Range<usize>, scenes: Range<usize>) -> impl Strategy<Value = Case> {
    let scene = prop_oneof![2 => vec(step(), 1..5).boxed(), 3 => ambush().boxed()];
    (connections, quirks(), vec(scene, scenes)).prop_map(|(connections, quirks, scenes)| Case {
        connections,
        quirks,
        steps: scenes.concat(),
    })
}

/// A fault for the next request of a command, which random steps alone find too rarely.
fn ambush() -> impl Strategy<Value = Vec<Step>> {
    let command = prop_oneof![
        6 => Just(Command::Apply),
        1 => Just(Command::Refresh),
        1 => Just(Command::Destroy),
        1 => (1..6_usize).prop_map(Command::ApplyStopped),
        1 => Just(Command::ApplyKilled),
    ];
    let on = select(vec![On::Post, On::Put, On::Put, On::Delete, On::Get, On::List]);
    let edit = prop_oneof![1 => Just(None), 1 => edit().prop_map(Some)];
    let before = prop_oneof![1 => Just(None), 1 => Just(Some(Command::Settle))];
    (slot(), on, edit, before, (trouble(), any::<bool>()), command, any::<bool>()).prop_flat_map(
        |(slot, on, edit, before, (trouble, strays), command, mends)| {
            let on = if strays { trouble.on } else { on };
            change_before(on).prop_map(move |change| {
                let mut steps = Vec::new();
                steps.extend(before.map(Step::Run));
                steps.push(Step::Write(slot, change));
                if change == Change::Add && on == On::Post {
                    steps.push(Step::Run(Command::Destroy));
                }
                steps.extend(edit.map(|edit| Step::Outside(slot, edit)));
                steps.push(Step::Break(Trouble { on, ..trouble }));
                steps.push(Step::Run(command));
                steps.extend(mends.then_some(Step::Mend));
                steps
            })
        },
    )
}

/// A change that makes an apply send such a request.
fn change_before(on: On) -> BoxedStrategy<Change> {
    match on {
        On::Post => select(vec![Change::Add, Change::Move, Change::Rename]).boxed(),
        On::Delete => select(vec![Change::Remove, Change::Retype, Change::Rename]).boxed(),
        On::Put => prop_oneof![
            3 => (0..3_u32).prop_map(Change::Rotate),
            1 => Just(Change::SendAgain),
            1 => select(vec![Spelling::Plain, Spelling::WriteOnly, Spelling::Both])
                .prop_map(Change::Spell),
        ]
        .boxed(),
        On::Any | On::Get | On::List => change().boxed(),
    }
}

fn quirks() -> impl Strategy<Value = Quirks> {
    let phases = vec![Some("READY"), Some("PENDING"), None];
    (any::<bool>(), select(vec![200, 204]), select(phases)).prop_map(
        |(put_answers, delete_status, first_phase)| Quirks {
            put_answers,
            delete_status,
            first_phase,
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (slot(), change()).prop_map(|(slot, change)| Step::Write(slot, change)),
        4 => (slot(), edit()).prop_map(|(slot, edit)| Step::Outside(slot, edit)),
        4 => trouble().prop_map(Step::Break),
        1 => Just(Step::Mend),
        9 => command().prop_map(Step::Run),
    ]
}

/// Small numbers are likelier, so that steps meet each other.
fn slot() -> impl Strategy<Value = Slot> {
    prop_oneof![2 => 0..2_usize, 1 => 0..31_usize]
}

fn change() -> impl Strategy<Value = Change> {
    let spellings = [Spelling::Plain, Spelling::WriteOnly, Spelling::Both, Spelling::Dropped];
    prop_oneof![
        3 => Just(Change::Add),
        1 => Just(Change::Remove),
        1 => Just(Change::Rename),
        1 => Just(Change::Move),
        1 => Just(Change::Retype),
        6 => (0..3_u32).prop_map(Change::Rotate),
        3 => select(spellings.to_vec()).prop_map(Change::Spell),
        1 => Just(Change::SendAgain),
        1 => select(vec!["repair", "warn", "ignore"]).prop_map(Change::OnDrift),
        1 => Just(Change::RespellKeys),
    ]
}

fn edit() -> impl Strategy<Value = Edit> {
    let phases = vec!["READY", "PENDING", "UNREACHABLE", ""];
    prop_oneof![
        2 => shape().prop_map(Edit::Make),
        2 => Just(Edit::Delete),
        2 => shape().prop_map(Edit::Remake),
        4 => Just(Edit::Rotate),
        1 => marks().prop_map(Edit::Touch),
        1 => (select(phases), marks()).prop_map(|(phase, marks)| Edit::Say(phase, marks)),
    ]
}

fn shape() -> impl Strategy<Value = Shape> {
    select(vec![Shape::Alike, Shape::Elsewhere])
}

fn marks() -> impl Strategy<Value = Marks> {
    select(vec![Marks::VersionAndTime, Marks::Version, Marks::Nothing])
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        12 => Just(Command::Apply),
        2 => Just(Command::Plan),
        2 => (slot(), edit()).prop_map(|(slot, edit)| Command::ApplyAfter(slot, edit)),
        2 => (1..6_usize).prop_map(Command::ApplyStopped),
        2 => Just(Command::ApplyKilled),
        2 => Just(Command::Refresh),
        1 => Just(Command::Destroy),
        2 => slot().prop_map(Command::Import),
        2 => Just(Command::Settle),
    ]
}
