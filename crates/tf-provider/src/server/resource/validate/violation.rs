//! The objections of an author's rules, as diagnostics. The place is the caller's to add.

use crate::diagnostics::{Diagnostic, Severity};
use crate::schema::{Validator, Violation};
use crate::value::Value;

/// The objections of the rules to a value. Beside an error a warning is noise.
pub(super) fn violations(validators: &[Validator], value: &Value) -> Vec<Violation> {
    let all = validators.iter().filter_map(|each| each.run(value).err());
    let (errors, warnings): (Vec<_>, Vec<_>) =
        all.partition(|violation| violation.severity() == Severity::Error);
    if errors.is_empty() { warnings } else { errors }
}

/// Says what a value must be. Terraform shows the value itself, unless the configuration
/// has marked it as sensitive, which providers cannot see.
pub(super) fn describe(name: &str, violation: &Violation) -> Diagnostic {
    match violation.title() {
        Some(title) => Diagnostic::warning(title),
        None => Diagnostic::error(format!("Invalid {name}")),
    }
    .detail(format!("`{name}` {}.", violation.sentence()))
}
