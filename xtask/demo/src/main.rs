//! `cargo xtask demo`: a tour of the provider with the real CLI.
//!
//! Builds the provider and the emulator, and walks through the life of the
//! connections in `examples/demo`. Every step is checked from both ends: what
//! the CLI plans and stores, and what the server received and holds.

mod excerpt;
mod plan;
mod session;
mod tour;
mod variables;

use std::process::ExitCode;

use xtask_emulator::Emulator;
use xtask_process::Interrupt;
use xtask_process::cargo::cargo;
use xtask_step::Arguments;
use xtask_step::console::{heading, line, say};
use xtask_step::outcome::Outcome;
use xtask_terraform::cli::Cli;

use self::excerpt::LEFT_OUT;
use self::session::Session;
use self::tour::Tour;

/// Where the example's connections live, unless they say otherwise.
const PLACE: [(&str, &str); 4] = [
    ("CONFLUENT_ORGANIZATION_ID", "00000000-0000-4000-8000-000000000001"),
    ("CONFLUENT_ENVIRONMENT_ID", "env-demo"),
    ("FLINK_CLOUD", "aws"),
    ("FLINK_REGION", "us-east-1"),
];

/// What is built.
const PROGRAMS: [&str; 4] = [
    "--package=terraform-provider-flink",
    "--package=flink-emulator",
    "--bin=terraform-provider-flink",
    "--bin=flink-emulator",
];

fn main() -> ExitCode {
    xtask_process::block_on(run())
}

/// Shows the tour. With `--keep` the emulator and the connections stay, until
/// Ctrl-C.
async fn run() -> Outcome {
    let mut arguments = Arguments::from_env();
    let keep = arguments.contains("--keep");
    xtask_step::finish(arguments)?;
    let interrupt = Interrupt::listen()?;
    let cli = Cli::find_or_fetch(&interrupt).await?;
    say(&format!(
        "A tour of the provider with {cli} and an emulator of Confluent Cloud. It needs no account, \
         and nothing leaves this machine."
    ));

    heading("Build the provider and start the emulator");
    let programs = xtask_build::build(cargo(), &PROGRAMS, &interrupt).await?;
    let emulator = Emulator::start(&programs.path("flink-emulator")?, &interrupt).await?;
    let provider = programs.path("terraform-provider-flink")?;
    let session = Session::prepare(cli, &provider, settings(&emulator), &interrupt).await?;
    say(&format!("The emulator listens on {}.", emulator.url()));
    say("The provider is installed in a copy of examples/demo:");
    line(&session.folder().display().to_string());

    say(LEFT_OUT);

    let tour = Tour::new(&session, &emulator);
    tour.walk().await?;
    if keep {
        tour.leave_open().await?;
        interrupt.heard().await;
        line("");
        say("The emulator is stopped.");
        return Ok(());
    }
    tour.destroy().await?;
    heading("Done");
    say("Every step did what it should. `cargo xtask demo --keep` ends before the last one, for \
         you to go on by hand.");
    Ok(())
}

/// The provider's settings: where the emulator is, and where connections live.
fn settings(emulator: &Emulator) -> Vec<(&'static str, String)> {
    let place = PLACE.map(|(name, value)| (name, value.to_owned()));
    emulator.settings().into_iter().chain(place).collect()
}
