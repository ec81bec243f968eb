//! Connections of every type with every way to authenticate, in both spellings,
//! each credential a planted secret.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::json;
use terraform_provider_flink::{ConnectionType, Way, connection_types};

use crate::configuration::{Block, connection, ephemeral_variable, provider};
use crate::secrets::outputs::{Given, Planted};
use crate::secrets::search::Secret;
use crate::world::World;

/// Arguments that are sent with the credentials and are no secrets.
const SETTINGS: [(&str, &str); 2] =
    [("token_endpoint", "https://idp.example.com/token"), ("scope", "read")];

/// A configuration, and the values of the two maps that its secrets come from.
#[derive(Debug, Default)]
pub(crate) struct Estate {
    blocks: String,
    kept: BTreeMap<String, String>,
    passing: BTreeMap<String, String>,
    /// The arguments that hold ordinary secrets, by the address of the object.
    pub(crate) ordinary: Vec<(String, &'static str)>,
}

impl Estate {
    /// Everything that the provider knows, with new secrets.
    pub(crate) fn new(planted: &mut Planted) -> Self {
        let mut estate = Self::default();
        for kind in connection_types() {
            for (index, way) in kind.ways.iter().enumerate() {
                for given in [Given::Ordinary, Given::Passing] {
                    estate.connection(&kind, way, index, given, planted);
                }
            }
        }
        for given in [Given::Ordinary, Given::Passing] {
            estate.raw(given, planted);
        }
        estate
    }

    /// The API key of the provider itself, from an ephemeral variable.
    pub(crate) fn provider(&mut self, key: &str, secret: &Secret) -> Block {
        let source = self.source(Given::Passing, "provider", &secret.difficult());
        provider().set("flink_api_key", key).expression("flink_api_secret", &source)
    }

    fn connection(
        &mut self,
        kind: &ConnectionType,
        way: &Way,
        index: usize,
        given: Given,
        planted: &mut Planted,
    ) {
        let name = format!("{}-{index}-{given:?}", kind.name).to_lowercase().replace('_', "-");
        let mut block = connection(&name, kind.name, kind.endpoint);
        for argument in way.required.iter().chain(way.optional) {
            if let Some((_, value)) = SETTINGS.iter().find(|(setting, _)| setting == argument) {
                block = block.set(argument, value);
                continue;
            }
            let secret = planted.plant(given, &format!("{argument} of {}", kind.name));
            let value = match *argument {
                "service_key" => json!({ "private_key": secret.difficult() }).to_string(),
                _ => secret.difficult(),
            };
            let source = self.source(given, &format!("{name}/{argument}"), &value);
            block = block.expression(&spelled(argument, given), &source);
            if given == Given::Ordinary {
                self.ordinary.push((format!("flink_connection.{name}"), argument));
            }
        }
        self.add(&block, given);
    }

    /// The payload as it is, as a type that the provider does not know would have it.
    fn raw(&mut self, given: Given, planted: &mut Planted) {
        let name = format!("raw-{given:?}").to_lowercase();
        let secret = planted.plant(given, "auth_data");
        let source = self.source(given, &name, &secret.difficult());
        let block = connection(&name, "OPENAI", "https://api.openai.com/v1");
        let payload = format!("{{ API_KEY = {source} }}");
        if given == Given::Ordinary {
            self.ordinary.push((format!("flink_connection.{name}"), "auth_data"));
        }
        self.add(&block.expression(&spelled("auth_data", given), &payload), given);
    }

    fn add(&mut self, block: &Block, given: Given) {
        let block = match given {
            Given::Ordinary => block.clone(),
            _ => block.clone().expression("credentials_wo_version", "var.generation"),
        };
        write!(self.blocks, "{block}").expect("a text can be written to");
    }

    /// The expression for a value that is given in this way.
    fn source(&mut self, given: Given, key: &str, value: &str) -> String {
        let (variable, values) = match given {
            Given::Ordinary => ("kept", &mut self.kept),
            _ => ("passing", &mut self.passing),
        };
        values.insert(key.to_owned(), value.to_owned());
        format!("var.{variable}[{key:?}]")
    }

    /// The configuration.
    pub(crate) fn configuration(&self) -> String {
        // Not marked as sensitive, so that only the provider's own marks hide its values.
        let maps = [Block::new("variable \"kept\""), ephemeral_variable("passing")];
        let [kept, passing] = maps.map(|block| block.expression("type", "map(string)"));
        format!("variable \"generation\" {{}}\n{kept}{passing}{}", self.blocks)
    }

    /// Sets the variables to the values of this estate.
    pub(crate) fn give(&self, world: &mut World, generation: &str) {
        world.set("TF_VAR_generation", generation);
        world.set("TF_VAR_kept", &json!(self.kept).to_string());
        world.set("TF_VAR_passing", &json!(self.passing).to_string());
    }
}

fn spelled(argument: &str, given: Given) -> String {
    match given {
        Given::Ordinary => argument.to_owned(),
        _ => format!("{argument}_wo"),
    }
}
