//! The program by itself: how large it is, how soon it is ready, and what it
//! takes up while it waits.
//!
//! It is started as Terraform starts it: with the cookie, and with a certificate
//! to expect, so that it makes its own.

use std::fs;
use std::time::{Duration, Instant};

use xtask_build::release;
use xtask_process::Program;
use xtask_step::outcome::{Outcome, fail};
use xtask_step::workspace;

use super::report::{Report, Row, thousands};
use super::samples::{Samples, milliseconds};
use super::{Bench, target, watch};

const STARTS: usize = 100;

/// How long Terraform waits for the handshake.
const PATIENCE: Duration = Duration::from_secs(60);

/// What Terraform tells a provider that it starts.
const HOST: [(&str, &str); 4] = [
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"),
    ("PLUGIN_PROTOCOL_VERSIONS", "5"),
    ("PLUGIN_MIN_PORT", "10000"),
    ("PLUGIN_MAX_PORT", "25000"),
];

/// A certificate of the kind that Terraform makes for each start.
const CERTIFICATE: &str = "crates/tf-provider/tests/fixtures/plugin/launcher.pem";

pub(super) async fn measure(bench: &Bench, report: &mut Report) -> Outcome {
    let mut times = Samples::default();
    let mut memory = Vec::new();
    for _ in 0..STARTS {
        let (time, resident) = start(bench).await?;
        times.push(time);
        memory.extend(resident);
    }
    let [p50, p95] = [50, 95].map(|percent| milliseconds(times.percentile(percent)));
    report.row(Row {
        what: format!("exec to handshake, p50 / p95 of {STARTS}"),
        ours: format!("{p50} / {p95}"),
        target: target::START.to_owned(),
        ..Row::default()
    });
    memory.sort();
    if let Some(median) = memory.get(memory.len() / 2) {
        report.row(Row {
            what: "resident memory when idle".to_owned(),
            ours: watch::mebibytes(*median),
            target: target::IDLE_MEMORY.to_owned(),
            ..Row::default()
        });
    }
    let size = usize::try_from(fs::metadata(&bench.provider)?.len())?;
    report.limit("bytes of the program", size, release::LARGEST);
    let megabytes = |bytes: usize| format!("{:.1} MB", bytes as f64 / 1e6);
    report.row(Row {
        what: "program, stripped".to_owned(),
        ours: format!("{} ({} bytes)", megabytes(size), thousands(size)),
        target: megabytes(release::LARGEST),
        ..Row::default()
    });
    Ok(())
}

/// Starts the program and ends it; the time to its handshake, and the memory it
/// takes up then.
async fn start(bench: &Bench) -> Outcome<(Duration, Option<u64>)> {
    let program = HOST
        .iter()
        .fold(Program::new(&bench.provider), |program, (name, value)| program.env(name, value));
    let certificate = fs::read_to_string(workspace::root().join(CERTIFICATE))?;
    let program = program.env("PLUGIN_CLIENT_CERT", certificate);
    let started = Instant::now();
    let mut running = program.start()?;
    let line = running.next_line(PATIENCE, &bench.interrupt).await?;
    let time = started.elapsed();
    if !line.is_some_and(|line| line.starts_with("1|5|")) {
        return fail("the provider ended, or did not say where it listens");
    }
    let memory = running.id().and_then(|id| watch::status(id, "VmRSS"));
    running.terminate().await?;
    Ok((time, memory))
}
