//! From values, schemas and diagnostics onto the wire.

use super::generated::tfplugin5 as wire;
use super::generated::tfplugin5::attribute_path::step::Selector;
use super::generated::tfplugin5::schema::nested_block::NestingMode;
use crate::diagnostics::{Diagnostic, Diagnostics, Result, Severity};
use crate::model::defect;
use crate::schema::{Attribute, Block, Nesting, Presence, Schema};
use crate::value::{Path, Step, Type, Value, msgpack};

/// A value in MessagePack. One that does not fit its type is a defect of the provider.
pub(super) fn value(value: &Value, ty: &Type) -> Result<wire::DynamicValue> {
    match msgpack::encode(value, ty) {
        Ok(msgpack) => Ok(wire::DynamicValue { msgpack, json: Vec::new() }),
        Err(error) => {
            let defect = defect(format!("It made a value that does not fit its schema: {error}."));
            Err(defect.at(error.path().clone()).into())
        }
    }
}

/// A deferral because of a configuration that is not known yet.
pub(super) fn config_unknown() -> wire::Deferred {
    wire::Deferred { reason: wire::deferred::Reason::ResourceConfigUnknown.into() }
}

pub(super) fn diagnostics(diagnostics: Diagnostics) -> Vec<wire::Diagnostic> {
    diagnostics.iter().map(diagnostic).collect()
}

fn diagnostic(diagnostic: &Diagnostic) -> wire::Diagnostic {
    let severity = match diagnostic.severity() {
        Severity::Error => wire::diagnostic::Severity::Error,
        Severity::Warning => wire::diagnostic::Severity::Warning,
    };
    wire::Diagnostic {
        severity: severity.into(),
        summary: diagnostic.summary().to_owned(),
        detail: diagnostic.text().to_owned(),
        attribute: diagnostic.path().map(path),
    }
}

/// A path as the protocol has it, which has no step into a set.
pub(super) fn path(path: &Path) -> wire::AttributePath {
    let steps = path.steps().iter().map(|step| {
        let selector = match step {
            Step::Attribute(name) => Selector::AttributeName(name.clone()),
            Step::Key(key) => Selector::ElementKeyString(key.clone()),
            Step::Index(index) => Selector::ElementKeyInt(*index),
        };
        wire::attribute_path::Step { selector: Some(selector) }
    });
    wire::AttributePath { steps: steps.collect() }
}

/// A schema without the rules that only the provider follows: validators, defaults and
/// plan rules.
pub(super) fn schema(schema: &Schema) -> wire::Schema {
    wire::Schema {
        version: i64::from(schema.state_version()),
        block: Some(body(schema.all_attributes(), schema.all_blocks(), schema.description())),
    }
}

fn body(attributes: &[Attribute], blocks: &[Block], description: &str) -> wire::schema::Block {
    wire::schema::Block {
        attributes: attributes.iter().map(attribute).collect(),
        block_types: blocks.iter().map(block).collect(),
        description: description.to_owned(),
        description_kind: wire::StringKind::Markdown.into(),
        ..Default::default()
    }
}

fn attribute(attribute: &Attribute) -> wire::schema::Attribute {
    let presence = attribute.presence();
    wire::schema::Attribute {
        name: attribute.name().to_owned(),
        r#type: attribute.ty().to_json().into_bytes(),
        description: attribute.description().to_owned(),
        required: presence == Presence::Required,
        optional: matches!(presence, Presence::Optional | Presence::OptionalComputed),
        computed: matches!(presence, Presence::Computed | Presence::OptionalComputed),
        // A write-only value is shown and stored nowhere by itself. To mark it as well would
        // only cost: Terraform copies every mark of every object whenever it copies a state,
        // which it does for each change, and each path of a mark is an allocation.
        sensitive: attribute.is_sensitive() && !attribute.is_write_only(),
        description_kind: wire::StringKind::Markdown.into(),
        deprecated: attribute.deprecation().is_some(),
        write_only: attribute.is_write_only(),
        deprecation_message: attribute.deprecation().unwrap_or_default().to_owned(),
    }
}

fn block(block: &Block) -> wire::schema::NestedBlock {
    let nesting = match block.nesting() {
        Nesting::Single => NestingMode::Single,
        Nesting::List => NestingMode::List,
        Nesting::Set => NestingMode::Set,
    };
    let (min_items, max_items) = block.items();
    wire::schema::NestedBlock {
        type_name: block.name().to_owned(),
        block: Some(body(block.all_attributes(), block.all_blocks(), block.description())),
        nesting: nesting.into(),
        min_items: min_items.into(),
        max_items: max_items.into(),
    }
}
