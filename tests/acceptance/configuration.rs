//! Configurations in HCL, put together from blocks.

use std::fmt;

/// The address of the connection that most tests are about.
pub(crate) const OPENAI: &str = "flink_connection.openai";

/// Names the provider's source, as every configuration has to.
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
}

/// A connection named `openai` with the API key `first`.
pub(crate) fn openai() -> Block {
    connection("openai", "OPENAI", "https://api.openai.com/v1/chat/completions")
        .set("api_key", "first")
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

/// A value that a plan does not know before it has been applied once.
///
/// It can be referred to as `terraform_data.<label>.output`.
pub(crate) fn late(label: &str, value: &str) -> Block {
    Block::new(format!("resource \"terraform_data\" \"{label}\"")).set("input", value)
}

/// A variable that no plan and no output shows.
pub(crate) fn sensitive_variable(name: &str) -> Block {
    Block::new(format!("variable \"{name}\"")).expression("sensitive", "true")
}

/// A variable that is not even stored.
pub(crate) fn ephemeral_variable(name: &str) -> Block {
    Block::new(format!("variable \"{name}\"")).expression("ephemeral", "true")
}

/// A request to take over an existing object.
pub(crate) fn import(id: &str) -> Block {
    Block::new("import").expression("to", OPENAI).set("id", id)
}

impl Block {
    /// An empty block.
    pub(crate) fn new(header: impl Into<String>) -> Self {
        Self { header: header.into(), arguments: Vec::new() }
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

    /// Leaves an argument out.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.arguments.retain(|(each, _)| each != name);
        self
    }

    /// Adds a nested block.
    pub(crate) fn nested(mut self, block: &Self) -> Self {
        self.arguments.push((String::new(), block.to_string()));
        self
    }

    /// The block and what comes after it.
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
        writeln!(f, "}}")
    }
}

/// A text as HCL writes it, with nothing in it evaluated.
pub(crate) fn quoted(text: &str) -> String {
    let escaped = text.replace("${", "$${").replace("%{", "%%{");
    serde_json::Value::from(escaped).to_string()
}
