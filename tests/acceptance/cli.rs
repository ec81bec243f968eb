//! The CLI under test: its program, its environment and its runs.
//!
//! A run sees no variable of the machine but PATH. No process that it started may be left
//! after its end. This file knows nothing of the commands' meaning.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

/// The time after which a run counts as hanging.
const LIMIT: Duration = Duration::from_secs(120);

/// The time in which the processes of a run must end after it.
const EXIT_TIMEOUT: Duration = Duration::from_secs(5);

/// The program of the CLI.
static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
    if let Some(chosen) = std::env::var_os("TF_ACC_TERRAFORM_PATH") {
        let chosen = PathBuf::from(chosen);
        assert!(chosen.is_file(), "TF_ACC_TERRAFORM_PATH names no file: {}", chosen.display());
        return chosen;
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let name = |program: &str| format!("{program}{}", std::env::consts::EXE_SUFFIX);
    let found = ["terraform", "tofu"].iter().find_map(|program| {
        std::env::split_paths(&path)
            .map(|folder| folder.join(name(program)))
            .find(|at| at.is_file())
    });
    found.expect("acceptance tests need `terraform` or `tofu` on PATH, or TF_ACC_TERRAFORM_PATH")
});

/// A folder that contains only the provider, as `dev_overrides` requires.
///
/// A hard link keeps this build's file while another build replaces it.
static PROVIDER_FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let built = Path::new(env!("CARGO_BIN_EXE_terraform-provider-flink"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("acceptance");
    fs::create_dir_all(&folder).expect("the target folder can be written");
    let fresh = folder.join(format!("fresh-{}", std::process::id()));
    fs::hard_link(built, &fresh)
        .or_else(|_| fs::copy(built, &fresh).map(drop))
        .expect("the provider can be linked or copied");
    let name = built.file_name().expect("an executable has a name");
    fs::rename(fresh, folder.join(name)).expect("a link can be replaced");
    folder
});

/// The text of the CLI configuration file.
pub(crate) fn configuration() -> String {
    let folder = PROVIDER_FOLDER.to_string_lossy().replace('\\', "/");
    let overrides: Vec<String> = ["registry.terraform.io", "registry.opentofu.org"]
        .iter()
        .map(|host| format!("    \"{host}/flink-iac/flink\" = \"{folder}\"\n"))
        .collect();
    format!(
        "provider_installation {{\n  dev_overrides {{\n{}  }}\n  direct {{}}\n}}\n",
        overrides.concat()
    )
}

/// The number of the next run, which names its output files.
static NUMBER: AtomicUsize = AtomicUsize::new(0);

/// A started run.
#[derive(Debug)]
pub(crate) struct Running {
    line: String,
    child: Child,
    output: [PathBuf; 2],
    /// The group that every process of the run is in, and no other.
    group: u32,
}

/// A finished run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) line: String,
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Starts the CLI in the folder `work`. Its output goes to files in `home`, and its input
/// comes from `home/stdin` if that exists.
pub(crate) fn start(
    work: &Path,
    home: &Path,
    variables: &BTreeMap<String, String>,
    arguments: &[&str],
) -> Running {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let output = ["stdout", "stderr"].map(|name| home.join(format!("{name}-{number}")));
    let [stdout, stderr] =
        output.each_ref().map(|path| File::create(path).expect("the folder is the scenario's own"));
    let stdin = File::open(home.join("stdin")).map_or_else(|_| Stdio::null(), Stdio::from);
    let mut command = Command::new(&*PROGRAM);
    command
        .args(arguments)
        .current_dir(work)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home)
        .envs(variables)
        .stdin(stdin)
        .stdout(stdout)
        .stderr(stderr)
        .kill_on_drop(true);
    #[cfg(unix)]
    command.process_group(0);
    let child = command.spawn().expect("the command line can be started");
    let line = format!("terraform {}", arguments.join(" "));
    let group = child.id().expect("it runs until it is waited for");
    Running { line, child, output, group }
}

impl Running {
    /// Sends the signal of Ctrl-C to every process of the run, as a terminal does.
    #[cfg(unix)]
    pub(crate) fn interrupt(&self) {
        self.signal("INT");
    }

    /// Kills the CLI and no other process.
    #[cfg(unix)]
    pub(crate) fn kill(&self) {
        send("KILL", self.id());
    }

    /// Kills the provider that the CLI runs at the moment.
    #[cfg(target_os = "linux")]
    pub(crate) fn kill_provider(&self) {
        let is_started = |process: &Process| i64::from(process.parent) == self.id();
        let provider = self.processes().into_iter().find(is_started).expect("a provider runs");
        send("KILL", provider.id.into());
    }

