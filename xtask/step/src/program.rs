//! Programs that a step starts. None of them outlives the step.
//!
//! Each gets a process group of its own, so that Ctrl-C at the terminal reaches only
//! this process, which passes it on once and waits: a CLI that receives it twice exits
//! without cleaning up. Whatever still runs after that, or after an error, is killed.

use std::ffi::OsStr;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::pin::pin;
use std::process::{ExitStatus, Output, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use crate::interrupt::Interrupt;
use crate::outcome::{Outcome, fail, interrupted};

/// The time that a program has to end after Ctrl-C.
const GRACE: Duration = Duration::from_secs(10);

/// A program to start. Its standard input is empty.
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

    /// Removes the variables from its environment whose names match.
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

    /// Runs it with its output shown.
    pub async fn run(mut self, interrupt: &Interrupt) -> Outcome<ExitStatus> {
        self.command.stdout(Stdio::inherit()).stderr(Stdio::inherit());
        Ok(self.finish(interrupt).await?.status)
    }

    /// Runs it and returns its standard output; its errors are shown.
    pub async fn output(mut self, interrupt: &Interrupt) -> Outcome<Output> {
        self.command.stdout(Stdio::piped()).stderr(Stdio::inherit());
        self.finish(interrupt).await
    }

    /// Runs it and returns both outputs; nothing is shown.
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
    group::send(id, group::Signal::INT);
    if timeout(GRACE, end).await.is_err() {
        group::send(id, group::Signal::KILL);
    }
    Err(interrupted())
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

    /// The next line of its output. `None` if the program has ended, or printed no line
    /// within `limit`.
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
        group::send(self.child.id(), group::Signal::TERM);
        if timeout(GRACE, self.child.wait()).await.is_err() {
            self.child.kill().await?;
        }
        Ok(())
    }
}

/// Signals to a program together with all that it started.
#[cfg(unix)]
mod group {
    pub(super) use rustix::process::Signal;
    use rustix::process::{Pid, kill_process_group};

    pub(super) fn send(id: Option<u32>, signal: Signal) {
        let id = id.and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(id) = id {
            // An error means that the program has ended in the meantime.
            let _ = kill_process_group(id, signal);
        }
    }
}

/// Elsewhere, Ctrl-C reaches every program of the console by itself.
#[cfg(not(unix))]
mod group {
    pub(super) enum Signal {
        INT,
        TERM,
        KILL,
    }

    pub(super) fn send(_: Option<u32>, _: Signal) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn names_a_missing_program() {
        let error = Program::new("no-such-program").run(&Interrupt::fixed(false)).await;
        let error = error.unwrap_err();
        assert!(error.to_string().contains("no program no-such-program"), "{error}");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn an_interrupt_ends_the_program_and_the_step() {
        let sleep = Program::new("sleep").args(["600"]);
        let error = sleep.quietly(&Interrupt::fixed(true)).await.unwrap_err();
        assert!(crate::outcome::is_interrupted(&*error));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_program_sees_the_variables_that_were_kept_and_set() {
        let env = Program::new("env").without_env(|name| name.starts_with("CARGO_PKG_"));
        let output = env.env("ADDED", "yes").quietly(&Interrupt::fixed(false)).await.unwrap();
        let seen = String::from_utf8(output.stdout).unwrap();
        assert!(seen.contains("ADDED=yes") && seen.contains("PATH="), "{seen}");
        assert!(!seen.contains("CARGO_PKG_NAME="), "{seen}");
    }
}
