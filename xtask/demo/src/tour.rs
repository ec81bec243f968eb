//! The steps of the tour and what must hold after each.

use std::fmt::Debug;

use serde_json::json;
use xtask_emulator::{Connection, Emulator};
use xtask_step::console::{heading, holds, line, say};
use xtask_step::outcome::{Outcome, fail};

use super::plan::Plan;
use super::session::Session;

/// A credential: of which connection, under which key the server has it, and
/// the variable of the example that it comes from.
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

    /// All steps but the last, which takes everything away again.
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
        equal("the state has all of them", &all, &self.session.state().await?.0)?;
        self.wrote(&format!("{} POST", all.len())).await?;
        self.server_holds_all().await?;
        self.write_only_key_is_in_no_file()
    }

    async fn plan_again(&self) -> Outcome {
        heading("2. Plan again");
        say("Nothing has changed, so there must be nothing to do.");
        let plan = self.session.plan().await?;
        equal("the plan is empty", &None, &plan)?;
        self.wrote("none").await
    }

    async fn rotate(&self) -> Outcome {
        heading("3. Rotate keys");
        let variables = self.session.variables();
        let before = self.emulator.connection("openai").await?;
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
        self.wrote(&format!("{} PUT", changes.len())).await?;
        self.server_holds_all().await?;
        self.write_only_key_is_in_no_file()?;
        let after = self.emulator.connection("openai").await?;
        equal("the OpenAI connection is still the same object", before.uid(), after.uid())
    }

    async fn repair(&self) -> Outcome {
        heading("4. Repair what someone else changed");
        let someone_elses =
            json!({ "AUTH_TYPE": "BASIC", "USERNAME": "flink", "PASSWORD": "someone-elses" });
        self.emulator.set_credentials("mongodb-catalog", someone_elses).await?;
        say("Someone else gives mongodb-catalog another password, at the server. No API shows a \
             password, but the version of the connection has moved, and the provider tells.");
        self.changes(&["update flink_connection.catalog".to_owned()]).await?;
        self.wrote("1 PUT").await?;
        self.server_holds_all().await
    }

    async fn move_to_another_region(&self) -> Outcome {
        heading("5. Move a connection to another region");
        let before = self.emulator.connection("bedrock-embeddings").await?;
        self.session.variables().set("embeddings_region", "us-west-2")?;
        say("terraform.tfvars has another region now. No connection can move, so it is replaced. \
             Before that the provider asks whether the name is free in the new region, which the \
             server answers with 404.");
        self.changes(&["replace flink_connection.embeddings".to_owned()]).await?;
        self.wrote("1 DELETE, 1 GET answered with 404, 1 POST").await?;
        let after = self.emulator.connection("bedrock-embeddings").await?;
        equal("the new connection is in the other region", "us-west-2", after.region())?;
        equal("the old one is gone", &false, &(before.uid() == after.uid()))?;
        self.server_holds_all().await
    }

    /// The last step.
    pub(super) async fn destroy(&self) -> Outcome {
        heading("6. Destroy");
        self.session.show(&["destroy", "-auto-approve"]).await?;
        let left = self.emulator.connections().await?;
        let left: Vec<&str> = left.iter().map(Connection::name).collect();
        equal("the server has no connection left", &Vec::<&str>::new(), &left)?;
        equal("the state is empty", &Vec::<String>::new(), &self.session.state().await?.0)?;
        self.wrote(&format!("{} DELETE", self.addresses().len())).await
    }

    /// Says how to go on by hand.
    pub(super) async fn leave_open(&self) -> Outcome {
        heading("Your turn");
        say("The emulator and the connections stay until Ctrl-C. In another terminal:");
        line("");
        line(&format!("  cd {}", quoted(&self.session.folder().display().to_string())));
        for (name, value) in self.session.environment() {
            line(&format!("  export {name}={}", quoted(value)));
        }
        let typed = self.session.cli().typed();
        let credentials = self.emulator.credentials_url("openai").await?;
        let change = r#"curl -X PUT --json '{"API_KEY":"someone-elses"}'"#;
        line(&format!("  {typed} plan"));
        for (what, how) in [
            ("After a change in terraform.tfvars", format!("{typed} apply")),
            ("To see every request", format!("curl {}", self.emulator.journal_url())),
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
        equal(&what, &Some(Plan(expected.to_vec())), &plan)?;
        self.session.apply().await
    }

    /// Checks the requests that have changed something since the last time.
    async fn wrote(&self, expected: &str) -> Outcome {
        let seen = self.emulator.writes().await?;
        equal(
            &format!("requests to the server besides successful reads: {expected}"),
            expected,
            &seen,
        )
    }

    fn write_only_key_is_in_no_file(&self) -> Outcome {
        if !self.session.cli().has_write_only() {
            return Ok(());
        }
        let key = self.session.variables().get(WRITE_ONLY.variable)?;
        let files = self.session.files_with(&key)?;
        equal("the write-only key is in no file: not the plan, not the state", &vec![], &files)
    }

    /// Checks that the server holds the credentials that the variables say.
    async fn server_holds_all(&self) -> Outcome {
        let variables = self.session.variables();
        let write_only = self.session.cli().has_write_only().then_some(&WRITE_ONLY);
        for Credential { connection, key, variable } in CREDENTIALS.iter().chain(write_only) {
            let value = variables.get(variable)?;
            if !self.emulator.holds(connection, key, &value).await? {
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

/// Tells what holds, or ends the tour with what was expected and what was seen.
fn equal<T: PartialEq + Debug + ?Sized>(what: &str, expected: &T, seen: &T) -> Outcome {
    if expected == seen {
        holds(what);
        return Ok(());
    }
    fail(format!(
        "this should hold and does not: {what}\n  expected: {expected:?}\n  seen:     {seen:?}"
    ))
}

/// A text as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
