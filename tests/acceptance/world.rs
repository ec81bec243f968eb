//! A world of one test: a configuration in a folder of its own, an emulator of its own,
//! and everything that commands have printed.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use flink_emulator::{
    ApiKey, Connections, Emulator, Fault, Method, NewConnection, Place, StoredConnection,
};
use serde_json::Value;
use tempfile::TempDir;
use tokio::time::{Instant, sleep};
use zip::ZipArchive;

use crate::cli::{self, Run, Running};
use crate::configuration::REQUIRED_PROVIDERS;
use crate::interceptor::{Interceptor, Trick};
use crate::plan::Plan;
use crate::scenario::{CA_BUNDLE, Scenario};

/// The organization that the environment names.
pub(crate) const ORGANIZATION: &str = "1111aaaa-0000-4000-8000-000000000001";

/// The API key that the emulator accepts and the environment names.
pub(crate) const KEY: (&str, &str) = ("ACCEPTANCE", "secret-of-the-api-key");

/// Texts that no run may print.
const BUGS: [&str; 6] = [
    "panic",
    "crash",
    "Plugin did not respond",
    "This is a bug in the provider",
    "Provider produced in",
    "failed to exit gracefully",
];

/// The longest time that a test waits for a request.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);

const PLAN_FILE: &str = "saved.tfplan";
const LOG_FILE: &str = "trace.log";

/// A started world.
#[derive(Debug)]
pub(crate) struct World {
    folder: TempDir,
    variables: BTreeMap<String, String>,
    /// The API.
    pub(crate) emulator: Emulator,
    interceptor: Option<Interceptor>,
    printed: Mutex<String>,
}

/// Settings, the server and the files.
impl World {
    /// Starts the emulator and writes the files of a new world.
    pub(crate) async fn begin(scenario: Scenario) -> Self {
        let emulator = match scenario.is_secure {
            true => Emulator::builder().tls().start().await.expect("a free port can be had"),
            false => Emulator::start().await,
        };
        emulator.require_keys([ApiKey::new(KEY.0, KEY.1)]);
        let interceptor = scenario.is_intercepted.then(|| Interceptor::start(emulator.address()));
        let folder = tempfile::Builder::new().prefix("flink-").tempdir();
        let folder = folder.expect("the machine has room for temporary files");
        let mut world = Self {
            folder,
            variables: scenario.variables,
            emulator,
            interceptor,
            printed: Mutex::default(),
        };
        for each in ["work", "home", "tmp"] {
            fs::create_dir(world.path(each)).expect("the folder is new");
        }
        world.point_at_the_emulator();
        if let Some(authority) = world.emulator.ca_pem() {
            fs::write(world.path("work").join(CA_BUNDLE), authority).expect("the folder is new");
        }
        fs::write(world.path("cli.tfrc"), cli::configuration()).expect("the folder is new");
        world.configure(scenario.configuration);
        world
    }

