//! `cargo xtask demo`: a tour of the provider with the real CLI.
//!
//! Builds the provider, starts the emulator, and walks through the life of the
//! connections in `examples/demo`. Each step checks both ends: the plan and the state of
//! the CLI, and the requests and the objects of the server.

mod excerpt;
mod plan;
mod session;
mod tour;
mod variables;

use std::process::ExitCode;

use flink_emulator::Emulator;
use xtask_step::cargo::Binary;
use xtask_step::console::{heading, line, say};
use xtask_step::outcome::Outcome;
use xtask_step::terraform::{Cli, Environment, without_proxy};
use xtask_step::{Arguments, Interrupt};

use self::excerpt::LEFT_OUT;
use self::session::Session;
use self::tour::Tour;

/// The place of the example's connections that name no other.
const PLACE: [(&str, &str); 4] = [
    ("CONFLUENT_ORGANIZATION_ID", "00000000-0000-4000-8000-000000000001"),
    ("CONFLUENT_ENVIRONMENT_ID", "env-demo"),
    ("FLINK_CLOUD", "aws"),
    ("FLINK_REGION", "us-east-1"),
];

fn main() -> ExitCode {
    xtask_step::block_on(run())
}

/// Shows the tour. With `--keep`, the emulator and the connections stay until Ctrl-C.
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
    let provider = Binary::PROVIDER.build(&interrupt).await?;
    let emulator = Emulator::start().await;
    let session = Session::prepare(cli, &provider, settings(&emulator), &interrupt).await?;
    say(&format!("The emulator listens on {}.", emulator.url()));
    say("The provider is installed in a copy of examples/demo:");
    line(&session.folder().display().to_string());

    say(LEFT_OUT);

    let tour = Tour::new(&session, &emulator);
    tour.walk().await?;
    if keep {
        tour.leave_open()?;
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

/// The provider's settings: the address of the emulator and the place of connections.
fn settings(emulator: &Emulator) -> Environment {
    let place = PLACE.map(|(name, value)| (name, value.to_owned()));
    emulator.variables().into_iter().chain(place).chain(without_proxy()).collect()
}
