//! Connections of every type with every way to authenticate, once with each of the two
//! maps of credentials, each credential a planted secret.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::json;
use terraform_provider_flink::{AuthMethod, ConnectionType, connection_types};

use crate::configuration::{Block, connection, ephemeral_variable, provider};
use crate::secrets::outputs::{Given, Planted};
use crate::secrets::search::Secret;
use crate::world::World;

/// A type that the provider does not know.
pub(crate) const NEWCOMER: &str = "NEWCOMER";

/// A configuration, and the values of the two variables that hold its secrets.
#[derive(Debug, Default)]
pub(crate) struct AllTypes {
    blocks: String,
    kept: BTreeMap<String, String>,
    passing: BTreeMap<String, String>,
    /// The addresses of the connections with ordinary credentials.
    pub(crate) ordinary: Vec<String>,
}

impl AllTypes {
    /// All types and methods of the provider, with new secrets.
    pub(crate) fn new(planted: &mut Planted) -> Self {
        let mut all = Self::default();
        for given in [Given::Ordinary, Given::Passing] {
            for kind in connection_types() {
                for (index, method) in kind.auth_methods.iter().enumerate() {
                    all.connection(kind, method, index, given, planted);
                }
            }
            all.unknown_type(given, planted);
        }
        all
    }

    /// The API key of the provider itself, from an ephemeral variable.
    pub(crate) fn provider(&mut self, key: &str, secret: &Secret) -> Block {
        let source = self.source(Given::Passing, "provider", &secret.difficult());
        provider().set("flink_api_key", key).expression("flink_api_secret", &source)
    }

    fn connection(
        &mut self,
        kind: &ConnectionType,
        method: &AuthMethod,
        index: usize,
        given: Given,
        planted: &mut Planted,
    ) {
        let name = format!("{}-{index}-{given:?}", kind.name).to_lowercase().replace('_', "-");
        let mut block = connection(&name, kind.name, kind.example);
        for key in method.required.iter().chain(method.optional) {
            block = match *key {
                // Its only value is no secret.
                "auth_type" => with(block, given, key, "\"NO_AUTH\""),
                key => self.secret(block, key, given, planted, &name),
            };
        }
        self.add(block, given, &name);
    }

    /// A connection with an unknown type and an unknown key.
    fn unknown_type(&mut self, given: Given, planted: &mut Planted) {
        let name = format!("newcomer-{given:?}").to_lowercase();
        let block = connection(&name, NEWCOMER, "https://api.example.com/v1");
        let block = self.secret(block, "NEW_KEY", given, planted, &name);
        self.add(block, given, &name);
    }

    /// Sets a key to a new secret.
    fn secret(
        &mut self,
        block: Block,
        key: &str,
        given: Given,
        planted: &mut Planted,
        name: &str,
    ) -> Block {
        let secret = planted.plant(given, &format!("{key} of {name}"));
        let value = match key {
            "service_key" => json!({ "private_key": secret.difficult() }).to_string(),
            "token_endpoint" => format!("https://idp.example.com/{}", secret.simple()),
            _ => secret.difficult(),
        };
        let source = self.source(given, &format!("{name}/{key}"), &value);
        with(block, given, key, &source)
    }

    fn add(&mut self, block: Block, given: Given, name: &str) {
        let block = match given {
            Given::Ordinary => {
                self.ordinary.push(format!("flink_connection.{name}"));
                block
            }
            _ => block.expression("credentials_wo_version", "var.generation"),
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
        // The variables are not sensitive, so only the provider's schema hides the values.
        let maps = [Block::new("variable \"kept\""), ephemeral_variable("passing")];
        let [kept, passing] = maps.map(|block| block.expression("type", "map(string)"));
        format!("variable \"generation\" {{}}\n{kept}{passing}{}", self.blocks)
    }

    /// Sets the variables to these secrets.
    pub(crate) fn give(&self, world: &mut World, generation: &str) {
        world.set("TF_VAR_generation", generation);
        world.set("TF_VAR_kept", &json!(self.kept).to_string());
        world.set("TF_VAR_passing", &json!(self.passing).to_string());
    }
}

/// The block with a credential that is given in this way.
fn with(block: Block, given: Given, key: &str, expression: &str) -> Block {
    match given {
        Given::Ordinary => block.credential_from(key, expression),
        _ => block.write_only_from(key, expression),
    }
}