    #[cfg(unix)]
    fn signal(&self, name: &str) {
        send(name, -i64::from(self.group));
    }

    #[cfg(unix)]
    fn id(&self) -> i64 {
        self.child.id().expect("the run is not over").into()
    }

    /// The running processes: the CLI and those that it started.
    #[cfg(target_os = "linux")]
    pub(crate) fn processes(&self) -> Vec<Process> {
        processes_of(self.group)
    }

    /// Waits until it has printed this.
    pub(crate) async fn prints(&self, text: &str) {
        let is_printed = || self.read().iter().any(|printed| printed.contains(text));
        self.until(&format!("it prints {text:?}"), is_printed).await;
    }

    /// Waits for an effect of the run.
    pub(crate) async fn until(&self, what: &str, is_so: impl Fn() -> bool) {
        let end = Instant::now() + LIMIT;
        while !is_so() {
            assert!(Instant::now() < end, "{} and not: {what}\n{:?}", self.line, self.read());
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits for the end of the run and of all processes that it started.
    pub(crate) async fn finish(mut self) -> Run {
        let Ok(status) = timeout(LIMIT, self.child.wait()).await else {
            #[cfg(unix)]
            self.signal("KILL");
            let [stdout, stderr] = self.read();
            panic!("{} is not over after {LIMIT:?}\n{stdout}\n{stderr}", self.line);
        };
        let status = status.expect("a child can be waited for");
        let [stdout, stderr] = self.read();
        let run = Run { line: self.line, status, stdout, stderr };
        let end = Instant::now() + EXIT_TIMEOUT;
        while let Some(Process { id, parent, name }) = processes_of(self.group).first() {
            let left = format!("{name} ({id}, which {parent} started)");
            assert!(Instant::now() < end, "{left} is left after {}", run.shown());
            sleep(Duration::from_millis(10)).await;
        }
        run
    }

    fn read(&self) -> [String; 2] {
        self.output.each_ref().map(|path| {
            let bytes = fs::read(path).unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        })
    }
}

impl Run {
    /// The run as text for messages of tests: of JSON only the texts.
    pub(crate) fn shown(&self) -> String {
        let Self { line, status, stderr, .. } = self;
        let lines: Vec<String> = self.stdout.lines().map(message_of).collect();
        format!("`{line}` ({status})\n{}\n{stderr}", lines.join("\n"))
    }

    /// The output without frames and line breaks.
    pub(crate) fn prose(&self) -> String {
        let text = format!("{} {}", self.stdout, self.stderr).replace(['│', '╷', '╵'], " ");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// The message in a line of `-json` output; any other line unchanged.
fn message_of(line: &str) -> String {
    let Ok(json) = serde_json::from_str::<serde_json::Value>(line) else { return line.to_owned() };
    let text = |pointer: &str| json.pointer(pointer).and_then(serde_json::Value::as_str);
    match (text("/@message"), text("/diagnostic/detail")) {
        (Some(message), Some(detail)) => format!("{message}: {detail}"),
        (Some(message), None) => message.to_owned(),
        (None, _) => line.to_owned(),
    }
}

/// A process of a run.
#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) id: u32,
    pub(crate) parent: u32,
    /// The name of its program, cut off after 15 characters.
    pub(crate) name: String,
}

/// The running processes of a group, as Linux shows them; none on other systems.
fn processes_of(group: u32) -> Vec<Process> {
    let entries = fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok);
    let processes = entries.filter_map(|entry| {
        let id = entry.file_name().to_str()?.parse().ok()?;
        let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
        // The name is in parentheses and may contain parentheses.
        let (name, rest) = stat.split_once('(')?.1.rsplit_once(')')?;
        let mut fields = rest.split_whitespace();
        let is_dead = fields.next()? == "Z";
        let parent = fields.next()?.parse().ok()?;
        let is_meant = !is_dead && fields.next()?.parse() == Ok(group);
        is_meant.then(|| Process { id, parent, name: name.to_owned() })
    });
    processes.collect()
}

/// Sends a signal to a process, or to a group where the id is negative.
#[cfg(unix)]
fn send(name: &str, id: i64) {
    let kill = format!("kill -{name} {id}");
    let sent = std::process::Command::new("sh").args(["-c", &kill]).status();
    assert!(sent.is_ok_and(|status| status.success()), "{kill}");
}
