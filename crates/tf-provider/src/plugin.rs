//! The plugin process: from `exec` to the first RPC, and from the last RPC to the exit.
//!
//! This module must not know the RPCs or the provider. It is given one gRPC service and keeps a
//! process alive around it, as HashiCorp's go-plugin expects: a handshake line on stdout, one
//! connection secured by certificates made for this run, a few side services, and a prompt exit. It
//! is the only module that reads the environment and touches stdout.
//!
//! - [`invocation`], [`environment`]: the arguments and variables, as typed values
//! - [`handshake`], [`listener`], [`tls`]: the way for a host to connect
//! - [`incoming`], [`services`]: connections, and the services on them
//! - [`lifetime`], [`signals`]: the reasons to end
//! - [`reattach`]: the mode for debuggers, without a host
//! - [`log`], [`mod@panic`], [`start_error`]: the texts on stderr, which hold no secret
//! - [`dumps`]: no core dumps

use std::env;
use std::pin::pin;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use tokio::runtime::{self, Runtime};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tonic::transport::Server;

use self::environment::Environment;
use self::invocation::Invocation;
use self::lifetime::{Clients, Ending, Parent};
use self::listener::{Endpoint, Listener};
pub(crate) use self::program::Program;
use self::services::GrpcService;
use self::signals::Signals;
use self::start_error::StartError;
use self::tls::Identity;

mod dumps;
mod environment;
mod handshake;
mod incoming;
mod invocation;
mod lifetime;
mod listener;
mod log;
mod panic;
mod program;
mod reattach;
mod services;
mod signals;
mod start_error;
mod tls;

#[cfg(test)]
mod tests;

/// The time that requests in flight have to finish once the end has been announced.
///
/// Terraform asks for the end after its last reply, so there is rarely anything to wait for, and
/// it waits for the process: what is spent here is spent by the user, at every command.
const DRAIN: Duration = Duration::from_millis(100);

/// Requests one connection may have open at a time.
///
/// Terraform runs `-parallelism` requests next to two streams that stay open; the usual default of
/// 200 would stall a user who asks for more.
const CONCURRENT_STREAMS: u32 = 4096;

/// One is enough for the protocol; the second keeps replies flowing while the first decodes a large
/// state. More would cost start-up time, which every Terraform command pays several times.
const WORKERS: usize = 2;

/// Serves until Terraform is done with this process, and returns its exit code.
///
/// `main` should return the code at once: background work may still be running and is not waited
/// for. The `service` is made inside the runtime once the handshake line is out, while Terraform is
/// busy connecting.
pub(crate) fn run<S: GrpcService>(program: Program, service: impl FnOnce() -> S) -> ExitCode {
    let outcome = match Invocation::parse(env::args_os().skip(1)) {
        Invocation::Plugin => serve_host(&program, service),
        Invocation::Debug => serve_developer(&program, service),
        Invocation::Inform(topic) => {
            invocation::inform(&program, topic).map_err(StartError::Stdout)
        }
        Invocation::Unknown(argument) => Err(StartError::Argument(argument)),
    };
    outcome.unwrap_or_else(|error| {
        log::plain(&format!("terraform-provider-{}: {error}\n", program.name));
        error.exit_code()
    })
}

/// Serves the provider and the side services on a listener, in process and without TLS.
///
/// Returns once `shutdown` is cancelled, by the caller or by the `Shutdown` RPC, and the requests in
/// flight have finished.
///
/// # Errors
///
/// Fails if the server cannot go on.
#[cfg(feature = "testing")]
pub(crate) async fn serve_plain<S: GrpcService>(
    listener: impl Into<Listener>,
    service: S,
    shutdown: CancellationToken,
) -> Result<(), tonic::transport::Error> {
    let connections = incoming::connections(listener.into(), None, Clients::default());
    serve(service, connections, shutdown).await
}

/// The life of a process that Terraform started.
fn serve_host<S: GrpcService>(
    program: &Program,
    service: impl FnOnce() -> S,
) -> Result<ExitCode, StartError> {
    let environment = read_environment(program)?;
    if !environment.started_by_host {
        return Err(StartError::NotAPlugin { name: program.name.clone() });
    }
    let process = Process::start(program, &environment)?;
    dumps::refuse();
    let (line, identity) = answer(&environment, &process.endpoint)?;
    handshake::announce(&line).map_err(StartError::Stdout)?;
    if !environment.protocol_matches {
        log::complain("the host offers no plugin protocol 5, and this provider speaks no other");
    }
    let tls = identity.map(|identity| TlsAcceptor::from(identity.config));
    Ok(process.live(service, tls, Parent::Host))
}

