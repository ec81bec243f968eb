//! Configurations in HCL, built from blocks.

use std::fmt;

/// The address of the connection that most tests are about.
pub(crate) const OPENAI: &str = "flink_connection.openai";

/// The provider's source, which every configuration needs.
pub(crate) const REQUIRED_PROVIDERS: &str = r#"
terraform {
  required_providers {
    flink = {
      source = "flink-iac/flink"
    }
  }
}
"#;

/// A block of HCL with arguments.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    header: String,
    /// Names and expressions, or whole nested blocks with an empty name.
    arguments: Vec<(String, String)>,
    /// Keys and expressions of the two maps of credentials.
    credentials: [Vec<(String, String)>; 2],
}

/// The maps of credentials, in the order of [`Block`]'s.
const MAPS: [&str; 2] = ["credentials", "credentials_wo"];

/// A connection named `openai` with the API key `first`.
pub(crate) fn openai() -> Block {
    connection("openai", "OPENAI", "https://api.openai.com/v1/chat/completions")
        .credential("api_key", "first")
}

/// A connection without credentials, whose name is also its label.
pub(crate) fn connection(name: &str, kind: &str, endpoint: &str) -> Block {
    let header = format!("resource \"flink_connection\" \"{name}\"");
    Block::new(header).set("name", name).set("type", kind).set("endpoint", endpoint)
}

/// The provider block, with nothing in it yet.
pub(crate) fn provider() -> Block {
    Block::new("provider \"flink\"")
}

/// A value that is unknown until it is applied: `terraform_data.<label>.output`.
pub(crate) fn late(label: &str, value: &str) -> Block {
    Block::new(format!("resource \"terraform_data\" \"{label}\"")).set("input", value)
}

/// A sensitive variable: no plan and no output shows it.
pub(crate) fn sensitive_variable(name: &str) -> Block {
    Block::new(format!("variable \"{name}\"")).expression("sensitive", "true")
}

/// An ephemeral variable: it is not stored.
pub(crate) fn ephemeral_variable(name: &str) -> Block {
    Block::new(format!("variable \"{name}\"")).expression("ephemeral", "true")
}

/// An import block for an existing object.
pub(crate) fn import(id: &str) -> Block {
    Block::new("import").expression("to", OPENAI).set("id", id)
}

impl Block {
    /// An empty block.
    pub(crate) fn new(header: impl Into<String>) -> Self {
        Self { header: header.into(), arguments: Vec::new(), credentials: Default::default() }
    }

    /// Sets an argument to a text.
    pub(crate) fn set(self, name: &str, value: &str) -> Self {
        self.expression(name, &quoted(value))
    }

    /// Sets an argument to any expression.
    pub(crate) fn expression(self, name: &str, expression: &str) -> Self {
        let mut block = self.without(name);
        block.arguments.push((name.to_owned(), expression.to_owned()));
        block
    }

    /// Sets a key of `credentials` to a text.
    pub(crate) fn credential(self, key: &str, value: &str) -> Self {
        self.credential_from(key, &quoted(value))
    }

    /// Sets a key of `credentials` to any expression.
    pub(crate) fn credential_from(self, key: &str, expression: &str) -> Self {
        self.entry(0, key, expression)
    }

    /// Sets a key of `credentials_wo` to a text.
    pub(crate) fn write_only(self, key: &str, value: &str) -> Self {
        self.write_only_from(key, &quoted(value))
    }

    /// Sets a key of `credentials_wo` to any expression.
    pub(crate) fn write_only_from(self, key: &str, expression: &str) -> Self {
        self.entry(1, key, expression)
    }

    /// Removes all credentials.
    pub(crate) fn without_credentials(mut self) -> Self {
        self.credentials = Default::default();
        self.without(MAPS[0]).without(MAPS[1])
    }

    fn entry(mut self, map: usize, key: &str, expression: &str) -> Self {
        self.credentials[map].retain(|(each, _)| each != key);
        self.credentials[map].push((key.to_owned(), expression.to_owned()));
        self
    }

    /// Removes an argument.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.arguments.retain(|(each, _)| each != name);
        self
    }

    /// Adds a nested block.
    pub(crate) fn nested(mut self, block: &Self) -> Self {
        self.arguments.push((String::new(), block.to_string()));
        self
    }

    /// The block, followed by other text.
    pub(crate) fn and(&self, other: impl fmt::Display) -> String {
        format!("{self}{other}")
    }
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {{", self.header)?;
        for (name, expression) in &self.arguments {
            match name.as_str() {
                "" => writeln!(f, "{expression}")?,
                name => writeln!(f, "  {name} = {expression}")?,
            }
        }
        for (map, entries) in MAPS.iter().zip(&self.credentials) {
            if !entries.is_empty() {
                let entry = |(key, value): &(String, String)| format!("{} = {value}", quoted(key));
                let entries: Vec<String> = entries.iter().map(entry).collect();
                writeln!(f, "  {map} = {{ {} }}", entries.join(", "))?;
            }
        }
        writeln!(f, "}}")
    }
}

/// A string literal in HCL, without interpolation.
pub(crate) fn quoted(text: &str) -> String {
    let escaped = text.replace("${", "$${").replace("%{", "%%{");
    serde_json::Value::from(escaped).to_string()
}
