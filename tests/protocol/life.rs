//! For any type, any way to authenticate and any order of events: a plan after
//! an apply is empty, and the server holds what is configured.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};
use terraform_provider_flink::{ConnectionType, Way, connection_types, payload_keys};
use tf_provider::testing::Action;

use crate::world::{ADDRESS, World};

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

/// A configuration in the making.
#[derive(Clone, Debug)]
struct Wanted {
    kind: ConnectionType,
    way: Way,
    write_only: bool,
    round: u32,
    lower_case: bool,
    timeout: u32,
}

impl Wanted {
    fn new(kind: ConnectionType, way: Way, write_only: bool) -> Self {
        Self { kind, way, write_only, round: 0, lower_case: false, timeout: 60 }
    }

    fn value(&self, attribute: &str) -> String {
        match attribute {
            "token_endpoint" => format!("https://idp.example.com/{}", self.round),
            "service_key" => format!("{{\"round\":\"{}\"}}", self.round),
            _ => format!("{attribute}-{}", self.round),
        }
    }

    fn configuration(&self) -> Json {
        let kind = match self.lower_case {
            true => self.kind.name.to_lowercase(),
            false => self.kind.name.to_owned(),
        };
        let mut config = json!({
            "name": "it",
            "type": kind,
            "endpoint": self.kind.endpoint,
            "timeouts": { "read": format!("{}s", self.timeout) },
        });
        for attribute in self.way.required {
            let settable = !matches!(*attribute, "token_endpoint" | "scope");
            let name = match self.write_only && settable {
                true => format!("{attribute}_wo"),
                false => (*attribute).to_owned(),
            };
            config[name] = self.value(attribute).into();
        }
        if self.write_only {
            config["credentials_wo_version"] = self.round.to_string().into();
        }
        config
    }

    /// Applies an event; what the next plan should then do.
    fn meet(&mut self, event: Event, world: &World) -> Action {
        match event {
            Event::Rotation => {
                self.round += 1;
                Action::Update
            }
            Event::OtherSpelling => {
                self.write_only = !self.write_only;
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
                self.timeout += 1;
                Action::Update
            }
        }
    }

    fn payload(&self) -> BTreeMap<&'static str, String> {
        let keys: BTreeMap<_, _> = payload_keys().collect();
        self.way.required.iter().map(|name| (keys[name], self.value(name))).collect()
    }
}

async fn live(mut wanted: Wanted, events: Vec<Event>) {
    let world = World::new().await;
    world.core.apply(ADDRESS, wanted.configuration()).await.succeeds();
    assert_eq!(world.writes(), ["POST"]);
    settled(&world, &wanted).await;
    for event in events {
        let expected = wanted.meet(event, &world);
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
    assert_eq!(is_stored, !wanted.write_only || is_setting, "{wanted:?}");
}

fn wanted() -> impl Strategy<Value = Wanted> {
    let ways = connection_types()
        .flat_map(|kind| kind.ways.clone().into_iter().map(move |way| (kind.clone(), way)));
    (select(ways.collect::<Vec<_>>()), any::<bool>())
        .prop_map(|((kind, way), write_only)| Wanted::new(kind, way, write_only))
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
    for write_only in [false, true] {
        let world = World::new().await;
        let kind = connection_types().find(|kind| kind.name == "OPENAI").unwrap();
        let way = kind.ways[0];
        let wanted = Wanted::new(kind, way, write_only);
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
