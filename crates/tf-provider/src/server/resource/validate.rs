//! `ValidateResourceTypeConfig`: checks a configuration as far as it is known.
//!
//! Source: Terraform plugin protocol 5; Terraform, "Write-only arguments".

mod entries;
mod violation;

use self::violation::{describe, violations};
use super::super::Server;
use crate::diagnostics::{Diagnostic, Diagnostics, Result};
use crate::schema::{Block, Given, Nesting, Presence, Schema, View};
use crate::value::Value;

impl Server {
    pub(crate) fn validate_resource(
        &self,
        type_name: &str,
        config: &Value,
        write_only_allowed: bool,
    ) -> Result<Diagnostics> {
        let schema = self.resource_schema(type_name)?;
        let mut found = validate_block(schema, config);
        if !write_only_allowed {
            found.extend(refuse_write_only(schema, config));
        }
        Ok(found)
    }
}

/// Checks a whole configuration: required values, numbers of blocks, each value, maps by
/// key, twins, and the author's checks, also in nested blocks.
pub(crate) fn validate_block(schema: &Schema, config: &Value) -> Diagnostics {
    if config.is_null() || config.is_unknown() {
        return Diagnostics::none();
    }
    let mut found = missing_values(schema, config);
    for view in View::new(schema, config).with_nested() {
        found.extend(read_only_values(&view));
        found.extend(validate_values(&view));
        found.extend(entries::validate(&view));
        found.extend(twins_used_together(&view));
        found.extend(view.check());
    }
    found
}

/// Errors for required arguments that are null, and for too few or too many blocks.
/// Terraform itself refuses only arguments that are not written at all.
pub(crate) fn missing_values(schema: &Schema, config: &Value) -> Diagnostics {
    let views = View::new(schema, config).with_nested();
    let missing = views.iter().flat_map(|view| {
        let required = view.attributes().iter();
        let required = required.filter(|each| each.presence() == Presence::Required);
        required.filter_map(|each| missing_value(view, each.name()))
    });
    let blocks = views.iter().flat_map(|view| {
        view.nested_blocks().iter().filter_map(|block| number_of_blocks(view, block))
    });
    missing.chain(blocks).collect()
}

fn missing_value(view: &View<'_>, name: &str) -> Option<Diagnostic> {
    view.get(name).is_null().then(|| {
        Diagnostic::error(format!("Missing {name}"))
            .detail(format!("`{name}` is required, and its value is null. Give it a value."))
            .at(view.path_of(name))
    })
}

fn number_of_blocks(view: &View<'_>, block: &Block) -> Option<Diagnostic> {
    let name = block.name();
    let count = match view.get(name) {
        Given::Null => 0,
        Given::Unknown => return None,
        Given::Known(value) => value.as_list().map_or(1, <[Value]>::len),
    };
    let (least, most) = block.items();
    // Elements of a set that are not known yet may turn out to be the same.
    let may_shrink = block.nesting() == Nesting::Set
        && view.get(name).known().is_some_and(|value| !value.is_wholly_known());
    let (title, demand) = if count < least as usize {
        (format!("Too few {name} blocks"), format!("at least {least}"))
    } else if most > 0 && count > most as usize && !may_shrink {
        (format!("Too many {name} blocks"), format!("at most {most}"))
    } else {
        return None;
    };
    let detail =
        format!("The block `{name}` has to stand {demand} times; it stands {count} times.");
    Some(Diagnostic::error(title).detail(detail).at(view.path_of(name)))
}

/// Errors for values of attributes that only the provider sets. Terraform passes them on: as
/// planned values they would hide what the service has.
fn read_only_values(view: &View<'_>) -> Diagnostics {
    let read_only = view.attributes().iter().filter(|each| each.presence() == Presence::Computed);
    let set = read_only.filter(|each| !view.get(each.name()).is_null()).map(|each| {
        let name = each.name();
        Diagnostic::error(format!("Read-only {name}"))
            .detail(format!("`{name}` cannot be set: its value comes from the service. Remove it."))
            .at(view.path_of(name))
    });
    set.collect()
}

fn validate_values(view: &View<'_>) -> Diagnostics {
    let mut found = Diagnostics::none();
    for attribute in view.attributes() {
        let name = attribute.name();
        let Some(value) = view.get(name).known().filter(|value| value.is_wholly_known()) else {
            continue;
        };
        for violation in violations(attribute.validators(), value) {
            found.push(describe(name, &violation).at(view.path_of(name)));
        }
    }
    found
}

fn twins_used_together(view: &View<'_>) -> Diagnostics {
    let alternatives = view.attributes().iter().filter(|each| each.declared_keys().is_none());
    let both = alternatives.filter_map(|attribute| {
        let (name, twin) = (attribute.name(), attribute.twin()?);
        (!view.get(name).is_null() && !view.get(twin).is_null()).then(|| {
            Diagnostic::error("Two values for one argument")
                .detail(format!(
                    "`{name}` and `{twin}` say the same thing: set one of them. `{twin}` keeps the \
                     value out of state and plan."
                ))
                .at(twin)
        })
    });
    both.collect()
}

fn refuse_write_only(schema: &Schema, config: &Value) -> Diagnostics {
    let twins = schema.all_attributes().iter().filter_map(|each| Some((each.name(), each.twin()?)));
    let used = twins
        .filter(|(_, twin)| config.get(twin).is_some_and(|value| !value.is_null()))
        .map(|(ordinary, name)| {
            Diagnostic::error("Write-only arguments need a newer client")
                .detail(format!(
                    "`{name}` is never stored, which this client cannot do: use Terraform 1.11 or \
                     OpenTofu 1.11 or newer, or set `{ordinary}`, which is kept in state."
                ))
                .at(name)
        });
    used.collect()
}
