//! `ValidateResourceTypeConfig`: is this configuration possible, as far as it
//! is known?
//!
//! Source: Terraform plugin protocol 5; Terraform, "Write-only arguments".

use super::super::Server;
use crate::diagnostics::{Diagnostic, Diagnostics, Result, Severity};
use crate::schema::{Attribute, Complaint, Nesting, Schema, View};
use crate::value::{Path, Value};

impl Server {
    pub(crate) fn validate_resource(
        &self,
        type_name: &str,
        config: &Value,
        write_only_allowed: bool,
    ) -> Result<Diagnostics> {
        let schema = self.resource_schema(type_name)?;
        let mut told = validate_block(schema, config);
        if !write_only_allowed {
            told.extend(refuse_write_only(schema, config));
        }
        Ok(told)
    }
}

/// Holds a whole configuration against its schema: each value, twins, and the
/// author's checks.
pub(crate) fn validate_block(schema: &Schema, config: &Value) -> Diagnostics {
    if config.is_null() || config.is_unknown() {
        return Diagnostics::none();
    }
    let mut told = validate_values(schema.all_attributes(), config, &Path::root());
    for block in schema.all_blocks() {
        for (path, element) in elements(config, block.name(), block.nesting()) {
            told.extend(validate_values(block.all_attributes(), element, &path));
        }
    }
    told.extend(twins_used_together(schema, config));
    let view = View::new(config);
    for check in schema.checks() {
        told.extend(check.run(&view));
    }
    told
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
    let mut told = Diagnostics::none();
    for attribute in attributes {
        let Some(value) = config.get(attribute.name()) else { continue };
        if value.is_null() || !value.is_wholly_known() {
            continue;
        }
        let path = at.clone().attribute(attribute.name());
        for complaint in complaints(attribute, value) {
            told.push(describe(attribute, &complaint).at(path.clone()));
        }
    }
    told
}

/// What the rules have against a value. Beside an error a warning is noise.
fn complaints(attribute: &Attribute, value: &Value) -> Vec<Complaint> {
    let all = attribute.validators().iter().filter_map(|each| each.run(value).err());
    let (errors, warnings): (Vec<_>, Vec<_>) =
        all.partition(|complaint| complaint.severity() == Severity::Error);
    if errors.is_empty() { warnings } else { errors }
}

/// Says what a value must be. What it is, Terraform shows, unless the configuration has marked it
/// as sensitive, which is not told to providers.
fn describe(attribute: &Attribute, complaint: &Complaint) -> Diagnostic {
    match complaint.severity() {
        Severity::Error => Diagnostic::error(format!("Invalid {}", attribute.name())),
        Severity::Warning => Diagnostic::warning(format!("Unusual {}", attribute.name())),
    }
    .detail(format!("`{}` {}.", attribute.name(), complaint.sentence()))
}

fn twins_used_together(schema: &Schema, config: &Value) -> Diagnostics {
    let both = schema.all_attributes().iter().filter_map(|attribute| {
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
    let write_only = schema.all_attributes().iter().filter(|each| each.is_write_only());
    let used = write_only
        .filter(|each| config.get(each.name()).is_some_and(|value| !value.is_null()))
        .map(|each| {
            let name = each.name();
            let ordinary = name.trim_end_matches("_wo");
            Diagnostic::error("Write-only arguments need a newer client")
                .detail(format!(
                    "`{name}` is never stored, which this client cannot do: use Terraform 1.11 or \
                     OpenTofu 1.11 or newer, or set `{ordinary}`, which is kept in state."
                ))
                .at(name)
        });
    used.collect()
}
