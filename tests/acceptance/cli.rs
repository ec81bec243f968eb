//! The command line under test: which one it is, the environment it runs in,
//! and how a run ends.
//!
//! A run sees no variable of the machine but PATH. When it is over, no process
//! that it started may be left. It knows nothing of what the commands are about.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

/// The longest a run may take. No test waits for it; it ends one that hangs.
const LIMIT: Duration = Duration::from_secs(120);

/// How long the processes of a run may take to go away after it.
const FAREWELL: Duration = Duration::from_secs(5);

/// The variable that tells which run a process belongs to.
const MARK: &str = "ACCEPTANCE_RUN";

/// The command line to test.
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

/// A folder with nothing in it but the provider, as `dev_overrides` wants it.
///
/// The link keeps this build's file while another build replaces it.
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

/// Tells the runs of this process apart.
static NUMBER: AtomicUsize = AtomicUsize::new(0);

/// A run that has begun.
#[derive(Debug)]
pub(crate) struct Running {
    line: String,
    child: Child,
    output: [PathBuf; 2],
    /// What every process of the run has in its environment and no other has.
    mark: String,
}

/// A run that is over.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) line: String,
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Starts the command line in the folder `work`; its output goes to files in
/// `home`, which no other scenario shares.
pub(crate) fn start(
    work: &Path,
    home: &Path,
    variables: &BTreeMap<String, String>,
    arguments: &[&str],
) -> Running {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let mark = home.join(number.to_string()).display().to_string();
    let output = ["stdout", "stderr"].map(|name| home.join(format!("{name}-{number}")));
    let [stdout, stderr] =
        output.each_ref().map(|path| File::create(path).expect("the folder is the scenario's own"));
    let mut command = Command::new(&*PROGRAM);
    command
        .args(arguments)
        .current_dir(work)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home)
        .envs(variables)
        .env(MARK, &mark)
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(stderr)
        .kill_on_drop(true);
    #[cfg(unix)]
    command.process_group(0);
    let child = command.spawn().expect("the command line can be started");
    let line = format!("terraform {}", arguments.join(" "));
    Running { line, child, output, mark: format!("{MARK}={mark}") }
}

impl Running {
    /// Presses Ctrl-C, which every process in the foreground hears.
    #[cfg(unix)]
    pub(crate) fn interrupt(&self) {
        self.signal("INT");
    }

    /// Ends the command line, and nothing else, without a word of warning.
    #[cfg(unix)]
    pub(crate) fn kill(&self) {
        send("KILL", self.id());
    }

    /// Ends the provider that the command line runs at the moment, as
    /// [`Running::kill`] does.
    #[cfg(target_os = "linux")]
    pub(crate) fn kill_provider(&self) {
        let is_other = |id: &u32| i64::from(*id) != self.id();
        let provider = processes_with(&self.mark).find(is_other).expect("a provider runs");
        send("KILL", provider.into());
    }

    #[cfg(unix)]
    fn signal(&self, name: &str) {
        send(name, -self.id());
    }

    #[cfg(unix)]
    fn id(&self) -> i64 {
        self.child.id().expect("the run is not over").into()
    }

    /// Waits until it has printed this.
    pub(crate) async fn said(&self, text: &str) {
        let is_said = || self.read().iter().any(|printed| printed.contains(text));
        self.until(&format!("it says {text:?}"), is_said).await;
    }

    /// Waits until something is so that it brings about.
    pub(crate) async fn until(&self, what: &str, is_so: impl Fn() -> bool) {
        let end = Instant::now() + LIMIT;
        while !is_so() {
            assert!(Instant::now() < end, "{} and not: {what}\n{:?}", self.line, self.read());
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits for the end, and for the end of everything that was started.
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
        let end = Instant::now() + FAREWELL;
        while let Some(process) = processes_with(&self.mark).next() {
            assert!(Instant::now() < end, "process {process} is left after {}", run.shown());
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
    /// The run as a person would tell it, for messages: of JSON only the texts.
    pub(crate) fn shown(&self) -> String {
        let Self { line, status, stderr, .. } = self;
        let lines: Vec<String> = self.stdout.lines().map(in_words).collect();
        format!("`{line}` ({status})\n{}\n{stderr}", lines.join("\n"))
    }

    /// What was said to people, without frames and line breaks.
    pub(crate) fn prose(&self) -> String {
        let text = format!("{} {}", self.stdout, self.stderr).replace(['│', '╷', '╵'], " ");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// A line of `-json` output as its message, and any other line as it is.
fn in_words(line: &str) -> String {
    let Ok(json) = serde_json::from_str::<serde_json::Value>(line) else { return line.to_owned() };
    let text = |pointer: &str| json.pointer(pointer).and_then(serde_json::Value::as_str);
    match (text("/@message"), text("/diagnostic/detail")) {
        (Some(message), Some(detail)) => format!("{message}: {detail}"),
        (Some(message), None) => message.to_owned(),
        (None, _) => line.to_owned(),
    }
}

/// Sends a signal to a process, or to a group where the id is negative.
#[cfg(unix)]
fn send(name: &str, id: i64) {
    let kill = format!("kill -{name} {id}");
    let sent = std::process::Command::new("sh").args(["-c", &kill]).status();
    assert!(sent.is_ok_and(|status| status.success()), "{kill}");
}

/// The ids of the processes whose environment has this entry.
///
/// Only Linux shows the environment of a process as a file; elsewhere nothing
/// is found.
fn processes_with(entry: &str) -> impl Iterator<Item = u32> {
    let listed = fs::read_dir("/proc").into_iter().flatten();
    let ids = listed.filter_map(|each| each.ok()?.file_name().to_str()?.parse().ok());
    ids.filter(move |id: &u32| {
        let environment = fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|each| each == entry.as_bytes())
    })
}