    /// A path below the folder of the scenario.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn point_at_the_emulator(&mut self) {
        let origin = match &self.interceptor {
            Some(interceptor) => interceptor.url(),
            None => self.emulator.url(),
        };
        let path = |name: &str| self.path(name).display().to_string();
        let defaults = [
            ("TF_CLI_CONFIG_FILE", path("cli.tfrc")),
            ("TMPDIR", path("tmp")),
            ("TF_LOG_PATH", path(LOG_FILE)),
            ("FLINK_REST_ENDPOINT", format!("{origin}/flink/{{cloud}}/{{region}}")),
            ("CONFLUENT_CLOUD_ENDPOINT", origin.clone()),
            ("TF_VAR_emulator", origin.clone()),
        ];
        for (name, value) in defaults {
            self.variables.entry(name.to_owned()).or_insert(value);
        }
    }

    /// Replaces the configuration, and adds the provider's source if it is missing.
    pub(crate) fn configure(&self, configuration: impl Display) {
        let configuration = configuration.to_string();
        let names_it = configuration.contains("required_providers");
        let versions = if names_it { "" } else { REQUIRED_PROVIDERS };
        for (file, text) in [("main.tf", &*configuration), ("versions.tf", versions)] {
            let file = self.path("work").join(file);
            fs::write(file, text).expect("the folder is the world's own");
        }
    }

    /// Sets a variable of the environment.
    pub(crate) fn set(&mut self, variable: &str, value: &str) {
        self.variables.insert(variable.to_owned(), value.to_owned());
    }

    /// The environment of every run.
    pub(crate) fn variables(&self) -> &BTreeMap<String, String> {
        &self.variables
    }

    /// The place that the environment names.
    pub(crate) fn place(&self) -> Place {
        Place::new(ORGANIZATION, "env-1", "aws", "us-east-1")
    }

    /// The connections of that place, as the server has them.
    pub(crate) fn connections(&self) -> Connections {
        self.emulator.connections(&self.place())
    }

    /// The connection `openai` of that place, which must exist.
    #[track_caller]
    pub(crate) fn openai(&self) -> StoredConnection {
        self.connections().get("openai").expect("the server has the connection `openai`")
    }

    /// Asserts that the server holds this API key for the connection `openai`.
    #[track_caller]
    pub(crate) fn holds_api_key(&self, value: &str) {
        assert!(self.connections().holds("openai", "API_KEY", value), "not the API key {value}");
    }

    /// Makes a connection, as a third party.
    pub(crate) fn insert(&self, place: &Place, new: NewConnection) {
        self.emulator.connections(place).insert(new).expect("the name is free");
    }

    /// Sets the API key of the connection `openai` to `theirs`, as a third party.
    pub(crate) fn edit(&self) {
        let edited = self.connections().set_credentials("openai", [("API_KEY", "theirs")]);
        edited.expect("the connection is there");
    }

    /// The requests since the last call, as `GET openai`: the method and the end of the path.
    pub(crate) fn requests(&self) -> Vec<String> {
        let lines = self.lines();
        self.emulator.journal().clear();
        if let Some(interceptor) = &self.interceptor {
            interceptor.seen().clear();
        }
        lines
    }

    fn lines(&self) -> Vec<String> {
        if let Some(interceptor) = &self.interceptor {
            return interceptor.seen().clone();
        }
        let line = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        let entries = self.emulator.journal().entries();
        entries.iter().map(|each| format!("{} {}", each.method, line(&each.path))).collect()
    }

    /// Waits until so many requests of this line have come.
    pub(crate) async fn arrivals(&self, line: &str, count: usize) {
        let end = Instant::now() + REQUEST_TIMEOUT;
        while self.lines().iter().filter(|each| *each == line).count() < count {
            assert!(Instant::now() < end, "not {count} times {line} within {REQUEST_TIMEOUT:?}");
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// Plays a fault on every request of a line such as `GET openai`.
    pub(crate) fn fault(&self, line: &str, fault: Fault) {
        let (method, name) = line.split_once(' ').expect("a line has a method and a name");
        let method = Method::from_bytes(method.as_bytes()).expect("a method is a word");
        self.emulator.faults().add(fault.on(method, format!("*/{name}")));
    }

    /// Holds every request of this line until [`Interceptor::clear`].
    pub(crate) fn hold(&self, line: &str) {
        self.network().every(line, Trick::Hold);
    }

    /// The proxy of a world that is [`Scenario::intercepted`].
    pub(crate) fn network(&self) -> &Interceptor {
        self.interceptor.as_ref().expect("the world is intercepted")
    }

    /// The attributes of an object in the state.
    #[track_caller]
    pub(crate) fn stored(&self, address: &str) -> Value {
        let instance = self.instance(address);
        let instance = instance.unwrap_or_else(|| panic!("{address} is not stored"));
        instance["attributes"].clone()
    }

    /// Returns true if the state has an object.
    pub(crate) fn is_stored(&self, address: &str) -> bool {
        self.instance(address).is_some()
    }

    /// Returns true if the state has an object that Terraform will replace.
    pub(crate) fn is_tainted(&self, address: &str) -> bool {
        self.instance(address).is_some_and(|instance| instance["status"] == "tainted")
    }

    /// A file of the folder that commands run in.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path("work").join(name)
    }

    /// An object in the state.
    fn instance(&self, address: &str) -> Option<Value> {
        let state = fs::read(self.file("terraform.tfstate")).ok()?;
        // A command that is killed may leave no more than the file.
        let state = Some(state).filter(|state| !state.is_empty())?;
        let state: Value = serde_json::from_slice(&state).expect("a state is JSON");
        let is_meant = |each: &&Value| {
            let text = |name: &str| each[name].as_str().unwrap_or_default();
            format!("{}.{}", text("type"), text("name")) == address
        };
        let found = state["resources"].as_array()?.iter().find(is_meant)?;
        found.pointer("/instances/0").cloned()
    }

    /// All output of commands, and all files but the configuration.
    pub(crate) fn everything_printed(&self) -> String {
        let mut all = self.printed().clone();
        for file in files_below(&self.path("work")).into_iter().chain([self.path(LOG_FILE)]) {
            if file.extension().is_none_or(|extension| extension != "tf") {
                all.push_str(&readable(&file));
            }
        }
        all
    }

    /// All files below the world's folder by path, with their content; without those that
    /// tests have put there and the output of commands.
    pub(crate) fn files(&self) -> Vec<(String, String)> {
        let ours = ["cli.tfrc", "home/std"].map(|at| self.path(at).display().to_string());
        let is_ours = |file: &PathBuf| {
            ours.iter().any(|each| file.display().to_string().starts_with(each))
                || file.extension().is_some_and(|extension| extension == "tf")
        };
        let files = files_below(self.folder.path()).into_iter().filter(|file| !is_ours(file));
        let named = files.map(|file| {
            let below = file.strip_prefix(self.folder.path()).expect("it is below the folder");
            (below.display().to_string(), readable(&file))
        });
        named.collect()
    }

    /// Sets the standard input of the commands that follow.
    pub(crate) fn types(&self, text: &str) {
        fs::write(self.path("home/stdin"), text).expect("the folder is the world's own");
    }

    /// All output of commands, and the log.
    pub(crate) fn output_and_log(&self) -> String {
        self.printed().clone() + &self.log()
    }

    /// The log.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.path(LOG_FILE)).unwrap_or_default()
    }

    fn printed(&self) -> MutexGuard<'_, String> {
        self.printed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Commands.
