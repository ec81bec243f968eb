//! `data "flink_environment"`: an environment, read by its id or its display name.

use flink_client::{Environment, Error};
use serde::{Deserialize, Serialize};
use tf_provider::data_source::Read;
use tf_provider::schema::{exactly_one_of, length, string};
use tf_provider::{Diagnostic, Diagnostics, Result, Schema};

use crate::scope;
use crate::settings::Settings;

/// The data source `flink_environment`.
#[derive(Debug)]
pub(crate) struct DataSource;

/// The arguments and what is read. Specification: `org.v2.Environment` of the control plane.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Model {
    id: Option<String>,
    display_name: Option<String>,
}

impl tf_provider::DataSource for DataSource {
    type Provider = Settings;
    type Model = Model;

    fn schema(&self) -> Schema {
        let either = ["id", "display_name"];
        Schema::data_source("environment", "Reads an environment by its id or its display name. Needs a Cloud API key or the `oauth` \
             block of the provider.")
            .attribute(
                string("id")
                    .optional_computed()
                    .validate(length(1..=255))
                    .describe("The id, such as `env-a1b2c3`. Either this or `display_name`."),
            )
            .attribute(
                string("display_name")
                    .optional_computed()
                    .validate(length(1..=255))
                    .describe("The name that people gave it. Either this or `id`."),
            )
            .check(exactly_one_of(either))
    }

    async fn read(&self, wanted: Model, cx: &mut Read<Self>) -> Result<Model> {
        let settings = cx.provider();
        let environments = settings.client()?.environments().within(scope::options(cx));
        let failed = |about: String, error: Error| {
            let summary = "Cannot read the environment";
            scope::cloud_read_failed(settings, summary, &format!("Environment: {about}."), &error)
        };
        let found = match (wanted.id, wanted.display_name) {
            (Some(id), _) => {
                let found = environments.find(&id).await;
                found.map_err(|error| failed(id.clone(), error))?.ok_or_else(|| no_such_id(&id))?
            }
            (None, name) => {
                let name = name.unwrap_or_default();
                let all = environments.list(&()).all().await;
                named(&name, all.map_err(|error| failed(name.clone(), error))?)?
            }
        };
        Ok(Model { id: Some(found.id), display_name: found.display_name })
    }
}

/// The error of an id that the API does not know, or does not show to these credentials.
fn no_such_id(id: &str) -> Diagnostics {
    Diagnostic::error("No such environment")
        .detail(format!("The credentials can see no environment with the id `{id}`."))
        .at("id")
        .into()
}

/// The only environment of this display name, which need not be unique.
fn named(name: &str, all: Vec<Environment>) -> Result<Environment> {
    let refused = |summary: &str, detail: String| {
        Err(Diagnostic::error(summary).detail(detail).at("display_name").into())
    };
    let names: Vec<&str> = all.iter().filter_map(|each| each.display_name.as_deref()).collect();
    let near = scope::nearest_names(name, &names);
    let fitting = all.into_iter().filter(|each| each.display_name.as_deref() == Some(name));
    let fitting: Vec<Environment> = fitting.collect();
    match <[Environment; 1]>::try_from(fitting) {
        Ok([environment]) => Ok(environment),
        Err(none) if none.is_empty() => refused(
            "No such environment",
            format!("No environment is called `{}`. {near}", scope::printable(name)),
        ),
        Err(several) => {
            let ids: Vec<_> = several.iter().map(|each| format!("`{}`", each.id)).collect();
            let ids = ids.join(", ");
            refused(
                "Several environments of this name",
                format!("The environments {ids} are called `{name}`. Set `id` instead."),
            )
        }
    }
}
