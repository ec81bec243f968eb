//! A noun that exists in tests only.

use serde_json::{Value, json};

use super::super::{Collection, Managed, Noun, Objects, Server};
use crate::client::Client;
use crate::secret::Secret;
use crate::transport::script::{Script, place};
use crate::types::Place;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Widget {
    pub(crate) name: String,
    pub(crate) fields: Value,
}

/// The name, the size and the maker; every widget has the same secret.
pub(crate) struct WidgetSpec([&'static str; 3]);

pub(crate) fn spec() -> WidgetSpec {
    WidgetSpec(["bolt", "M8", "acme"])
}

pub(crate) fn widgets(script: &Script) -> Objects<Widget> {
    widgets_of(&script.client())
}

pub(crate) fn widgets_of(client: &Client) -> Objects<Widget> {
    Objects::new(client, &place())
}

impl Noun for Widget {
    type Scope = Place;
    type Filter = ();
    const NAME: &'static str = "widget";

    fn collection(place: &Place) -> Collection<'_> {
        Collection { server: Server::Gateway(place), path: vec!["widgets"] }
    }

    fn read(fields: Value) -> Result<Self, String> {
        let name = fields["name"].as_str().ok_or("it has no `name`")?.to_owned();
        Ok(Self { name, fields })
    }

    fn key(&self) -> &str {
        &self.name
    }
}

impl Managed for Widget {
    type Spec = WidgetSpec;
    /// The version.
    type Known = &'static str;

    fn written(WidgetSpec([name, size, maker]): &WidgetSpec) -> Self {
        let fields = json!({ "size": size, "maker": maker });
        Self { name: (*name).to_owned(), fields }
    }

    fn body(WidgetSpec([name, size, maker]): &WidgetSpec, version: Option<&str>) -> Value {
        let secret = "planted";
        json!({ "name": name, "size": size, "maker": maker, "secret": secret, "version": version })
    }

    fn secrets(_: &WidgetSpec) -> Vec<Secret> {
        vec![Secret::new("planted")]
    }

    fn identity(&self) -> Vec<(&'static str, String)> {
        ["size", "maker"].map(|name| (name, self.fields[name].to_string())).to_vec()
    }

    fn uid(&self) -> Option<&str> {
        self.fields["uid"].as_str()
    }

    fn version(&self) -> Option<&str> {
        self.fields["version"].as_str().filter(|version| !version.is_empty())
    }

    fn created_at(&self) -> Option<&str> {
        self.fields["created_at"].as_str()
    }

    fn confirms(&self, version: &&'static str) -> bool {
        self.version() == Some(version)
    }
}
