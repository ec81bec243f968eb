//! Faults for many objects at once, and keys that are too new.

use std::collections::BTreeSet;
use std::time::Duration;

use flink_emulator::{Announce, Answer, Fault, Method};

use super::{assert_settled, import_blocks};
use crate::configuration::connection;
use crate::scenario::Scenario;
use crate::secrets::search::{Secret, search};
use crate::world::{KEY, World};

const SECRET: &str = "planted-in-many";
const SIZE: usize = 12;

/// Connections of one place.
fn many() -> String {
    let one = |number| {
        let name = format!("c{number:02}");
        connection(&name, "OPENAI", "https://api.openai.com/v1")
            .credential("api_key", SECRET)
            .to_string()
    };
    (0..SIZE).map(one).collect()
}

fn with_short_waits() -> Scenario {
    Scenario::new(many()).logged().with("FLINK_MAX_RETRY_WAIT", "20ms")
}

async fn applied() -> World {
    let world = with_short_waits().with("FLINK_MAX_RETRIES", "1").await;
    world.apply().await;
    world
}

#[tokio::test]
async fn many_objects_survive_random_faults() {
    for seed in 1..=2 {
        let world = with_short_waits().with("FLINK_MAX_RETRIES", "3").await;
        let faults = world.emulator.faults();
        let add_random_faults = || {
            for (place, fault) in [
                Fault::drop_before(),
                Fault::drop_after(),
                Fault::page(502),
                Fault::status_after(500),
                Fault::cut(),
                Fault::page_after(200),
                Fault::answer(Answer::status(429).header("Retry-After", "0")),
                Fault::answer(Answer::status(404).body("")),
            ]
            .into_iter()
            .enumerate()
            {
                let seed = seed * 10 + place as u64;
                faults.add(fault.path("*/sql/v1/*").probability(0.06).seed(seed));
            }
        };
        add_random_faults();
        let first = world.apply_with(&[]).await;
        assert_errors_name_objects(&first);
        let known = known_uids(&world);
        faults.clear();
        recovers(&world).await;
        let kept = known_uids(&world);
        assert!(known.is_subset(&kept), "seed {seed}: recreated: {:?}", known.difference(&kept));

        add_random_faults();
        assert_errors_name_objects(&world.run(&["plan", "-json"]).await);
        world.run(&["destroy", "-json", "-auto-approve"]).await;
        faults.clear();
        world.destroy().await;
        assert!(world.emulator.all_connections().is_empty(), "seed {seed}");
        assert_no_secret_is_shown(&world);
    }
}

#[tokio::test]
async fn many_objects_keep_to_a_rate_limit() {
    for announce in [Announce::Nothing, Announce::Everything] {
        let world = with_short_waits().with("FLINK_MAX_RETRY_WAIT", "200ms").await;
        let limit = Fault::rate_limit(6, Duration::from_millis(200), announce);
        world.emulator.faults().add(limit.path("*/sql/v1/*"));
        world.apply().await;
        assert_settled(&world, &[]).await;
        world.destroy().await;
        assert!(world.emulator.all_connections().is_empty());
        assert_no_secret_is_shown(&world);
    }
}

#[tokio::test]
async fn a_failed_or_wrong_list_changes_no_plan() {
    let world = applied().await;
    let json = || Answer::status(200).header("Content-Type", "application/json");
    for fault in [
        Fault::status(403),
        Fault::status(500),
        Fault::page(404),
        Fault::page(200),
        Fault::drop_before(),
        Fault::cut(),
        Fault::cut_chunked(),
        Fault::drip(64, Duration::from_millis(2)),
        Fault::answer(Answer::status(200).body("")),
        Fault::answer(json().body(r#"{"data":[]}"#)),
        Fault::answer(json().body(r#"{"data":[{"name":"c00"}]}"#)),
        Fault::answer(json().body(r#"{"data":null,"metadata":{"next":"https://other/"}}"#)),
    ] {
        let shown = format!("{fault:?}");
        let faults = world.emulator.faults();
        let rule = faults.add(fault.on(Method::GET, "*/connections"));
        // Single reads are slow, so the list is used.
        faults.add(Fault::delay(Duration::from_millis(30)).on(Method::GET, "*/connections/*"));
        let run = world.run(&["plan", "-json", "-detailed-exitcode"]).await.succeeds();
        run.warns_of_nothing();
        assert!(faults.get(rule).is_some_and(|it| it.fired > 0), "nothing was listed: {shown}");
        faults.clear();
    }
    assert_no_secret_is_shown(&world);
}

#[tokio::test]
async fn requests_are_repeated_while_a_key_is_too_new() {
    let world = with_short_waits().with("FLINK_MAX_RETRIES", "4").await;
    let faults = world.emulator.faults();
    let too_new = || Fault::key_not_yet_valid().path("*/sql/v1/*");
    faults.add(too_new());
    let run = world.apply_expecting_error("Cannot create the connection").await;
    run.fails(&["API key"]);
    assert!(world.emulator.all_connections().is_empty());
    for command in [
        &["apply", "-json", "-auto-approve"][..],
        &["plan", "-json", "-detailed-exitcode"],
        &["destroy", "-json", "-auto-approve"],
    ] {
        faults.clear();
        faults.add(too_new().times(3));
        world.run(command).await.succeeds();
    }
    assert!(world.emulator.all_connections().is_empty());
    assert_no_secret_is_shown(&world);
}

/// Asserts that every error names an object.
fn assert_errors_name_objects(run: &crate::cli::Run) {
    for each in run.diagnostics().iter().filter(|each| each.is_error) {
        assert!(each.contains("Connection: c"), "{each:?}");
    }
}

/// Asserts that the next apply succeeds without faults, if need be after the imports that
/// it names, and that the plan is empty after that.
async fn recovers(world: &World) {
    let run = world.apply_with(&[]).await;
    let blocks = import_blocks(&run);
    if !run.status.success() {
        let errors = run.diagnostics().iter().filter(|each| each.is_error).count();
        assert_eq!(errors, blocks.len(), "{}", run.shown());
        let named = |block: &String| {
            let name = block.rsplit('/').next().and_then(|end| end.split('"').next());
            block.replace("<label>", name.expect("an id ends with the name"))
        };
        world.configure(many() + &blocks.iter().map(named).collect::<String>());
        world.apply().await;
        world.configure(many());
    }
    assert_settled(world, &[]).await;
    assert_eq!(world.emulator.all_connections().len(), SIZE);
    for each in world.emulator.all_connections() {
        assert!(world.connections().holds(&each.name, "API_KEY", SECRET), "{}", each.name);
    }
}

/// The uids of the objects, without those whose create is unconfirmed.
fn known_uids(world: &World) -> BTreeSet<String> {
    let all = world.emulator.all_connections().into_iter();
    let known = all.filter(|each| !world.is_tainted(&format!("flink_connection.{}", each.name)));
    known.map(|each| each.uid).collect()
}

fn assert_no_secret_is_shown(world: &World) {
    let secrets = [Secret::found("the credential", SECRET), Secret::found("the API key", KEY.1)];
    assert!(search(&secrets, &world.output_and_log()).is_empty());
}
