//! The protection of a provider's memory from other processes.
//!
//! Only Linux tells it of a running process. Root may look into every process, so as root the
//! provider runs as someone else.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::cli::example;

/// The variable by which a plugin knows that Terraform starts it.
const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

const ROOT: u32 = 0;
const NOBODY: u32 = 65_534;

#[test]
fn a_process_that_terraform_started_leaves_no_core_dump() {
    let process = Process::start(&[], &[COOKIE]);
    assert_eq!(process.core_limits(), ["0", "0"]);
    assert_eq!(process.owner_of_memory(), ROOT, "its memory can be dumped and read");
}

#[test]
fn a_process_that_a_developer_started_can_be_debugged() {
    let process = Process::start(&["--debug"], &[]);
    assert_eq!(process.core_limits(), core_limits("self"), "the shell's limits hold");
    assert_eq!(process.owner_of_memory(), process.user);
}

/// A provider that says how to connect to it; it ends when this is dropped.
struct Process {
    child: Child,
    user: u32,
    _folder: TempDir,
}

impl Process {
    fn start(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let own = fs::metadata("/proc/self").unwrap().uid();
        let user = if own == ROOT { NOBODY } else { own };
        // A folder that whoever the provider runs as can reach.
        let folder = TempDir::new().unwrap();
        fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
        let program = folder.path().join("terraform-provider-notebook");
        // By another process: one that this process is still writing could not be started.
        assert!(
            Command::new("cp").arg(example("minimal")).arg(&program).status().unwrap().success()
        );

        let mut command = Command::new(program);
        command.args(arguments).env_clear().envs(variables.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        if own == ROOT {
            command.uid(NOBODY).gid(NOBODY);
        }
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "the provider ended before it could be reached");
        Self { child, user, _folder: folder }
    }

    fn core_limits(&self) -> Vec<String> {
        core_limits(&self.child.id().to_string())
    }

    /// Whose files `/proc` says the process's memory is: its user's, or root's alone.
    fn owner_of_memory(&self) -> u32 {
        fs::metadata(format!("/proc/{}/mem", self.child.id())).unwrap().uid()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// The soft and the hard limit.
fn core_limits(process: &str) -> Vec<String> {
    let limits = fs::read_to_string(format!("/proc/{process}/limits")).unwrap();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max core file size"));
    line.unwrap().split_whitespace().take(2).map(str::to_owned).collect()
}
