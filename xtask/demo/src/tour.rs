//! The steps of the tour, and the conditions that must hold after each.

use std::collections::BTreeMap;
use std::fmt::Debug;

use flink_emulator::{Emulator, Entry, StoredConnection};
use xtask_step::console::{heading, holds, line, say};
use xtask_step::outcome::{Outcome, fail};

use super::session::Session;

/// A credential: its connection, its key at the server, and the variable of the example
/// that has its value.
struct Credential {
    connection: &'static str,
    key: &'static str,
    variable: &'static str,
}

const fn credential(
    connection: &'static str,
    key: &'static str,
    variable: &'static str,
) -> Credential {
    Credential { connection, key, variable }
}

const CREDENTIALS: [Credential; 6] = [
    credential("openai", "API_KEY", "openai_api_key"),
    credential("bedrock-embeddings", "AWS_ACCESS_KEY_ID", "aws_access_key"),
    credential("bedrock-embeddings", "AWS_SECRET_ACCESS_KEY", "aws_secret_key"),
    credential("mongodb-catalog", "USERNAME", "mongodb_username"),
    credential("mongodb-catalog", "PASSWORD", "mongodb_password"),
    credential("mcp-tools", "BEARER_TOKEN", "mcp_token"),
];

const WRITE_ONLY: Credential = credential("anthropic", "API_KEY", "anthropic_api_key");

/// The resources of the example, and the one whose key is write-only.
const RESOURCES: [&str; 4] = ["catalog", "embeddings", "openai", "tools"];
const WRITE_ONLY_RESOURCE: &str = "anthropic";

/// A walk through the example.
#[derive(Debug)]
pub(super) struct Tour<'a> {
    session: &'a Session,
    emulator: &'a Emulator,
}

impl<'a> Tour<'a> {
    pub(super) fn new(session: &'a Session, emulator: &'a Emulator) -> Self {
        Self { session, emulator }
    }

    /// All steps but the last, which destroys everything.
    pub(super) async fn walk(&self) -> Outcome {
        self.create().await?;
        self.plan_again().await?;
        self.rotate().await?;
        self.repair().await?;
        self.move_to_another_region().await
    }

    async fn create(&self) -> Outcome {
        heading("1. Create connections");
        if !self.session.cli().has_write_only() {
            say(&format!(
                "{} cannot keep a key out of plan and state; that takes version 1.11 of Terraform \
                 or OpenTofu. The tour goes on without write_only.tf.",
                self.session.cli()
            ));
        }
        let all = self.addresses();
        self.changes(&all.iter().map(|each| format!("create {each}")).collect::<Vec<_>>()).await?;
        equal("the state has all of them", &all, &self.session.state().await?)?;
        self.wrote(&format!("{} POST", all.len()))?;
        self.server_holds_all()?;
        self.write_only_key_is_in_no_file()
    }

    async fn plan_again(&self) -> Outcome {
        heading("2. Plan again");
        say("Nothing has changed, so there must be nothing to do.");
        let plan = self.session.plan().await?;
        equal("the plan is empty", &None, &plan)?;
        self.wrote("none")
    }

    async fn rotate(&self) -> Outcome {
        heading("3. Rotate keys");
        let variables = self.session.variables();
        let before = self.connection("openai")?;
        variables.set("openai_api_key", "not-a-real-openai-key-2")?;
        say("terraform.tfvars has another OpenAI key now.");
        let mut changes = vec!["update flink_connection.openai".to_owned()];
        if self.session.cli().has_write_only() {
            variables.set(WRITE_ONLY.variable, "not-a-real-anthropic-key-2")?;
            variables.set("anthropic_api_key_version", "2")?;
            say("The Anthropic key is write-only, so no plan can see that it is another one: in \
                 write_only.auto.tfvars its version is raised along with it.");
            changes.insert(0, format!("update {}", address(WRITE_ONLY_RESOURCE)));
        }
        self.changes(&changes).await?;
        self.wrote(&format!("{} PUT", changes.len()))?;
        self.server_holds_all()?;
        self.write_only_key_is_in_no_file()?;
        let after = self.connection("openai")?;
        equal("the OpenAI connection is still the same object", &before.uid, &after.uid)
    }

    async fn repair(&self) -> Outcome {
        heading("4. Repair what someone else changed");
        let theirs = [("AUTH_TYPE", "BASIC"), ("USERNAME", "flink"), ("PASSWORD", "someone-elses")];
        let catalog = self.connection("mongodb-catalog")?;
        self.emulator.connections(&catalog.place).set_credentials(&catalog.name, theirs)?;
        say("Someone else gives mongodb-catalog another password, at the server. No API shows a \
             password, but the version of the connection has changed, and the provider reports it.");
        self.changes(&["update flink_connection.catalog".to_owned()]).await?;
        self.wrote("1 PUT")?;
        self.server_holds_all()
    }

    async fn move_to_another_region(&self) -> Outcome {
        heading("5. Move a connection to another region");
        let before = self.connection("bedrock-embeddings")?;
        self.session.variables().set("embeddings_region", "us-west-2")?;
        say("terraform.tfvars has another region now. No connection can move, so it is replaced. \
             Before that the provider asks whether the name is free in the new region, which the \
             server answers with 404.");
        self.changes(&["replace flink_connection.embeddings".to_owned()]).await?;
        self.wrote("1 DELETE, 1 GET answered with 404, 1 POST")?;
        let after = self.connection("bedrock-embeddings")?;
        equal("the new connection is in the other region", "us-west-2", &*after.place.region)?;
        equal("the old one is gone", &false, &(before.uid == after.uid))?;
        self.server_holds_all()
    }

