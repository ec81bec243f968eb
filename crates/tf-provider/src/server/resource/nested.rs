//! The steps of a plan that reach into nested blocks.
//!
//! A block that stands at most once and the blocks of a list, which are the same by their
//! position, are planned like the resource itself. Those of a set have nothing to plan. This
//! file must not know the plan's request or hook.

use std::collections::BTreeSet;

use crate::schema::{Block, Body, Nesting};
use crate::value::{Path, Type, Value};

/// The values of one body, as stored and as configured, with the planned ones to change.
pub(super) struct Sides<'a> {
    pub(super) prior: &'a Value,
    pub(super) config: &'a Value,
    pub(super) planned: &'a mut Value,
}

impl Sides<'_> {
    /// The known blocks of one name that are planned.
    fn blocks<'a>(&'a mut self, block: &Block) -> Vec<Sides<'a>> {
        let name = block.name();
        let [prior, config] =
            [self.prior, self.config].map(|side| side.get(name).unwrap_or(&Value::Null));
        match (block.nesting(), self.planned.get_mut(name)) {
            (Nesting::Single, Some(planned)) => vec![Sides { prior, config, planned }],
            (Nesting::List, Some(Value::List(many))) => {
                let sides = many.iter_mut().enumerate().map(|(index, planned)| {
                    let [prior, config] = [prior, config].map(|side| element(side, index));
                    Sides { prior, config, planned }
                });
                sides.collect()
            }
            _ => Vec::new(),
        }
    }

    fn is_unset(&self, name: &str) -> bool {
        self.config.get(name).is_none_or(Value::is_null)
    }
}

/// Fills in defaults, and keeps the stored spelling where only the spelling differs.
pub(super) fn propose(body: &Body, sides: &mut Sides<'_>) {
    for attribute in body.attributes() {
        let name = attribute.name();
        let is_unset = sides.is_unset(name);
        let Some(slot) = sides.planned.get_mut(name) else { continue };
        if is_unset && let Some(default) = attribute.default_value() {
            *slot = default.clone();
        }
        if let Some(stored) = sides.prior.get(name)
            && attribute.means_the_same(stored, slot)
        {
            *slot = stored.clone();
        }
    }
    for block in body.blocks() {
        sides.blocks(block).iter_mut().for_each(|each| propose(block.body(), each));
    }
}

/// Marks what the apply will find out: every computed value of what is new and, where the
/// object changes, those that an update can move. `decided` names what a hook has decided.
pub(super) fn mark_unknown(
    body: &Body,
    sides: &mut Sides<'_>,
    changes: bool,
    decided: &BTreeSet<String>,
) {
    let is_new = sides.prior.is_null();
    for attribute in body.attributes() {
        let name = attribute.name();
        let computed = attribute.is_computed()
            && attribute.default_value().is_none()
            && sides.is_unset(name)
            && !decided.contains(name);
        let Some(slot) = sides.planned.get_mut(name) else { continue };
        if computed && (is_new || changes && !attribute.is_stable()) {
            *slot = Value::Unknown;
        }
    }
    for block in body.blocks() {
        let mark =
            |each: &mut Sides<'_>| mark_unknown(block.body(), each, changes, &BTreeSet::new());
        sides.blocks(block).iter_mut().for_each(mark);
    }
}

/// The attributes below `at` whose change makes the object another one.
pub(super) fn replacements(body: &Body, prior: &Value, planned: &Value, at: &Path) -> Vec<Path> {
    let replacing = body.attributes().iter().filter(|each| each.replaces());
    let own = replacing
        .filter(|each| changes(prior, planned, each.name(), each.ty()))
        .map(|each| at.clone().attribute(each.name()));
    let nested = body.blocks().iter().flat_map(|block| {
        let [prior, planned] = [prior, planned].map(|side| field(side, block.name()));
        let at = at.clone().attribute(block.name());
        match block.nesting() {
            Nesting::Single => replacements(block.body(), prior, planned, &at),
            Nesting::List => {
                let count = [prior, planned].map(|side| side.as_list().map_or(0, <[_]>::len));
                let each = |index: usize| {
                    let [prior, planned] = [prior, planned].map(|side| element(side, index));
                    replacements(block.body(), prior, planned, &at.clone().element(index))
                };
                (0..count[0].max(count[1])).flat_map(each).collect()
            }
            Nesting::Set => Vec::new(),
        }
    });
    own.chain(nested).collect()
}

/// Returns true if Terraform would call the two values of that name different.
pub(super) fn changes(prior: &Value, planned: &Value, name: &str, ty: &Type) -> bool {
    !field(prior, name).same_as(field(planned, name), ty)
}

fn field<'a>(object: &'a Value, name: &str) -> &'a Value {
    object.get(name).unwrap_or(&Value::Null)
}

fn element(list: &Value, index: usize) -> &Value {
    list.as_list().and_then(|elements| elements.get(index)).unwrap_or(&Value::Null)
}
