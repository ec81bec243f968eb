//! The process of the provider, as Linux shows it: command line, limits, memory, children.

use std::fs;

use flink_emulator::ApiKey;

use crate::cli::Process;
use crate::configuration::{ephemeral_variable, openai};
use crate::scenario::Scenario;
use crate::secrets::outputs::{Given, Output, Planted};
use crate::world::KEY;

#[tokio::test]
async fn the_running_provider_shows_nothing_of_itself_and_starts_nothing() {
    let mut planted = Planted::default();
    let passing = planted.plant(Given::Passing, "credentials_wo").difficult();
    let own = planted.plant(Given::Environment, "FLINK_API_SECRET").difficult();
    let block = openai().without_credentials().write_only_from("api_key", "var.secret");
    let scenario = Scenario::new(ephemeral_variable("secret").and(block)).intercepted();
    let scenario = scenario.with("FLINK_API_SECRET", &own).with("TF_VAR_secret", &passing);
    let world = scenario.await;
    world.emulator.require_keys([ApiKey::new(KEY.0, own)]);

    world.hold("POST connections");
    let running = world.start(&["apply", "-no-color", "-auto-approve"]);
    world.arrivals("POST connections", 1).await;
    let all = running.processes();
    let is_provider = |process: &&Process| process.name.starts_with("terraform-provi");
    let provider = all.iter().find(is_provider).expect("the provider is asking the API");
    assert!(all.iter().all(|each| each.parent != provider.id), "it started one of {all:#?}");

    let about = |what: &str| {
        let file = format!("/proc/{}/{what}", provider.id);
        fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"))
    };
    let command_line = about("cmdline");
    assert!(command_line.contains("terraform-provider-flink"), "{command_line}");
    planted.assert_no_more_in(Output::Printed, "the command line", &command_line);
    let limits = about("limits");
    let limit = limits.lines().find_map(|line| line.strip_prefix("Max core file size"));
    let limit: Vec<&str> = limit.expect("there is a limit").split_whitespace().take(2).collect();
    assert_eq!(limit, ["0", "0"], "it may dump core");
    assert!(!is_open_to_its_user(provider.id), "its memory and its environment can be read");

    world.network().clear();
    planted.watch(Output::Printed, world.finish(running).await.succeeds());
    planted.watch_world(&world);
}

/// Returns true if processes of the same user can read memory and environment. Always
/// false for root, which owns protected files too.
fn is_open_to_its_user(process: u32) -> bool {
    use std::os::unix::fs::MetadataExt;

    const ROOT: u32 = 0;
    let owner = |file: String| fs::metadata(file).expect("the process is running").uid();
    let user = owner(format!("/proc/{}", std::process::id()));
    user != ROOT && owner(format!("/proc/{process}/environ")) != ROOT
}
