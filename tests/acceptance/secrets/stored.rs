//! The stored form of every credential, and that no output shows one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flink_emulator::ApiKey;
use serde_json::Value;

use crate::configuration::{Block, OPENAI, import, openai, quoted};
use crate::scenario::Scenario;
use crate::secrets::all_types::{AllTypes, NEWCOMER};
use crate::secrets::outputs::{Given, Output, Planted};
use crate::secrets::search::search;
use crate::world::{KEY, World};

/// Commands that only read, and the kind of their output.
const LOOKS: [(&str, Output); 12] = [
    ("validate -json", Output::Printed),
    ("validate -no-color", Output::Printed),
    ("plan -no-color -refresh-only", Output::Printed),
    ("show -no-color", Output::Printed),
    ("state list", Output::Printed),
    ("state show -no-color flink_connection.a2a-1-ordinary", Output::Printed),
    ("output -no-color", Output::Printed),
    ("graph", Output::Printed),
    ("providers schema -json", Output::Printed),
    ("show -json", Output::Data),
    ("state pull", Output::Data),
    ("output -json", Output::Data),
];

const LEVELS: [&str; 6] = ["trace", "debug", "info", "warn", "error", "json"];

fn words(line: &str) -> Vec<&str> {
    line.split(' ').collect()
}

#[tokio::test]
async fn every_credential_is_stored_as_promised_and_shown_nowhere() {
    let mut planted = Planted::default();
    let own = planted.plant(Given::Passing, "flink_api_secret");
    let mut first = AllTypes::new(&mut planted);
    let block = first.provider("PLANTED", &own);
    let output = Block::new("output \"one\"")
        .expression("value", "flink_connection.a2a-1-ordinary")
        .expression("sensitive", "true");
    let scenario = Scenario::new(format!("{block}{output}{}", first.configuration()));
    let scenario = scenario.without("FLINK_API_KEY").without("FLINK_API_SECRET").logged();
    let mut world = scenario.await;
    world.emulator.require_keys([ApiKey::new("PLANTED", own.difficult())]);
    let newcomer = vec![NEWCOMER.to_owned()];
    world.emulator.settings(|settings| settings.extra_connection_types = newcomer);
    first.give(&mut world, "1");

    let run = world.run(&["plan", "-no-color", "-out=saved.tfplan"]).await.succeeds();
    planted.watch(Output::Printed, run);
    let shown = world.run(&["show", "-json", "saved.tfplan"]).await.succeeds();
    planted.assert_exactly_in(Output::Data, "show -json of the plan", &shown.stdout);
    planted.watch(Output::Printed, world.run(&["show", "-no-color", "saved.tfplan"]).await);
    planted.watch(Output::Printed, world.apply_saved_plan().await);
    assert_sent_and_stored(&world, &planted, &first).await;

    for (line, output) in LOOKS {
        planted.watch(output, world.run(&words(line)).await.succeeds());
    }
    world.types("flink_connection.a2a-1-ordinary\n");
    let typed = planted.watch(Output::Printed, world.run(&["console"]).await.succeeds());
    assert!(typed.stdout.contains("(sensitive value)"), "{}", typed.stdout);

    // The first secrets stay planted: they may not come back.
    let mut second = AllTypes::new(&mut planted);
    second.provider("PLANTED", &own);
    second.give(&mut world, "2");
    planted.watch(Output::Printed, world.plan().await.run);
    planted.watch(Output::Printed, world.apply().await);
    planted.watch(Output::Printed, world.destroy().await);
    planted.watch_world(&world);
    assert!(world.log().contains("API request"), "the provider's own lines were searched");
}

/// Asserts that the objects exist, and that state and plan have exactly the secrets that
/// Terraform keeps, marked as sensitive.
async fn assert_sent_and_stored(world: &World, planted: &Planted, all: &AllTypes) {
    let objects = world.emulator.all_connections();
    assert!(objects.len() > 40, "{} connections were made", objects.len());
    let files = world.files();
    let file = |name: &str| {
        let found = files.iter().find(|(each, _)| each == name);
        found.map(|(_, text)| text.as_str()).unwrap_or_else(|| panic!("there is no {name}"))
    };
    planted.assert_exactly_in(Output::State, "the state", file("work/terraform.tfstate"));
    planted.assert_exactly_in(Output::Plan, "the plan", file("work/saved.tfplan"));

    assert_private_state_has_no_secret(planted, file("work/terraform.tfstate"));

    let shown = world.run(&["show", "-json"]).await.succeeds();
    let shown: Value = serde_json::from_str(&shown.stdout).expect("a state is shown as JSON");
    let objects = shown.pointer("/values/root_module/resources").and_then(Value::as_array);
    let objects = objects.expect("there are resources");
    for address in &all.ordinary {
        let object = objects.iter().find(|object| object["address"] == **address);
        let object = object.unwrap_or_else(|| panic!("{address} is not shown"));
        assert_eq!(object["sensitive_values"]["credentials"], true, "{address}");
    }
}

