//! The paths that make a plan a replacement, of those that a provider names.
//!
//! Source: Terraform, `node_resource_abstract_instance.go`, `getRequiredReplaces`.

use super::{BrokenRule, Place};
use crate::proto::client::{Attribute, Body, Shape};
use crate::value::{Path, Step, Type, Value};

/// The paths at which stored and planned values differ, or may differ.
///
/// A provider may name paths of values that do not change, but not such that lead
/// nowhere.
pub(in crate::testing) fn replaced(
    shape: &Shape,
    prior: &Value,
    planned: &Value,
    named: &[Path],
) -> Result<Vec<Path>, BrokenRule> {
    let mut replaced = Vec::new();
    for path in named {
        let (before, after) = (prior.at(path), planned.at(path));
        if before.is_none() && after.is_none() {
            let reason = "a replacement because of a place that neither state nor plan has";
            return Err(BrokenRule::new("RequiresReplace", path.clone(), reason)
                .side("stored", prior, Place::Block)
                .side("planned", planned, Place::Block));
        }
        let is_write_only = attribute_at(&shape.body, path).is_some_and(|each| each.write_only);
        let [before, after] = [before, after].map(|side| side.unwrap_or(&Value::Null));
        let undecided = !before.is_wholly_known() || !after.is_wholly_known();
        if is_write_only || undecided || !before.same_as(after, type_at(&shape.ty, path)) {
            replaced.push(path.clone());
        }
    }
    Ok(replaced)
}

/// The attribute a path ends at, and not inside of.
fn attribute_at<'a>(body: &'a Body, path: &Path) -> Option<&'a Attribute> {
    let mut body = body;
    let mut names = path.steps().iter().filter_map(|step| match step {
        Step::Attribute(name) => Some(name),
        Step::Key(_) | Step::Index(_) => None,
    });
    let last = names.next_back()?;
    for name in names {
        body = &body.blocks.iter().find(|each| each.name == *name)?.body;
    }
    body.attributes.iter().find(|each| each.name == *last)
}

fn type_at<'a>(ty: &'a Type, path: &Path) -> &'a Type {
    path.steps().iter().fold(ty, |ty, step| match (ty, step) {
        (Type::Object(fields), Step::Attribute(name)) => fields.get(name).unwrap_or(&Type::Dynamic),
        (Type::Map(element), Step::Key(_)) | (Type::List(element), Step::Index(_)) => element,
        _ => &Type::Dynamic,
    })
}
