//! `data "flink_connection"`: one connection, read by its name.

use tf_provider::data_source::Read;
use tf_provider::schema::{length, string};
use tf_provider::{Result, Schema};

use super::WORDS;
use super::found::{self, Found};
use crate::scope;
use crate::settings::Settings;

/// The data source `flink_connection`.
#[derive(Debug)]
pub(crate) struct DataSource;

impl tf_provider::DataSource for DataSource {
    type Provider = Settings;
    type Model = Found;

    fn schema(&self) -> Schema {
        Schema::data_source("connection", "Reads a connection by its name: all that the API reports of it, which is everything but \
             the credentials.")
            .attribute(string("name").required().validate(length(1..=100)).describe("The name of the connection."))
            .attributes(scope::data_source_attributes())
            .attribute(scope::id())
            .attributes(found::attributes())
    }

    /// One request: the list of names is read only for the error of an absent connection.
    async fn read(&self, wanted: Found, cx: &mut Read<Self>) -> Result<Found> {
        let place = wanted.scope.place(cx.provider()).await?;
        let connections = cx.provider().client()?.connections(&place).within(scope::options(cx));
        let connection = scope::get(cx.provider(), &WORDS, &place, &connections, &wanted.name);
        Ok(Found::at(wanted.scope, &place, connection.await?))
    }
}
