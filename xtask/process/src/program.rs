//! Programs that a step starts. None of them outlives it.
//!
//! Each gets a process group of its own, so that Ctrl-C at the terminal reaches
//! only this process, which passes it on once and waits: a CLI that hears it
//! twice gives up without cleaning up. What is left after that, or after an
//! error, is killed.

use std::ffi::OsStr;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::pin::pin;
use std::process::{ExitStatus, Output, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;
use xtask_step::outcome::{Interrupted, Outcome, fail};

use crate::interrupt::Interrupt;

/// How long a program has to end after Ctrl-C.
const GRACE: Duration = Duration::from_secs(10);

/// A program to start, with nothing to read on its input.
#[derive(Debug)]
pub struct Program {
    command: Command,
}

impl Program {
    /// The program at a path, or of this name on the PATH.
    #[must_use]
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program);
        command.stdin(Stdio::null()).kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
        Self { command }
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.command.args(args);
        self
    }

    /// Sets a variable of its environment.
    #[must_use]
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Keeps the variables of this process from it whose names match.
    #[must_use]
    pub fn without_env(mut self, matches: impl Fn(&str) -> bool) -> Self {
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(&matches) {
                self.command.env_remove(name);
            }
        }
        self
    }

    /// Runs it in a folder.
    #[must_use]
    pub fn current_dir(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Runs it, with what it prints going where ours goes.
    pub async fn run(mut self, interrupt: &Interrupt) -> Outcome<ExitStatus> {
        self.command.stdout(Stdio::inherit()).stderr(Stdio::inherit());
        Ok(self.finish(interrupt).await?.status)
    }

    /// Runs it and passes each line of its output to `show` as soon as it is
    /// printed; its errors are shown.
    pub async fn lines(
        self,
        interrupt: &Interrupt,
        mut show: impl FnMut(&str),
    ) -> Outcome<ExitStatus> {
        let Running { mut child, mut lines } = self.start()?;
        let id = child.id();
        let end = async move {
            while let Some(line) = lines.next_line().await? {
                show(&line);
            }
            child.wait().await
        };
        ended(id, interrupt, end).await
    }

    /// Runs it and keeps what it prints to its output; its errors are shown.
    pub async fn output(mut self, interrupt: &Interrupt) -> Outcome<Output> {
        self.command.stdout(Stdio::piped()).stderr(Stdio::inherit());
        self.finish(interrupt).await
    }

    /// Runs it and keeps all that it prints.
    pub async fn quietly(mut self, interrupt: &Interrupt) -> Outcome<Output> {
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped());
        self.finish(interrupt).await
    }

    /// Starts it, to run beside the step.
    pub fn start(mut self) -> Outcome<Running> {
        self.command.stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = self.spawn()?;
        match child.stdout.take() {
            Some(output) => Ok(Running { child, lines: BufReader::new(output).lines() }),
            None => fail("the output of a program cannot be read"),
        }
    }

    async fn finish(mut self, interrupt: &Interrupt) -> Outcome<Output> {
        let child = self.spawn()?;
        ended(child.id(), interrupt, child.wait_with_output()).await
    }

    fn spawn(&mut self) -> Outcome<Child> {
        self.command.spawn().or_else(|error| {
            let program = self.command.as_std().get_program().to_string_lossy().into_owned();
            match error.kind() {
                ErrorKind::NotFound => fail(format!("there is no program {program}")),
                _ => fail(format!("{program} cannot be started: {error}")),
            }
        })
    }
}

/// Waits for the end of a program; after an interrupt, asks it to end first.
async fn ended<T>(
    id: Option<u32>,
    interrupt: &Interrupt,
    end: impl Future<Output = io::Result<T>>,
) -> Outcome<T> {
    let mut end = pin!(end);
    if let Ok(ended) = interrupt.unless(end.as_mut()).await {
        return Ok(ended?);
    }
    group::interrupt(id);
    if timeout(GRACE, end).await.is_err() {
        group::kill(id);
    }
    Err(Interrupted.into())
}

/// A program that runs beside the step. It is killed when it is dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Running {
    /// The id of its process, while it runs.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// The next line of its output. `None`: it has ended, or took longer than
    /// `limit`.
    pub async fn next_line(
        &mut self,
        limit: Duration,
        interrupt: &Interrupt,
    ) -> Outcome<Option<String>> {
        match interrupt.unless(timeout(limit, self.lines.next_line())).await? {
            Ok(line) => Ok(line?),
            Err(_) => Ok(None),
        }
    }

    /// Asks it to end, and waits for that.
    pub async fn terminate(mut self) -> Outcome {
        group::terminate(self.child.id());
        if timeout(GRACE, self.child.wait()).await.is_err() {
            self.child.kill().await?;
        }
        Ok(())
    }
}

/// A program together with all that it started.
#[cfg(unix)]
mod group {
    use rustix::process::{Pid, Signal, kill_process_group};

    pub(super) fn interrupt(id: Option<u32>) {
        send(id, Signal::INT);
    }

    pub(super) fn terminate(id: Option<u32>) {
        send(id, Signal::TERM);
    }

    pub(super) fn kill(id: Option<u32>) {
        send(id, Signal::KILL);
    }

    fn send(id: Option<u32>, signal: Signal) {
        let id = id.and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(id) = id {
            // An error means that it has ended meanwhile.
            let _ = kill_process_group(id, signal);
        }
    }
}

/// Elsewhere Ctrl-C reaches every program of the console by itself.
#[cfg(not(unix))]
mod group {
    pub(super) fn interrupt(_: Option<u32>) {}

    pub(super) fn terminate(_: Option<u32>) {}

    pub(super) fn kill(_: Option<u32>) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_program_that_is_not_there_is_named() {
        let error = Program::new("no-such-program").run(&Interrupt::never()).await.unwrap_err();
        assert!(error.to_string().contains("no program no-such-program"), "{error}");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn an_interrupt_ends_the_program_and_the_step() {
        let sleep = Program::new("sleep").args(["600"]);
        let error = sleep.quietly(&Interrupt::at_once()).await.unwrap_err();
        assert!(error.is::<Interrupted>());
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn passes_lines_on_and_returns_the_status() {
        let mut lines = Vec::new();
        let program = Program::new("sh").args(["-c", "echo one; echo; printf two; exit 3"]);
        let show = |line: &str| lines.push(line.to_owned());
        let status = program.lines(&Interrupt::never(), show).await.unwrap();
        assert_eq!(status.code(), Some(3));
        assert_eq!(lines, ["one", "", "two"]);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_program_sees_the_variables_that_were_left_and_set() {
        let env = Program::new("env").without_env(|name| name.starts_with("CARGO_PKG_"));
        let output = env.env("ADDED", "yes").quietly(&Interrupt::never()).await.unwrap();
        let seen = String::from_utf8(output.stdout).unwrap();
        assert!(seen.contains("ADDED=yes") && seen.contains("PATH="), "{seen}");
        assert!(!seen.contains("CARGO_PKG_NAME="), "{seen}");
    }
}
