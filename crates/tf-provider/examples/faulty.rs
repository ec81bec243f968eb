//! A provider with a bug in every handler: whichever `bug` names panics, with the password that it
//! was given in its message. Tests look for the password in what such a panic leaves behind.

use std::panic::panic_any;
use std::process::ExitCode;

use serde::{Deserialize, Serialize};
use tf_provider::resource::{Change, Create, Delete, Plan, Read, Update};
use tf_provider::schema::{View, string};
use tf_provider::{Configure, Diagnostics, Provider, Resource, Result, Schema};

struct Thing;

#[derive(Serialize, Deserialize)]
struct Model {
    bug: Option<String>,
    password: Option<String>,
}

impl Model {
    /// The password, where the bug is in this handler.
    fn password_at(self, handler: &str) -> Option<String> {
        self.password.filter(|_| self.bug.as_deref() == Some(handler))
    }
}

fn password_at<'a>(config: View<'a>, handler: &str) -> Option<&'a str> {
    let password = config.text("password").known().or(config.text("password_wo").known());
    password.filter(|_| config.text("bug").known() == Some(handler))
}

fn check(config: &View<'_>) -> Diagnostics {
    if let Some(password) = password_at(config.clone(), "check") {
        password.parse::<u8>().map_err(|_| password).expect("a password is a number");
    }
    Diagnostics::none()
}

impl Resource for Thing {
    type Provider = ();
    type Model = Model;
    type Private = ();

    fn schema(&self) -> Schema {
        Schema::resource("thing", "A thing.")
            .attribute(string("bug"))
            .attribute(string("password").sensitive().with_write_only_twin())
            .check(check)
    }

    async fn plan(&self, plan: &mut Plan<Self>) -> Result<()> {
        match password_at(plan.config(), "plan") {
            Some(password) => panic!("cannot plan with {password}"),
            None => Ok(()),
        }
    }

    async fn create(&self, planned: Model, cx: &mut Create<Self>) -> Result<Model> {
        if let Some(password) = password_at(cx.planned(), "create") {
            // Rust shows a text that is cut in the middle of a character.
            assert!(password[..1].is_empty());
        }
        Ok(planned)
    }

    async fn read(&self, state: Model, _: &mut Read<Self>) -> Result<Option<Model>> {
        match state.password_at("read") {
            Some(password) => panic_any(password),
            None => Ok(None),
        }
    }

    async fn update(&self, change: Change<Model>, _: &mut Update<Self>) -> Result<Model> {
        match change.after.password_at("update") {
            Some(password) => unreachable!("nobody logs in with {password}"),
            None => Ok(change.before),
        }
    }

    async fn delete(&self, state: Model, _: &mut Delete<Self>) -> Result<()> {
        assert_eq!(state.password_at("delete"), None);
        Ok(())
    }
}

async fn configure(cx: &mut Configure) -> Result<()> {
    let config = cx.config();
    match (config.text("bug").known(), config.text("password").known()) {
        (Some("configure"), Some(password)) => panic!("cannot log in with {password}"),
        _ => Ok(()),
    }
}

fn main() -> ExitCode {
    let schema = Schema::provider("A provider with bugs.")
        .attribute(string("bug"))
        .attribute(string("password").sensitive());
    Provider::new("faulty", schema, configure).resource(Thing).serve()
}