    /// The last step.
    pub(super) async fn destroy(&self) -> Outcome {
        heading("6. Destroy");
        self.session.show(&["destroy", "-auto-approve"]).await?;
        let left: Vec<String> =
            self.emulator.all_connections().into_iter().map(|each| each.name).collect();
        equal("the server has no connection left", &Vec::new(), &left)?;
        equal("the state is empty", &Vec::<String>::new(), &self.session.state().await?)?;
        self.wrote(&format!("{} DELETE", self.addresses().len()))
    }

    /// Shows how to go on by hand.
    pub(super) fn leave_open(&self) -> Outcome {
        heading("Your turn");
        say("The emulator and the connections stay until Ctrl-C. In another terminal:");
        line("");
        line(&format!("  cd {}", quoted(&self.session.folder().display().to_string())));
        for (name, value) in self.session.environment() {
            line(&format!("  export {name}={}", quoted(value)));
        }
        let typed = self.session.cli().typed();
        let control = format!("{}/control", self.emulator.url());
        let StoredConnection { place, name, .. } = self.connection("openai")?;
        let place = [place.organization, place.environment, place.cloud, place.region].join("/");
        let credentials = format!("{control}/connections/{place}/{name}/credentials");
        let change = r#"curl -X PUT --json '{"API_KEY":"someone-elses"}'"#;
        line(&format!("  {typed} plan"));
        for (what, how) in [
            ("After a change in terraform.tfvars", format!("{typed} apply")),
            ("To see every request", format!("curl {control}/journal")),
            ("To change a key behind Terraform's back", format!("{change} {credentials}")),
            ("To take it all away", format!("{typed} destroy")),
        ] {
            line(&format!("\n{what}:\n  {how}"));
        }
        Ok(())
    }

    fn addresses(&self) -> Vec<String> {
        let write_only = self.session.cli().has_write_only().then_some(&WRITE_ONLY_RESOURCE);
        let names = RESOURCES.iter().chain(write_only);
        let mut addresses: Vec<_> = names.map(|name| address(name)).collect();
        addresses.sort();
        addresses
    }

    /// Plans, checks that the plan has exactly these changes, and applies it.
    async fn changes(&self, expected: &[String]) -> Outcome {
        let plan = self.session.plan().await?;
        let count = expected.len();
        let what = match count {
            1 => format!("the plan has one change: {}", expected.concat()),
            _ => format!("the plan has the {count} expected changes and no other"),
        };
        equal(&what, &Some(expected.to_vec()), &plan)?;
        self.session.apply().await
    }

    /// Checks the requests since the last check.
    fn wrote(&self, expected: &str) -> Outcome {
        let journal = self.emulator.journal();
        let seen = counted(&journal.entries());
        journal.clear();
        let what = format!("requests to the server besides successful reads: {expected}");
        equal(&what, expected, &*seen)
    }

    /// The connection of this name.
    fn connection(&self, name: &str) -> Outcome<StoredConnection> {
        let mut all = self.emulator.all_connections().into_iter();
        match all.find(|connection| connection.name == name) {
            Some(found) => Ok(found),
            None => fail(format!("the server has no connection {name}")),
        }
    }

    fn write_only_key_is_in_no_file(&self) -> Outcome {
        if !self.session.cli().has_write_only() {
            return Ok(());
        }
        let key = self.session.variables().get(WRITE_ONLY.variable)?;
        let files = self.session.files_with(&key)?;
        equal("the write-only key is in no file: not the plan, not the state", &vec![], &files)
    }

    /// Checks that the server holds the credentials that the variables have.
    fn server_holds_all(&self) -> Outcome {
        let variables = self.session.variables();
        let write_only = self.session.cli().has_write_only().then_some(&WRITE_ONLY);
        for Credential { connection, key, variable } in CREDENTIALS.iter().chain(write_only) {
            let value = variables.get(variable)?;
            let place = self.connection(connection)?.place;
            if !self.emulator.connections(&place).holds(connection, key, &value) {
                return fail(format!(
                    "{key} of the connection {connection} should be the value of the variable \
                     {variable}, but the server holds another"
                ));
            }
        }
        holds("the server holds exactly the configured credentials");
        Ok(())
    }
}

fn address(name: &str) -> String {
    format!("flink_connection.{name}")
}

/// Prints a condition that holds, or ends the tour with the expected and the actual value.
fn equal<T: PartialEq + Debug + ?Sized>(what: &str, expected: &T, seen: &T) -> Outcome {
    if expected == seen {
        holds(what);
        return Ok(());
    }
    fail(format!(
        "a condition does not hold: {what}\n  expected: {expected:?}\n  actual:   {seen:?}"
    ))
}

/// A text as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Counts the requests that were writes or failed, such as `2 PUT`.
fn counted(requests: &[Entry]) -> String {
    let mut counts = BTreeMap::new();
    for Entry { method, status, .. } in requests {
        let request = match (&**method, status) {
            ("GET", Some(200)) => continue,
            (method, Some(200..300)) => method.to_owned(),
            (method, Some(status)) => format!("{method} answered with {status}"),
            (method, None) => format!("{method} without a response"),
        };
        *counts.entry(request).or_insert(0) += 1;
    }
    let counts: Vec<_> =
        counts.iter().map(|(request, count)| format!("{count} {request}")).collect();
    if counts.is_empty() { "none".to_owned() } else { counts.join(", ") }
}
