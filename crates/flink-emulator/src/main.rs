//! The emulator as a program.
//!
//! It reads the command line, starts the library's emulator, prints how to use it,
//! and stops on Ctrl-C or SIGTERM.

use std::fs;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use flink_emulator::{ApiKey, Emulator, Fault};

/// A local emulator of the REST API of Confluent Cloud for Apache Flink.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The address to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
    /// Keeps the connections, credentials included, in this file.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Accepts only this API key; can be given several times.
    // A plain text, because the parser would repeat a malformed one.
    #[arg(long, value_name = "KEY:SECRET")]
    require_key: Vec<String>,
    /// Adds a fault, as `POST /control/faults` takes it; can be given several
    /// times.
    #[arg(long, value_name = "JSON")]
    fault: Vec<Fault>,
    /// Speaks HTTPS, and writes the authority that clients must trust to this
    /// file.
    #[arg(long, value_name = "FILE")]
    tls: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A closed standard error leaves no place for the message.
            let _ = writeln!(io::stderr(), "flink-emulator: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let interrupted = interrupted()?;
    let mut builder = Emulator::builder().listen(arguments.listen);
    for key in &arguments.require_key {
        builder = builder.require_key(key.parse::<ApiKey>()?);
    }
    for fault in arguments.fault {
        builder = builder.fault(fault);
    }
    if let Some(path) = arguments.state {
        builder = builder.state_file(path);
    }
    if arguments.tls.is_some() {
        builder = builder.tls();
    }
    let emulator = builder.start().await?;
    let mut variables = emulator.variables();
    if let (Some(path), Some(pem)) = (arguments.tls, emulator.ca_pem()) {
        let shown = path.display();
        fs::write(&path, pem).map_err(|error| format!("cannot write {shown}: {error}"))?;
        variables.push(("FLINK_CA_BUNDLE", shown.to_string()));
    }
    // Written at once, since a reader may close the pipe after the first line.
    io::stdout().write_all(announcement(&emulator.url(), &variables).as_bytes())?;
    interrupted.await;
    emulator.stop().await;
    Ok(())
}

/// The address of the emulator, in a first line for programs, and then the commands
/// for a person.
fn announcement(url: &str, variables: &[(&str, String)]) -> String {
    let exports: String =
        variables.iter().map(|(name, value)| format!("export {name}='{value}'\n")).collect();
    let control = format!("{url}/control");
    format!(
        "listening on {url}\n\n\
         # For Terraform, in another terminal:\n{exports}\n\
         # The control API: the connections, and the requests received.\n\
         curl {control}/connections\ncurl {control}/journal\n"
    )
}

/// Waits for Ctrl-C or SIGTERM. From this call on neither ends the program by
/// itself, also while nothing waits yet.
#[cfg(unix)]
fn interrupted() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
fn interrupted() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without the signal there is nothing to wait for, so this ends at once.
        let _ = tokio::signal::ctrl_c().await;
    })
}