/// Searches private state by itself: the state around it may have ordinary credentials.
fn assert_private_state_has_no_secret(planted: &Planted, state: &str) {
    let state: Value = serde_json::from_str(state).expect("a state is JSON");
    let resources = state["resources"].as_array().into_iter().flatten();
    let instances = resources.flat_map(|resource| resource["instances"].as_array()).flatten();
    let private: Vec<String> = instances
        .filter_map(|instance| instance["private"].as_str())
        .map(|text| STANDARD.decode(text).expect("private state is in base64"))
        .map(|bytes| String::from_utf8(bytes).expect("the provider writes JSON"))
        .collect();
    assert!(private.iter().all(|text| text.contains("resource_version")), "{private:?}");
    assert!(private.len() > 40, "{} objects have private state", private.len());
    planted.assert_no_more_in(Output::File, "private state", &private.concat());
}

#[tokio::test]
async fn no_level_of_the_log_has_a_credential() {
    let mut planted = Planted::default();
    let ordinary = planted.plant(Given::Ordinary, "credentials").difficult();
    let own = planted.plant(Given::Environment, "FLINK_API_SECRET").difficult();
    let scenario =
        Scenario::new(openai().credential("api_key", &ordinary)).with("FLINK_API_SECRET", &own);
    let mut world = scenario.await;
    world.emulator.require_keys([ApiKey::new(KEY.0, own.as_str())]);
    world.apply().await;
    for variable in ["TF_LOG", "TF_LOG_PROVIDER"] {
        for level in LEVELS {
            world.set(variable, level);
            planted.watch(Output::Printed, world.run(&["plan", "-json"]).await.succeeds());
        }
        world.set(variable, "");
    }
    // Without a file, the log is printed.
    world.set("TF_LOG", "trace");
    world.set("TF_LOG_PATH", "");
    let run = planted.watch(Output::Printed, world.run(&["plan", "-json"]).await.succeeds());
    assert!(run.stderr.contains("API request"), "{}", run.stderr);
    planted.watch_world(&world);
}

#[tokio::test]
async fn terraform_itself_keeps_literals_in_the_plan_and_arguments_in_the_log() {
    let mut planted = Planted::default();
    let literal = planted.plant(Given::Literal, "credentials_wo");
    let argument = planted.plant(Given::Argument, "-var");
    let block = openai().without_credentials().write_only("api_key", &literal.difficult());
    let block = block.set("credentials_wo_version", "1");
    let world = Scenario::new(format!("variable \"unused\" {{ sensitive = true }}\n{block}"));
    let world = world.logged().await;
    let variable = format!("-var=unused={}", argument.simple());
    let line = ["plan", "-no-color", "-out=saved.tfplan", &variable];
    let run = world.run(&line).await.succeeds();
    planted.assert_no_more_in(Output::Printed, "plan", &[run.stdout, run.stderr].concat());
    world.apply_saved_plan().await;

    let files = world.files();
    let plan = &files.iter().find(|(name, _)| name.ends_with(".tfplan")).expect("it was saved").1;
    assert!(!search(&[literal], plan).is_empty(), "the plan has no literals: SECURITY.md is wrong");
    planted.assert_exactly_in(Output::Log, "the log", &world.log());
    for line in world.log().lines().filter(|line| line.contains(argument.simple())) {
        assert!(!line.contains("terraform-provider"), "the provider logged it: {line}");
    }
}

#[tokio::test]
async fn an_import_brings_no_credential_into_the_state_or_the_configuration() {
    let mut planted = Planted::default();
    let theirs = planted.plant(Given::Passing, "the service's own credential");
    let world = Scenario::new(import("openai")).logged().await;
    let new = flink_emulator::NewConnection::new("openai", "OPENAI", "https://api.openai.com/v1");
    world.insert(&world.place(), new.credential("API_KEY", theirs.difficult()));
    let line = ["plan", "-no-color", "-generate-config-out=generated.tf"];
    planted.watch(Output::Printed, world.run(&line).await.succeeds());
    let generated = std::fs::read_to_string(world.path("work/generated.tf"));
    let generated = generated.expect("it was generated");
    assert!(generated.contains("credentials"), "{generated}");
    planted.assert_no_more_in(Output::File, "the configuration", &generated);
    planted.watch(Output::Printed, world.apply().await);
    assert!(world.is_stored(OPENAI), "{}", quoted(&generated));
    planted.watch_world(&world);
}
