//! The warnings about a connection, as users read them. Nothing here decides anything.
//!
//! Terraform shows only the first of several warnings with the same title, so each kind
//! of warning has its own.

use tf_provider::Diagnostic;

use super::drift::Verdict;
use super::model::Model;

/// The warning of a name that the API does not document.
pub(super) fn unusual_name() -> Diagnostic {
    Diagnostic::warning("Unusual name")
        .detail(
            "`name` should be lower-case letters, digits and \"-\", in parts separated by \".\", as \
             the API documents it. The service may refuse others.",
        )
        .at("name")
}

/// What a refresh found out about the credentials.
pub(super) fn drift(verdict: &Verdict, name: &str) -> Option<Diagnostic> {
    let (title, detail) = match verdict {
        Verdict::Unchanged => return None,
        Verdict::Changed { replaced, at, repairs } => {
            let (title, what) = match replaced {
                true => (
                    "A connection was replaced outside of Terraform",
                    "was deleted and created again outside of Terraform",
                ),
                false => (
                    "Credentials may have changed outside of Terraform",
                    "was changed outside of Terraform, so its credentials may have changed",
                ),
            };
            let when = at.as_deref().map(|at| format!(" ({at})")).unwrap_or_default();
            let next = if *repairs { "" } else { " Nothing is planned for it." };
            (title, format!("The connection `{name}` {what}{when}.{next}"))
        }
        Verdict::PerhapsOurs => (
            "The outcome of the last update is unknown",
            format!(
                "The outcome of the last update of the connection `{name}` is unknown, and its \
                 version has moved since: the service has either the new credentials or those \
                 before."
            ),
        ),
        Verdict::GaveUp => (
            "Credentials are no longer repaired",
            format!(
                "The version of the connection `{name}` moved again after its credentials were \
                 repaired. This change and further ones are reported and not repaired, until its \
                 credentials change in the configuration."
            ),
        ),
    };
    Some(Diagnostic::warning(title).detail(detail))
}

/// What a plan does about credentials that may have changed.
pub(super) fn repair(name: &str) -> Diagnostic {
    Diagnostic::warning("Credentials are sent again").detail(format!(
        "The credentials of the connection `{name}` may differ from the configured ones. Under \
         `credential_drift = \"repair\"`, this plan sends the configured credentials again."
    ))
}

/// What an update does without credentials.
pub(super) fn keeps_credentials(name: &str) -> Diagnostic {
    Diagnostic::warning("The service keeps its credentials").detail(format!(
        "No credentials are configured for the connection `{name}` any more, so there is nothing to \
         send: the service keeps the ones it has."
    ))
}

/// What a refresh does while the provider is not configured yet.
pub(super) fn not_refreshed(name: &str) -> Diagnostic {
    Diagnostic::warning("Not refreshed").detail(format!(
        "The connection `{name}` was not refreshed: a setting of the provider is not known yet."
    ))
}

/// A status that says that the connection does not work.
pub(super) fn status(model: &Model) -> Option<Diagnostic> {
    let status = model.status.as_deref()?;
    let (title, trouble) = match status.to_ascii_uppercase().as_str() {
        "UNREACHABLE" => ("An endpoint cannot be reached", "its endpoint cannot be reached"),
        "INVALID_AUTH" => ("Credentials are refused", "the service refuses its credentials"),
        _ => return None,
    };
    let detail = model.status_detail.as_deref().filter(|text| !text.is_empty());
    let detail = detail.map(|text| format!(": {text}")).unwrap_or_default();
    Some(Diagnostic::warning(title).detail(format!(
        "Confluent Cloud reports for the connection `{}` that {trouble} ({status}){detail}.",
        model.name
    )))
}
