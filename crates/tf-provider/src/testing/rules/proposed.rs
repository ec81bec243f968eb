//! Terraform's proposal to a provider before it plans: the configuration, with stored
//! values where the provider decides.
//!
//! Source: Terraform, `plans/objchange.ProposedNew`.

use super::field;
use crate::proto::client::{Attribute, Body, Nested};
use crate::schema::Nesting;
use crate::value::Value;

/// The proposal for one object. A null prior object is a new one.
pub(in crate::testing) fn proposed_new(body: &Body, prior: &Value, config: &Value) -> Value {
    if config.is_null() || config.is_unknown() {
        return config.clone();
    }
    let attributes = body.attributes.iter().map(|attribute| {
        let name = &attribute.name;
        let source = if is_left_to_provider(attribute, config) { prior } else { config };
        (name, field(source, name).clone())
    });
    let blocks = body.blocks.iter().map(|block| {
        let name = &block.name;
        (name, proposed_block(block, field(prior, name), field(config, name)))
    });
    Value::map(attributes.chain(blocks))
}

/// Returns true if the provider decides a value, because the configuration does not.
fn is_left_to_provider(attribute: &Attribute, config: &Value) -> bool {
    attribute.computed && field(config, &attribute.name).is_null()
}

fn proposed_block(block: &Nested, prior: &Value, config: &Value) -> Value {
    let Value::List(elements) = config else { return proposed_new(&block.body, prior, config) };
    let mut stored: Vec<&Value> = prior.as_list().unwrap_or_default().iter().collect();
    let proposed = elements.iter().enumerate().map(|(index, element)| {
        let prior = match block.nesting {
            Nesting::Set => counterpart(&block.body, &mut stored, element),
            Nesting::Single | Nesting::List => stored.get(index).copied(),
        };
        proposed_new(&block.body, prior.unwrap_or(&Value::Null), element)
    });
    proposed.collect()
}

/// The stored element of a set that an element of the configuration stands for:
/// one that differs only in what is left to the provider. Each is used once.
fn counterpart<'a>(body: &Body, stored: &mut Vec<&'a Value>, element: &Value) -> Option<&'a Value> {
    let is_same = |prior: &&Value| {
        body.attributes.iter().all(|attribute| {
            let [prior, config] = [prior, element].map(|side| field(side, &attribute.name));
            is_left_to_provider(attribute, element) || prior.same_as(config, &attribute.ty)
        }) && body.blocks.iter().all(|block| {
            field(prior, &block.name).same_as(field(element, &block.name), &block.ty())
        })
    };
    let position = stored.iter().position(is_same)?;
    Some(stored.remove(position))
}