/// The handshake line for a host with this environment, and the identity it names.
fn answer(
    environment: &Environment,
    endpoint: &Endpoint,
) -> Result<(String, Option<Identity>), StartError> {
    let identity = match &environment.client_certificate {
        Some(pem) => Some(tls::identity(pem, SystemTime::now()).map_err(StartError::Tls)?),
        None => None,
    };
    let certificate = identity.as_ref().map(|identity| identity.certificate.as_ref());
    let line = handshake::line(endpoint, certificate, environment.multiplexing_asked);
    Ok((line, identity))
}

/// Returns the handshake line of a process at this address for a host with these variables, or the
/// reason why it would not start.
#[cfg(feature = "testing")]
pub(crate) fn handshake(
    provider: &str,
    address: std::net::SocketAddr,
    lookup: impl Fn(&str) -> Option<String>,
) -> Result<String, String> {
    let text = |error: StartError| error.to_string();
    let environment = Environment::read(provider, lookup).map_err(text)?;
    if !environment.started_by_host {
        return Err(text(StartError::NotAPlugin { name: provider.to_owned() }));
    }
    answer(&environment, &Endpoint::Tcp(address)).map(|(line, _)| line).map_err(text)
}

/// The life of a process that a developer started, in a terminal or under a debugger. It stays
/// open to debuggers, and may dump core where the developer's shell lets it.
fn serve_developer<S: GrpcService>(
    program: &Program,
    service: impl FnOnce() -> S,
) -> Result<ExitCode, StartError> {
    let process = Process::start(program, &read_environment(program)?)?;
    reattach::announce(program, &process.endpoint).map_err(StartError::Stdout)?;
    Ok(process.live(service, None, Parent::Developer))
}

fn read_environment(program: &Program) -> Result<Environment, StartError> {
    Environment::read(&program.name, |name| env::var(name).ok())
}

/// A process that can be connected to, and does not serve yet.
struct Process {
    runtime: Runtime,
    signals: Signals,
    listener: Listener,
    endpoint: Endpoint,
}

impl Process {
    fn start(program: &Program, environment: &Environment) -> Result<Self, StartError> {
        panic::install_hook();
        log::install(program, environment.log_level);
        let runtime = runtime::Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .enable_all()
            .build()
            .map_err(StartError::Runtime)?;
        let context = runtime.enter();
        let signals = Signals::install().map_err(StartError::Runtime)?;
        let (listener, endpoint) = Listener::bind(&environment.placement)?;
        drop(context);
        Ok(Self { runtime, signals, listener, endpoint })
    }

    /// Serves until something ends the process.
    fn live<S: GrpcService>(
        self,
        service: impl FnOnce() -> S,
        tls: Option<TlsAcceptor>,
        parent: Parent,
    ) -> ExitCode {
        let Self { runtime, signals, listener, endpoint } = self;
        let ending = runtime.block_on(async {
            let stop = CancellationToken::new();
            let clients = Clients::default();
            // First, so that a client can prove itself while the service is made.
            let connections = incoming::connections(listener, tls, clients.clone());
            let server = serve(service(), connections, stop.clone());
            let ended = async {
                tokio::select! {
                    () = stop.cancelled() => Ending::Shutdown,
                    ending = clients.absence(parent.limits()) => ending,
                    ending = signals.ending(parent) => ending,
                }
            };
            until(ended, server, &stop).await
        });
        tracing::debug!(?ending, "the process ends");
        // Removes the socket. The rest is left to the operating system: to drop the runtime would
        // be to wait for blocking work such as a name lookup.
        drop(endpoint);
        runtime.shutdown_background();
        ending.exit_code()
    }
}

async fn serve<S: GrpcService>(
    service: S,
    connections: incoming::Connections,
    stop: CancellationToken,
) -> Result<(), tonic::transport::Error> {
    Server::builder()
        .max_concurrent_streams(CONCURRENT_STREAMS)
        .add_routes(services::routes(service, &stop))
        .serve_with_incoming_shutdown(connections, stop.cancelled_owned())
        .await
}

/// Runs the server until something ends it, then gives it a moment to finish.
async fn until(
    ended: impl Future<Output = Ending>,
    server: impl Future<Output = Result<(), tonic::transport::Error>>,
    stop: &CancellationToken,
) -> Ending {
    let mut server = pin!(server);
    tokio::select! {
        ending = ended => {
            stop.cancel();
            if tokio::time::timeout(DRAIN, server).await.is_err() {
                tracing::debug!("requests were still running at the end");
            }
            ending
        }
        // A `Shutdown` that comes in between has the server finish before its ending is seen here.
        outcome = &mut server => match outcome {
            Ok(()) if stop.is_cancelled() => Ending::Shutdown,
            Ok(()) => Ending::Failed,
            Err(error) => {
                log::complain(&format!("the gRPC server cannot go on: {error}"));
                Ending::Failed
            }
        }
    }
}
