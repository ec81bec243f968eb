//! `ValidateResourceTypeConfig`: is this configuration possible, as far as it
//! is known?
//!
//! Source: Terraform plugin protocol 5; Terraform, "Write-only arguments".

mod entries;

use super::super::Server;
use crate::diagnostics::{Diagnostic, Diagnostics, Result, Severity};
use crate::schema::{Attribute, Nesting, Presence, Schema, Validator, View, Violation};
use crate::value::{Path, Value};

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

/// Holds a whole configuration against its schema: required values, each value, maps
/// by key, twins, and the author's checks.
pub(crate) fn validate_block(schema: &Schema, config: &Value) -> Diagnostics {
    if config.is_null() || config.is_unknown() {
        return Diagnostics::none();
    }
    let mut found = missing_values(schema, config);
    for (path, attributes, values) in bodies(schema, config) {
        found.extend(validate_values(attributes, values, &path));
    }
    found.extend(entries::validate(schema, config));
    found.extend(twins_used_together(schema, config));
    let view = View::new(schema, config);
    for check in schema.checks() {
        found.extend(check.run(&view));
    }
    found
}

/// Errors for required arguments that are null. Terraform itself refuses only those that
/// are not written at all.
pub(crate) fn missing_values(schema: &Schema, config: &Value) -> Diagnostics {
    let missing = bodies(schema, config).into_iter().flat_map(|(path, attributes, values)| {
        let required = attributes.iter().filter(|each| each.presence() == Presence::Required);
        let is_null = |each: &&Attribute| values.get(each.name()).is_none_or(Value::is_null);
        required
            .filter(is_null)
            .map(move |each| missing_value(each.name(), &path))
            .collect::<Vec<_>>()
    });
    missing.collect()
}

fn missing_value(name: &str, block: &Path) -> Diagnostic {
    Diagnostic::error(format!("Missing {name}"))
        .detail(format!("`{name}` is required, and its value is null. Give it a value."))
        .at(block.clone().attribute(name))
}

/// The block itself and every nested one that stands in it, with their places.
fn bodies<'a>(schema: &'a Schema, config: &'a Value) -> Vec<(Path, &'a [Attribute], &'a Value)> {
    let mut bodies = vec![(Path::root(), schema.all_attributes(), config)];
    for block in schema.all_blocks() {
        let nested = elements(config, block.name(), block.nesting()).into_iter();
        bodies.extend(nested.map(|(path, element)| (path, block.all_attributes(), element)));
    }
    bodies
}

/// The bodies of a nested block with their paths. Elements of sets cannot be
/// addressed, so they share the path of the set.
fn elements<'a>(config: &'a Value, name: &str, nesting: Nesting) -> Vec<(Path, &'a Value)> {
    let path = Path::from(name);
    match (config.get(name), nesting) {
        (Some(block @ Value::Map(_)), _) => vec![(path, block)],
        (Some(Value::List(blocks)), Nesting::Set) => {
            blocks.iter().map(|block| (path.clone(), block)).collect()
        }
        (Some(Value::List(blocks)), _) => {
            let numbered = (0_i64..).zip(blocks);
            numbered.map(|(index, block)| (path.clone().index(index), block)).collect()
        }
        _ => Vec::new(),
    }
}

fn validate_values(attributes: &[Attribute], config: &Value, at: &Path) -> Diagnostics {
    let mut found = Diagnostics::none();
    for attribute in attributes {
        let Some(value) = config.get(attribute.name()) else { continue };
        if value.is_null() || !value.is_wholly_known() {
            continue;
        }
        let path = at.clone().attribute(attribute.name());
        for complaint in complaints(attribute.validators(), value) {
            found.push(describe(attribute.name(), &complaint).at(path.clone()));
        }
    }
    found
}

/// What the rules have against a value. Beside an error a warning is noise.
fn complaints(validators: &[Validator], value: &Value) -> Vec<Violation> {
    let all = validators.iter().filter_map(|each| each.run(value).err());
    let (errors, warnings): (Vec<_>, Vec<_>) =
        all.partition(|complaint| complaint.severity() == Severity::Error);
    if errors.is_empty() { warnings } else { errors }
}

/// Says what a value must be. What it is, Terraform shows, unless the configuration has
/// marked it as sensitive, which providers cannot see.
fn describe(name: &str, complaint: &Violation) -> Diagnostic {
    match complaint.title() {
        Some(title) => Diagnostic::warning(title),
        None => Diagnostic::error(format!("Invalid {name}")),
    }
    .detail(format!("`{name}` {}.", complaint.sentence()))
}

fn twins_used_together(schema: &Schema, config: &Value) -> Diagnostics {
    let alternatives = schema.all_attributes().iter().filter(|each| each.declared_keys().is_none());
    let both = alternatives.filter_map(|attribute| {
        let twin = attribute.twin()?;
        let used = |name| config.get(name).is_some_and(|value| !value.is_null());
        (used(attribute.name()) && used(twin)).then(|| {
            let name = attribute.name();
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
