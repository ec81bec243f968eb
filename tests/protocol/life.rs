//! For any type, any way to authenticate and any order of events: a plan after
//! an apply is empty, and the server holds what is configured.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;
use terraform_provider_flink::connection_types;
use tf_provider::testing::Action;

use crate::wanted::{Spelling, Wanted};
use crate::world::{ADDRESS, World};

const SPELLINGS: [Spelling; 3] = [Spelling::Plain, Spelling::WriteOnly, Spelling::Both];

/// The only warning of a connection whose write-only credentials have no version.
const NO_VERSION: &str = "Write-only credentials without a version";

/// What can happen to a connection between two plans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    /// Every credential gets another value.
    Rotation,
    /// The credentials move to other maps.
    OtherSpelling,
    /// A third party writes other credentials.
    OutsideEdit,
    /// A third party deletes the connection.
    OutsideDeletion,
    /// The type is spelled in another case.
    OtherCase,
    /// The keys are spelled otherwise.
    OtherKeySpelling,
    /// `credential_drift`, which only the provider reads, gets another value.
    OtherPolicy,
}

const EVENTS: [Event; 7] = [
    Event::Rotation,
    Event::OtherSpelling,
    Event::OutsideEdit,
    Event::OutsideDeletion,
    Event::OtherCase,
    Event::OtherKeySpelling,
    Event::OtherPolicy,
];

impl Wanted {
    /// Applies an event; returns what the next plan should do and the requests that
    /// its apply should send to change something.
    fn meet(&mut self, event: Event, world: &World) -> (Action, &'static [&'static str]) {
        match event {
            Event::Rotation => {
                self.round += 1;
                (Action::Update, &["PUT"])
            }
            Event::OtherSpelling => {
                self.spelling = match self.spelling {
                    Spelling::WriteOnly if self.method.required.len() > 1 => Spelling::Both,
                    Spelling::WriteOnly | Spelling::Both => Spelling::Plain,
                    Spelling::Plain | Spelling::Dropped => Spelling::WriteOnly,
                };
                (Action::Update, &["PUT"])
            }
            Event::OutsideEdit => {
                let mut theirs = self.payload();
                theirs.values_mut().for_each(|value| value.push_str("-theirs"));
                let edited = world.connections().set_credentials("it", theirs);
                edited.expect("the server takes credentials that fit the type");
                match self.drift {
                    Some("warn") => (Action::NoOp, &[]),
                    _ => (Action::Update, &["PUT"]),
                }
            }
            Event::OutsideDeletion => {
                assert!(world.connections().delete("it"));
                (Action::Create, &["POST"])
            }
            Event::OtherCase => {
                self.lower_case = !self.lower_case;
                (Action::NoOp, &[])
            }
            Event::OtherKeySpelling => {
                self.payload_words = !self.payload_words;
                (Action::NoOp, &[])
            }
            Event::OtherPolicy => {
                self.drift = if self.drift.is_none() { Some("warn") } else { None };
                (Action::Update, &[])
            }
        }
    }
}

async fn live(mut wanted: Wanted, events: Vec<Event>) {
    let world = World::new().await;
    world.core.apply(ADDRESS, wanted.configuration()).await.succeeds();
    assert_eq!(world.writes(), ["POST"]);
    is_settled(&world, &wanted).await;
    is_at_server(&world, &wanted);
    let mut differs = false;
    for event in events {
        let (action, writes) = wanted.meet(event, &world);
        world.begin_command().await;
        let plan = world.core.plan(ADDRESS, wanted.configuration()).await;
        assert_eq!(plan.action(), action, "{event:?}");
        world.core.apply(ADDRESS, wanted.configuration()).await.succeeds();
        assert_eq!(world.writes(), writes, "{event:?}");
        is_settled(&world, &wanted).await;
        // An outside edit that is not repaired stays until the next write.
        differs = writes.is_empty() && (differs || event == Event::OutsideEdit);
        if !differs {
            is_at_server(&world, &wanted);
        }
    }
    world.core.destroy(ADDRESS).await.succeeds();
    assert!(world.connections().list().is_empty());
}

/// The next plan is empty, and of the credentials only those of the ordinary map are
/// stored. The refresh is stored too, so that the provider knows of a repair that held.
async fn is_settled(world: &World, wanted: &Wanted) {
    world.core.refresh(ADDRESS).await.succeeds();
    let plan = world.core.plan(ADDRESS, wanted.configuration()).await;
    assert!(plan.is_empty(), "{wanted:?}: {plan:?}");
    let warnings: Vec<_> = plan.warnings().iter().map(|each| each.summary().to_owned()).collect();
    let expected = if wanted.lacks_version() { vec![NO_VERSION] } else { Vec::new() };
    assert_eq!(warnings, expected, "{wanted:?}");
    let stored = world.core.stored(ADDRESS).expect("it was applied").attributes().to_string();
    let is_stored = |value: &String| stored.contains(&json!(value).to_string());
    assert!(wanted.stored_values().iter().all(is_stored), "{wanted:?}");
    assert!(!wanted.unstored_values().iter().any(is_stored), "{wanted:?}");
}

fn is_at_server(world: &World, wanted: &Wanted) {
    for (key, value) in wanted.payload() {
        assert!(world.connections().holds("it", key, &value), "{wanted:?}: {key}");
    }
}

fn wanted() -> impl Strategy<Value = Wanted> {
    let methods = connection_types()
        .iter()
        .flat_map(|kind| kind.auth_methods.iter().map(move |method| (kind, method)))
        .filter(|(_, method)| !method.required.contains(&"auth_type"));
    (select(methods.collect::<Vec<_>>()), select(SPELLINGS.as_slice())).prop_map(
        |((kind, method), spelling)| match spelling {
            Spelling::Both if method.required.len() == 1 => {
                Wanted::new("it", kind, method, Spelling::Plain)
            }
            _ => Wanted::new("it", kind, method, spelling),
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_plan_after_an_apply_is_empty(
        wanted in wanted(),
        events in proptest::collection::vec(select(EVENTS.as_slice()), 0..6),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(live(wanted, events));
    }
}

#[tokio::test]
async fn a_server_that_asks_for_no_credentials_is_configured_in_either_map() {
    for spelling in [Spelling::Plain, Spelling::WriteOnly] {
        let (kind, _) = Wanted::type_named("MCP_SERVER");
        let mut methods = kind.auth_methods.iter();
        let method = methods.find(|method| method.required == ["auth_type"]);
        let method = method.expect("an MCP server may ask for no credentials");
        live(Wanted::new("it", kind, method, spelling), vec![Event::OutsideDeletion]).await;
    }
}

#[tokio::test]
async fn an_import_takes_one_update_at_most() {
    for spelling in [Spelling::Plain, Spelling::WriteOnly] {
        let world = World::new().await;
        let (kind, method) = Wanted::type_named("OPENAI");
        let wanted = Wanted::new("it", kind, method, spelling);
        let made = flink_emulator::NewConnection::new("it", "OPENAI", kind.example)
            .credential("API_KEY", "theirs");
        world.connections().insert(made).unwrap();
        world.core.import(ADDRESS, "it").await.succeeds();

        let bare = json!({ "name": "it", "type": "openai", "endpoint": kind.example });
        assert!(world.core.plan(ADDRESS, bare).await.is_empty());

        let config = wanted.configuration();
        world.core.apply(ADDRESS, config.clone()).await.succeeds();
        assert_eq!(world.writes(), ["PUT"]);
        assert!(world.core.plan(ADDRESS, config).await.is_empty());
    }
}
