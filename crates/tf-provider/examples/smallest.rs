//! The limit of `cargo xtask bench`: a provider that does nothing but answer.
//!
//! Its resource has the attributes of `flink_connection`, name by name, and no
//! service behind it: every handler returns what was planned or stored. What a
//! command takes with it is the price of Terraform, the protocol and the framework
//! for a schema of this size; no provider with such a schema gets below that.

use std::process::ExitCode;

use serde::{Deserialize, Serialize};
use tf_provider::resource::{Change, Create, Delete, Read, Update};
use tf_provider::schema::{map, string};
use tf_provider::value::Type;
use tf_provider::{Configure, Provider, Resource, Result, Schema};

/// Attributes that the user may set, and the provider fills in otherwise.
const PLACE: [&str; 4] = ["cloud", "region", "environment_id", "organization_id"];

/// Attributes that only the provider sets.
const RESULTS: [&str; 5] = ["id", "uid", "created_at", "status", "status_detail"];

/// The text of what the provider fills in, about as long as a real one.
const TEXT: &str = "00000000-0000-4000-8000-000000000001";

/// `smallest_connection`: an object that exists nowhere.
struct Connection;

/// The attributes that the provider may have to fill in. The others keep what was
/// planned.
#[derive(Serialize, Deserialize)]
struct Model {
    cloud: Option<String>,
    region: Option<String>,
    environment_id: Option<String>,
    organization_id: Option<String>,
    id: Option<String>,
    uid: Option<String>,
    created_at: Option<String>,
    status: Option<String>,
    status_detail: Option<String>,
}

impl Model {
    fn filled(self) -> Self {
        let or_text = |value: Option<String>| Some(value.unwrap_or_else(|| TEXT.to_owned()));
        Self {
            cloud: or_text(self.cloud),
            region: or_text(self.region),
            environment_id: or_text(self.environment_id),
            organization_id: or_text(self.organization_id),
            id: or_text(self.id),
            uid: or_text(self.uid),
            created_at: or_text(self.created_at),
            status: or_text(self.status),
            status_detail: or_text(self.status_detail),
        }
    }
}

impl Resource for Connection {
    type Provider = ();
    type Model = Model;
    type Private = ();

    fn schema(&self) -> Schema {
        let schema = Schema::resource("connection", "An object that exists nowhere.")
            .attribute(string("name").required())
            .attribute(string("type").required())
            .attribute(string("endpoint").required())
            .attribute(map("credentials", Type::String).sensitive().with_write_only_twin())
            .attribute(string("credentials_wo_version"))
            .attribute(string("transport_type"))
            .attribute(string("sse_endpoint"))
            .attribute(string("credential_drift").default("repair"));
        let place = PLACE.map(|name| string(name).optional_computed());
        let results = RESULTS.map(|name| string(name).computed());
        place.into_iter().chain(results).fold(schema, Schema::attribute)
    }

    async fn create(&self, planned: Model, _: &mut Create<Self>) -> Result<Model> {
        Ok(planned.filled())
    }

    async fn read(&self, state: Model, _: &mut Read<Self>) -> Result<Option<Model>> {
        Ok(Some(state))
    }

    async fn update(&self, change: Change<Model>, _: &mut Update<Self>) -> Result<Model> {
        Ok(change.after.filled())
    }

    async fn delete(&self, _: Model, _: &mut Delete<Self>) -> Result<()> {
        Ok(())
    }
}

async fn configure(_: &mut Configure) -> Result<()> {
    Ok(())
}

fn main() -> ExitCode {
    let schema = Schema::provider("A provider that does nothing but answer.");
    Provider::new("smallest", schema, configure).resource(Connection).serve()
}
