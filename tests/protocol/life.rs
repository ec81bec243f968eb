//! For any type, any way to authenticate and any order of events: a plan after
//! an apply is empty, and the server holds what is configured.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;
use terraform_provider_flink::connection_types;
use tf_provider::testing::Action;

use crate::wanted::{Spelling, Wanted};
use crate::world::{ADDRESS, World};

const SPELLINGS: [Spelling; 2] = [Spelling::Plain, Spelling::WriteOnly];

/// What can happen to a connection between two plans.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// Another value for every credential.
    Rotation,
    /// The ordinary arguments become write-only ones, or the other way around.
    OtherSpelling,
    /// Somebody else writes other credentials.
    OutsideEdit,
    /// Somebody else deletes it.
    OutsideDeletion,
    /// Only the spelling of the type.
    OtherCase,
    /// Another time limit, which only the provider reads.
    OtherTimeout,
}

const EVENTS: [Event; 6] = [
    Event::Rotation,
    Event::OtherSpelling,
    Event::OutsideEdit,
    Event::OutsideDeletion,
    Event::OtherCase,
    Event::OtherTimeout,
];

impl Wanted {
    /// Applies an event; what the next plan should then do.
    fn meet(&mut self, event: Event, world: &World) -> Action {
        match event {
            Event::Rotation => {
                self.round += 1;
                Action::Update
            }
            Event::OtherSpelling => {
                self.spelling = match self.spelling {
                    Spelling::WriteOnly => Spelling::Plain,
                    Spelling::Plain | Spelling::Dropped => Spelling::WriteOnly,
                };
                Action::Update
            }
            Event::OutsideEdit => {
                let mut theirs = self.payload();
                theirs.values_mut().for_each(|value| value.push_str("-theirs"));
                let edited = world.connections().set_credentials("it", theirs);
                edited.expect("the server takes credentials that fit the type");
                Action::Update
            }
            Event::OutsideDeletion => {
                assert!(world.connections().delete("it"));
                Action::Create
            }
            Event::OtherCase => {
                self.lower_case = !self.lower_case;
                Action::NoOp
            }
            Event::OtherTimeout => {
                self.timeout += 1000;
                Action::Update
            }
        }
    }
}

async fn live(mut wanted: Wanted, events: Vec<Event>) {
    let world = World::new().await;
    world.core.apply(ADDRESS, wanted.configuration()).await.succeeds();
    assert_eq!(world.writes(), ["POST"]);
    settled(&world, &wanted).await;
    for event in events {
        let expected = wanted.meet(event, &world);
        world.begin_command().await;
        let plan = world.core.plan(ADDRESS, wanted.configuration()).await;
        assert_eq!(plan.action(), expected, "{event:?}");
        let applied = world.core.apply(ADDRESS, wanted.configuration()).await;
        applied.succeeds();
        let writes: &[&str] = match event {
            Event::OtherCase | Event::OtherTimeout => &[],
            Event::OutsideDeletion => &["POST"],
            Event::Rotation | Event::OtherSpelling | Event::OutsideEdit => &["PUT"],
        };
        assert_eq!(world.writes(), writes, "{event:?}");
        settled(&world, &wanted).await;
    }
    world.core.destroy(ADDRESS).await.succeeds();
    assert!(world.connections().list().is_empty());
}

/// The next plan is empty, the server holds what is configured, and nothing
/// write-only is stored. The refresh is stored too, so that a repair is known to
/// have held.
async fn settled(world: &World, wanted: &Wanted) {
    world.core.refresh(ADDRESS).await.succeeds();
    let plan = world.core.plan(ADDRESS, wanted.configuration()).await;
    assert!(plan.is_empty() && plan.warnings().is_empty(), "{wanted:?}: {plan:?}");
    for (key, value) in wanted.payload() {
        assert!(world.connections().holds("it", key, &value), "{wanted:?}: {key}");
    }
    let stored = world.core.stored(ADDRESS).expect("it was applied").attributes().to_string();
    let secret = wanted.value(wanted.way.required[0]).replace('"', "\\\"");
    let is_stored = stored.contains(&format!("\"{secret}\""));
    let is_setting = wanted.way.required[0] == "token_endpoint";
    let is_to_be = wanted.spelling == Spelling::Plain || is_setting;
    assert_eq!(is_stored, is_to_be, "{wanted:?}");
}

fn wanted() -> impl Strategy<Value = Wanted> {
    let ways = connection_types()
        .flat_map(|kind| kind.ways.clone().into_iter().map(move |way| (kind.clone(), way)));
    (select(ways.collect::<Vec<_>>()), select(SPELLINGS.as_slice()))
        .prop_map(|((kind, way), spelling)| Wanted::new("it", kind, way, spelling))
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
async fn an_import_takes_one_update_at_most() {
    for spelling in SPELLINGS {
        let world = World::new().await;
        let (kind, way) = Wanted::type_named("OPENAI");
        let wanted = Wanted::new("it", kind, way, spelling);
        let made = flink_emulator::NewConnection::new("it", "OPENAI", wanted.kind.endpoint)
            .credential("API_KEY", "theirs");
        world.connections().insert(made).unwrap();
        world.core.import(ADDRESS, "it").await.succeeds();

        let bare = json!({ "name": "it", "type": "openai", "endpoint": wanted.kind.endpoint });
        assert!(world.core.plan(ADDRESS, bare).await.is_empty());

        let mut config = wanted.configuration();
        config.as_object_mut().unwrap().remove("credentials_wo_version");
        world.core.apply(ADDRESS, config.clone()).await.succeeds();
        assert_eq!(world.writes(), ["PUT"]);
        assert!(world.core.plan(ADDRESS, config).await.is_empty());
    }
}
