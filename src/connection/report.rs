//! What users read about a connection: errors of calls with what to do about them, and
//! warnings. Nothing here sends a request or decides anything.
//!
//! Terraform shows only the first of several warnings with the same title, so each kind
//! of warning has its own.

use flink_client::{Error, Place};
use tf_provider::{Diagnostic, Diagnostics};

use super::drift::Verdict;
use super::model::{self, Model};
use crate::settings::{
    CLOUD, CLOUD_API_KEY, CLOUD_API_SECRET, FLINK_API_KEY, FLINK_API_SECRET, REGION, REST_ENDPOINT,
    Settings,
};

/// What was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Create,
    Read,
    Update,
    Delete,
    /// Looking whether the new object of a replacement can be created.
    PlanReplacement,
}

impl Operation {
    fn summary(self) -> &'static str {
        match self {
            Self::Create => "Cannot create the connection",
            Self::Read => "Cannot read the connection",
            Self::Update => "Cannot update the connection",
            Self::Delete => "Cannot delete the connection",
            Self::PlanReplacement => "Cannot plan the replacement of the connection",
        }
    }

    /// What may have come of a request without an answer, and what to do.
    fn unknown_outcome(self) -> &'static str {
        match self {
            Self::Create => {
                "The connection may have been created nevertheless. Until that is known, \
                 Terraform keeps it as tainted: the next plan looks for it, and the next apply \
                 makes it again."
            }
            Self::Update => {
                "The service may have taken the new credentials nevertheless. The next apply \
                 sends them again."
            }
            Self::Read | Self::Delete | Self::PlanReplacement => {
                "The connection may have been deleted nevertheless. The next apply looks again."
            }
        }
    }
}

/// The error of a failed call. What is the same for every object of a host is said in
/// full once, and in short from then on.
pub(super) fn failed(
    settings: &Settings,
    operation: Operation,
    name: &str,
    place: &Place,
    error: &Error,
) -> Diagnostics {
    let summary = operation.summary();
    let Place { cloud, region, .. } = place;
    let about = format!("Connection: {name}, in {cloud} {region}.");
    if let Some(short) = said_before(settings, error) {
        return Diagnostic::error(summary).detail(format!("{short}\n\n{about}")).into();
    }
    let mut detail = error.to_string();
    if operation == Operation::Create && error.is_conflict() && !error.outcome_unknown() {
        detail = format!("{}\n\n{CREATED_FIRST}\n\n{detail}", import_it(place, name));
    } else if error.outcome_unknown() {
        detail = format!("{detail}\n\n{}", operation.unknown_outcome());
    }
    if error.is_forbidden() {
        detail.push_str(
            "\n\nThe API key may not do this. Connections are managed with the role FlinkAdmin, \
             EnvironmentAdmin or OrganizationAdmin; an IP filter refuses in the same way.",
        );
    }
    if error.is_timeout() {
        detail.push_str("\n\nAn operation on a connection ends after five minutes.");
    }
    if operation == Operation::PlanReplacement {
        detail.push_str(
            "\n\nThe replacement would delete the connection where it is now and then create it \
             here, so the plan looks here first. Nothing has been changed.",
        );
    }
    if let Some(hint) = hint(settings, error) {
        detail.push_str(&format!("\n\n{hint}"));
    }
    Diagnostic::error(summary).detail(format!("{detail}\n\n{about}")).into()
}

/// Terraform does not say whether a creation is half of a replacement.
const CREATED_FIRST: &str = "If this is a replacement under `create_before_destroy`: names are unique in a place, so the \
     new connection cannot come first. Remove `create_before_destroy` here and in what depends on \
     the connection, or give the new one another name.";

fn import_it(place: &Place, name: &str) -> String {
    let id = model::id(place, name);
    format!(
        "A connection `{name}` is there already. To manage it with Terraform, import it:\n\n\
         import {{\n  to = flink_connection.<label>\n  id = \"{id}\"\n}}"
    )
}

/// The error of a planned replacement whose name someone else has.
pub(super) fn name_is_taken(place: &Place, name: &str) -> Diagnostic {
    Diagnostic::error("The name is taken")
        .detail(format!(
            "{}\n\nThe plan would delete the connection that this resource manages now and could \
             not create the new one. If another resource of this configuration gives the name up, \
             apply that first.",
            import_it(place, name)
        ))
        .at("name")
}

/// What someone other than the service may find strange about a name.
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

/// The error in short where it was reported in full before: it is the same for all objects
/// of a host.
fn said_before(settings: &Settings, error: &Error) -> Option<String> {
    let what = match (error.is_unreachable(), error.is_unauthenticated()) {
        // The outcome of this object's own request is no other object's.
        _ if error.outcome_unknown() => return None,
        (true, _) => "cannot be reached",
        (_, true) => "does not accept the credentials",
        _ => return None,
    };
    let short = format!("{} {what}", error.host()?);
    let is_first = settings.is_first_report(&short);
    (!is_first).then(|| format!("{short}. Another error of this run says what to check."))
}

/// The settings to check.
fn hint(settings: &Settings, error: &Error) -> Option<String> {
    match (error.is_unreachable(), error.is_unauthenticated()) {
        (true, _) => Some(format!(
            "The address is made of {} and {}, or set by {}, which private networking needs.",
            CLOUD.names(),
            REGION.names(),
            REST_ENDPOINT.names()
        )),
        (_, true) if settings.uses_oauth() => Some(
            "The token comes from the `oauth` block of the provider, and the identity pool is its \
             `oauth_identity_pool_id`."
                .to_owned(),
        ),
        (_, true) => Some(format!(
            "The key is {} with {}, or {} with {}.",
            FLINK_API_KEY.names(),
            FLINK_API_SECRET.names(),
            CLOUD_API_KEY.names(),
            CLOUD_API_SECRET.names()
        )),
        _ => None,
    }
}
