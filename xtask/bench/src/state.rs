//! A state of many objects, copied from one object that the CLI has written.
//!
//! Terraform takes most of an hour to apply ten thousand objects. The plan that follows
//! proves the copies: it must be empty.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use xtask_step::outcome::{Outcome, fail};

use super::side::{Command, Side};

/// Texts of the first object, each with the text that another object has instead.
pub(super) type Swaps = Vec<(String, String)>;

/// A state with one object.
#[derive(Debug)]
pub(super) struct Template {
    state: Value,
    instance: Value,
}

impl Template {
    /// Creates one object on a side and reads its state.
    pub(super) async fn create(side: &Side<'_>) -> Outcome<Self> {
        side.run(Command::Apply, 1).await?;
        let file = side.state();
        let state: Value = serde_json::from_slice(&fs::read(&file)?)?;
        match state.pointer("/resources/0/instances/0").cloned() {
            Some(instance) => Ok(Self { state, instance }),
            None => fail(format!("there is no object in the state {}", file.display())),
        }
    }

    /// An attribute of the object.
    pub(super) fn attribute(&self, name: &str) -> &str {
        self.instance["attributes"][name].as_str().unwrap_or_default()
    }

    /// Writes a state in which others follow the object.
    pub(super) fn write(&self, file: &Path, others: impl Iterator<Item = Swaps>) -> Outcome {
        let copies = others.zip(1..).map(|(swaps, index)| self.copy(index, &swaps));
        let mut instances = vec![self.instance.clone()];
        instances.extend(copies.collect::<Outcome<Vec<_>>>()?);
        let mut state = self.state.clone();
        state["resources"][0]["instances"] = instances.into();
        Ok(fs::write(file, state.to_string())?)
    }

    fn copy(&self, index: usize, swaps: &Swaps) -> Outcome<Value> {
        let swapped = |text: String| {
            swaps.iter().fold(text, |text, (first, other)| text.replace(first, other))
        };
        let mut copy: Value = serde_json::from_str(&swapped(self.instance.to_string()))?;
        copy["index_key"] = index.into();
        if let Some(private) = self.instance["private"].as_str() {
            let private = String::from_utf8(STANDARD.decode(private)?)?;
            copy["private"] = STANDARD.encode(swapped(private)).into();
        }
        Ok(copy)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_copy_has_its_own_texts_also_in_private_data() {
        let instance = json!({
            "index_key": 0,
            "attributes": { "id": "o/a-0", "uid": "u0", "type": "openai" },
            "private": STANDARD.encode(r#"{"uid":"u0"}"#),
        });
        let template = Template { state: Value::Null, instance };
        let swaps = [("a-0", "a-7"), ("u0", "u7")];
        let swaps = swaps.map(|(one, other)| (one.to_owned(), other.to_owned())).into();
        let expected = json!({
            "index_key": 7,
            "attributes": { "id": "o/a-7", "uid": "u7", "type": "openai" },
            "private": STANDARD.encode(r#"{"uid":"u7"}"#),
        });
        assert_eq!(template.copy(7, &swaps).unwrap(), expected);
    }
}
