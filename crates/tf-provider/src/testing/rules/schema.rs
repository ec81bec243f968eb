//! The form of schemas that Terraform loads.
//!
//! Source: Terraform, `configs/configschema.InternalValidate`; the names that
//! resource and provider blocks keep for themselves.

use crate::proto::client::{Attribute, Body, Shapes};
use crate::schema::Nesting;
use crate::value::Type;

const KEPT_BY_RESOURCES: [&str; 7] =
    ["connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"];
const KEPT_BY_PROVIDERS: [&str; 2] = ["alias", "version"];

/// The faults of a provider's schemas, as sentences.
pub(in crate::testing) fn faults(shapes: &Shapes) -> Vec<String> {
    let mut faults = Vec::new();
    inspect(&shapes.provider.body, "provider", &KEPT_BY_PROVIDERS, &mut faults);
    for (name, shape) in &shapes.resources {
        inspect(&shape.body, name, &KEPT_BY_RESOURCES, &mut faults);
    }
    for (name, shape) in &shapes.data_sources {
        let at = format!("data.{name}");
        inspect(&shape.body, &at, &KEPT_BY_RESOURCES, &mut faults);
        if shape.body.attributes.iter().any(|each| each.write_only) {
            faults.push(format!("{at}: only resources have write-only arguments"));
        }
    }
    faults
}

/// Collects the faults of a block and of the blocks in it. `kept` are the names that
/// Terraform keeps for itself, which is so at the top only.
fn inspect(body: &Body, at: &str, kept: &[&str], faults: &mut Vec<String>) {
    let names = || {
        let attributes = body.attributes.iter().map(|each| each.name.as_str());
        attributes.chain(body.blocks.iter().map(|each| each.name.as_str()))
    };
    for (position, name) in names().enumerate() {
        if names().take(position).any(|other| other == name) {
            faults.push(format!("{at}: `{name}` is there twice"));
        }
        if kept.contains(&name) {
            faults.push(format!("{at}: `{name}` is a name that Terraform keeps for itself"));
        }
        if !is_identifier(name) {
            faults.push(format!("{at}: `{name}` is no name that can be written"));
        }
    }
    for attribute in &body.attributes {
        if let Some(fault) = fault_of(attribute) {
            faults.push(format!("{at}.{}: {fault}", attribute.name));
        }
    }
    for block in &body.blocks {
        let at = format!("{at}.{}", block.name);
        inspect(&block.body, &at, &[], faults);
        let unfit = |each: &Attribute| each.write_only || has_dynamic(&each.ty);
        if block.nesting == Nesting::Set && block.body.attributes.iter().any(unfit) {
            faults.push(format!("{at}: a set holds nothing dynamic and nothing write-only"));
        }
    }
}

/// The fault of one attribute. Somebody has to set it, and no more than one side may have to.
fn fault_of(attribute: &Attribute) -> Option<&'static str> {
    let Attribute { required, optional, computed, write_only, .. } = *attribute;
    match (required, optional, computed) {
        (false, false, false) => Some("it is neither required, optional nor computed"),
        (true, true, _) => Some("it is required and optional"),
        (true, _, true) => Some("it is required and computed"),
        (_, _, true) if write_only => Some("it is computed and write-only"),
        _ => None,
    }
}

fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first.is_ascii_lowercase() || first == '_')
        && characters.all(|each| each.is_ascii_lowercase() || each.is_ascii_digit() || each == '_')
}

fn has_dynamic(ty: &Type) -> bool {
    match ty {
        Type::Dynamic => true,
        Type::String | Type::Number | Type::Bool => false,
        Type::List(element) | Type::Set(element) | Type::Map(element) => has_dynamic(element),
        Type::Tuple(elements) => elements.iter().any(has_dynamic),
        Type::Object(attributes) => attributes.values().any(has_dynamic),
    }
}
