//! `data "flink_connections"`: the connections of a place, by type and name.

use flink_client::Filter;
use serde::{Deserialize, Serialize};
use tf_provider::data_source::Read;
use tf_provider::schema::{list, rule, same_word, string};
use tf_provider::{Result, Schema};

use super::connection_type::ConnectionType;
use super::found::{self, Found};
use super::{WORDS, check};
use crate::scope::{self, Fields};
use crate::settings::Settings;

/// The data source `flink_connections`.
#[derive(Debug)]
pub(crate) struct ListDataSource;

/// The filters, and the connections that they leave.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Model {
    #[serde(flatten)]
    scope: scope::PlaceFields,
    #[serde(rename = "type")]
    connection_type: Option<String>,
    name_prefix: Option<String>,
    #[serde(default)]
    connections: Vec<Found>,
}

impl tf_provider::DataSource for ListDataSource {
    type Provider = Settings;
    type Model = Model;

    fn schema(&self) -> Schema {
        Schema::data_source(
            "connections",
            "Lists the connections of a place, all or those of a type or name. Credentials are not \
             among what the API reports.",
        )
        .attributes(scope::data_source_attributes())
        .attribute(
            string("type").validate(rule(check::filter)).describe(
                "Only connections of this type, in any case. Default: those of all types.",
            ),
        )
        .attribute(string("name_prefix").describe(
            "Only connections whose names begin with this text. Default: those of all names.",
        ))
        .attribute(
            list("connections", found::element())
                .computed()
                .describe("The connections, sorted by name. Empty where none fits."),
        )
    }

    /// The API sorts by no documented order and filters only by type; order and prefix are
    /// made here.
    async fn read(&self, wanted: Model, cx: &mut Read<Self>) -> Result<Model> {
        let place = wanted.scope.resolve(cx.provider()).await?;
        let connections = cx.provider().client()?.connections(&place).within(scope::options(cx));
        let type_name = wanted.connection_type.as_deref();
        let filter =
            Filter { connection_type: type_name.map(ConnectionType::api_name).map(str::to_owned) };
        let mut found =
            scope::list(cx.provider(), &WORDS, &place, connections.list(&filter)).await?;
        // A service that does not know the filter may answer with connections of all types.
        found.retain(|each| type_name.is_none_or(|name| same_word(name, &each.connection_type)));
        let prefix = wanted.name_prefix.as_deref().unwrap_or_default();
        found.retain(|each| each.name.starts_with(prefix));
        found.sort_by(|one, other| one.name.cmp(&other.name));
        let found = found.into_iter().map(|each| Found::at(Fields::default(), &place, each));
        Ok(Model { connections: found.collect(), scope: wanted.scope.at(&place), ..wanted })
    }
}