impl World {
    /// Starts the command line.
    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        cli::start(&self.path("work"), &self.path("home"), &self.variables, arguments)
    }

    /// Waits for the end of a run.
    ///
    /// # Panics
    ///
    /// If the output reports a bug.
    pub(crate) async fn finish(&self, running: Running) -> Run {
        let run = self.finish_broken(running).await;
        for bug in BUGS {
            let is_printed = run.stdout.contains(bug) || run.stderr.contains(bug);
            assert!(!is_printed, "it prints {bug:?}: {}", run.shown());
        }
        run
    }

    /// Waits for the end of a run that may report a crash.
    pub(crate) async fn finish_broken(&self, running: Running) -> Run {
        let run = running.finish().await;
        *self.printed() += &[&*run.line, &*run.stdout, &*run.stderr, ""].join("\n");
        run
    }

    /// Runs a command that may fail.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Run {
        self.finish(self.start(arguments)).await
    }

    /// Checks the configuration.
    pub(crate) async fn validate(&self) -> Run {
        self.run(&["validate", "-json"]).await
    }

    /// Plans, and reads the plan.
    pub(crate) async fn plan(&self) -> Plan {
        self.plan_with(&[]).await
    }

    /// Plans with further options.
    pub(crate) async fn plan_with(&self, options: &[&str]) -> Plan {
        let out = format!("-out={PLAN_FILE}");
        let run = self.run(&[&["plan", "-json", &out], options].concat()).await.succeeds();
        let shown = self.run(&["show", "-json", PLAN_FILE]).await.succeeds();
        let json = serde_json::from_str(&shown.stdout).expect("a plan is shown as JSON");
        Plan { json, run }
    }

    /// Plans, and asserts that it fails with this text.
    pub(crate) async fn plan_expecting_error(&self, text: &str) -> Run {
        let run = self.run(&["plan", "-json"]).await;
        run.fails(&[text]);
        run
    }

    /// Applies, and asserts that it succeeds.
    pub(crate) async fn apply(&self) -> Run {
        self.apply_with(&[]).await.succeeds()
    }

    /// Applies the last plan.
    pub(crate) async fn apply_saved_plan(&self) -> Run {
        self.run(&["apply", "-json", PLAN_FILE]).await.succeeds()
    }

    /// Applies with further options; may fail.
    pub(crate) async fn apply_with(&self, options: &[&str]) -> Run {
        self.run(&[&["apply", "-json", "-auto-approve"], options].concat()).await
    }

    /// Applies, and asserts that it fails with this text.
    pub(crate) async fn apply_expecting_error(&self, text: &str) -> Run {
        let run = self.apply_with(&[]).await;
        run.fails(&[text]);
        run
    }

    /// Destroys everything, and asserts that it succeeds.
    pub(crate) async fn destroy(&self) -> Run {
        self.run(&["destroy", "-json", "-auto-approve"]).await.succeeds()
    }

    /// Runs `terraform import`; may fail.
    pub(crate) async fn import(&self, address: &str, id: &str) -> Run {
        self.run(&["import", "-no-color", address, id]).await
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let entries = entries.map(|entry| entry.expect("the folder can be read").path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

/// The content of a file, unpacked where it is an archive, as saved plans are.
fn readable(file: &Path) -> String {
    let Ok(bytes) = fs::read(file) else { return String::new() };
    let mut text = String::from_utf8_lossy(&bytes).into_owned();
    if let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) {
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index).expect("a saved plan can be unpacked");
            let mut content = Vec::new();
            entry.read_to_end(&mut content).expect("a saved plan can be unpacked");
            text.push_str(&String::from_utf8_lossy(&content));
        }
    }
    text
}
