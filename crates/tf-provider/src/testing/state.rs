//! The state file: each resource instance from one step to the next, in the form in which
//! Terraform stores it.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use serde_json::value::RawValue;

use crate::proto::client::Body;
use crate::server::Object;
use crate::value::{EncodeError, Type, json};

/// One resource instance in the state file.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The version of the schema.
    version: i64,
    /// JSON as the provider's values were encoded, so that no number loses a digit.
    attributes: Vec<u8>,
    /// Bytes that mean something to the provider only.
    private: Vec<u8>,
    tainted: bool,
}

impl Stored {
    /// An object as some version of the provider has left it, with nothing in
    /// its private data.
    #[must_use]
    pub fn new(version: i64, attributes: &Json) -> Self {
        Self {
            version,
            attributes: attributes.to_string().into_bytes(),
            private: Vec::new(),
            tainted: false,
        }
    }

    /// The same object with private data.
    #[must_use]
    pub fn with_private(mut self, private: &[u8]) -> Self {
        self.private = private.to_vec();
        self
    }

    /// Returns the version of the schema it was written under.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.version
    }

    /// Returns its attributes and blocks.
    #[must_use]
    pub fn attributes(&self) -> Json {
        serde_json::from_slice(&self.attributes).unwrap_or_default()
    }

    /// Returns the private data of the provider.
    #[must_use]
    pub fn private(&self) -> &[u8] {
        &self.private
    }

    /// Returns true if it is left of a create that failed, and is to be replaced.
    #[must_use]
    pub fn is_tainted(&self) -> bool {
        self.tainted
    }

    /// An object as it is written to the state file.
    pub(super) fn write(
        object: &Object,
        ty: &Type,
        version: i64,
        tainted: bool,
    ) -> Result<Self, EncodeError> {
        let attributes = json::encode(&object.state, ty)?;
        Ok(Self { version, attributes, private: object.private.clone(), tainted })
    }

    /// The JSON that a provider is sent to upgrade, without what the schema no longer has
    /// where the versions are the same.
    pub(super) fn for_upgrade(&self, body: &Body, version: i64) -> Vec<u8> {
        if self.version != version {
            return self.attributes.clone();
        }
        serde_json::from_slice(&self.attributes)
            .ok()
            .and_then(|json| stripped(body, json))
            .map_or_else(|| self.attributes.clone(), |json| json.get().as_bytes().to_vec())
    }
}

/// The JSON of a block without what its schema lacks. Entries stay text, so that
/// no number loses a digit. None where the JSON is no object.
fn stripped(body: &Body, json: &RawValue) -> Option<Box<RawValue>> {
    let entries: BTreeMap<String, &RawValue> = serde_json::from_str(json.get()).ok()?;
    let mut kept = BTreeMap::new();
    for attribute in &body.attributes {
        if let Some(entry) = entries.get(&attribute.name) {
            kept.insert(attribute.name.as_str(), (*entry).to_owned());
        }
    }
    for block in &body.blocks {
        let Some(entry) = entries.get(&block.name) else { continue };
        let inside = match serde_json::from_str::<Vec<&RawValue>>(entry.get()) {
            Ok(blocks) => {
                let blocks: Option<Vec<_>> =
                    blocks.into_iter().map(|each| stripped(&block.body, each)).collect();
                blocks.and_then(|blocks| serde_json::value::to_raw_value(&blocks).ok())
            }
            Err(_) => stripped(&block.body, entry),
        };
        kept.insert(block.name.as_str(), inside.unwrap_or_else(|| (*entry).to_owned()));
    }
    serde_json::value::to_raw_value(&kept).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::proto::client::{Attribute, Nested};
    use crate::schema::Nesting;

    fn body(blocks: Vec<Nested>) -> Body {
        let number = Attribute {
            name: "number".to_owned(),
            ty: Type::Number,
            required: false,
            optional: true,
            computed: false,
            sensitive: false,
            write_only: false,
        };
        Body { attributes: vec![number], blocks }
    }

    #[test]
    fn what_the_schema_lacks_goes_where_the_versions_are_the_same() {
        let inside = body(Vec::new());
        let nested = |name: &str, nesting| Nested {
            name: name.to_owned(),
            nesting,
            element: inside.ty(),
            body: body(Vec::new()),
        };
        let body = body(vec![nested("one", Nesting::Single), nested("many", Nesting::List)]);
        let attributes = json!({
            "number": 1,
            "gone": [{}],
            "one": null,
            "many": [{ "number": 2, "gone": 3 }],
        });
        let stored = Stored::new(1, &attributes);
        let kept: Json = serde_json::from_slice(&stored.for_upgrade(&body, 1)).unwrap();
        assert_eq!(kept, json!({ "number": 1, "one": null, "many": [{ "number": 2 }] }));
        let whole: Json = serde_json::from_slice(&stored.for_upgrade(&body, 2)).unwrap();
        assert_eq!(whole, attributes);
    }

    #[test]
    fn no_number_loses_a_digit() {
        let attributes = br#"{"number":123456789012345678901234567890.5,"gone":1}"#.to_vec();
        let stored = Stored { attributes, ..Stored::new(1, &Json::Null) };
        let kept = stored.for_upgrade(&body(Vec::new()), 1);
        assert_eq!(kept, br#"{"number":123456789012345678901234567890.5}"#);
    }
}
