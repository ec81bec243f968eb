//! The errors of calls, as users read them: what happened, to which object, and what to do.
//!
//! An error that is the same for every object of a host is reported in full once, and in
//! short from then on. Nothing here sends a request or decides anything.

use flink_client::{Error, Place};
use tf_provider::{Diagnostic, Diagnostics};

use super::field::object_id;
use crate::settings::{
    CLOUD, CLOUD_API_KEY, CLOUD_API_SECRET, CLOUD_ENDPOINT, FLINK_API_KEY, FLINK_API_SECRET,
    REGION, REST_ENDPOINT, Settings,
};

/// The words for a kind of object in messages.
#[derive(Debug)]
pub(crate) struct Words {
    /// The noun in the singular, as in `flink_<name>`.
    pub(crate) name: &'static str,
    /// The values that an update sends, such as `credentials`.
    pub(crate) updates: &'static str,
}

/// The operation that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Create,
    Read,
    Update,
    Delete,
    /// Looking whether the new object of a replacement can be created.
    PlanReplacement,
}

impl Operation {
    /// The summary of the error, in the form that all errors have.
    fn summary(self, words: &Words) -> String {
        let what = match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::PlanReplacement => "plan the replacement of",
        };
        format!("Cannot {what} the {}", words.name)
    }

    /// The possible result of a request without a response, and what to do.
    fn unknown_outcome(self, Words { name, updates }: &Words) -> String {
        match self {
            Self::Create => format!(
                "The {name} may have been created nevertheless. Until that is known, Terraform \
                 keeps it as tainted: the next plan looks for it, and the next apply makes it again."
            ),
            Self::Update => format!(
                "The service may have taken the new {updates} nevertheless. The next apply sends \
                 them again."
            ),
            Self::Read | Self::Delete | Self::PlanReplacement => format!(
                "The {name} may have been deleted nevertheless. The next apply looks again."
            ),
        }
    }
}

/// The error of a failed call about an object with a place.
pub(crate) fn failed(
    settings: &Settings,
    words: &Words,
    operation: Operation,
    (place, name): (&Place, &str),
    error: &Error,
) -> Diagnostics {
    let Place { cloud, region, .. } = place;
    let about = format!("{}: {name}, in {cloud} {region}.", capitalized(words.name));
    let detail = match operation {
        Operation::Create if error.is_conflict() && !error.outcome_unknown() => {
            format!("{}\n\n{}\n\n{error}", import_it(words, place, name), created_first(words))
        }
        _ if error.outcome_unknown() => format!("{error}\n\n{}", operation.unknown_outcome(words)),
        _ => error.to_string(),
    };
    let mut advice = String::new();
    if error.is_forbidden() {
        advice.push_str(&role(words));
    }
    if error.is_timeout() {
        let name = words.name;
        advice.push_str(&format!("\n\nAn operation on a {name} ends after five minutes."));
    }
    if operation == Operation::PlanReplacement {
        advice.push_str(&format!(
            "\n\nThe replacement would delete the {} where it is now and then create it here, so \
             the plan looks here first. Nothing has been changed.",
            words.name
        ));
    }
    let hint = hint(settings, error);
    report(settings, &operation.summary(words), &format!("{detail}{advice}"), hint, &about, error)
}

/// The error of a failed list of a place.
pub(crate) fn list_failed(
    settings: &Settings,
    words: &Words,
    place: &Place,
    error: &Error,
) -> Diagnostics {
    let Place { cloud, region, .. } = place;
    let summary = format!("Cannot list the {}s", words.name);
    let about = format!("Place: {cloud} {region}.");
    let advice = if error.is_forbidden() { role(words) } else { String::new() };
    let hint = hint(settings, error);
    report(settings, &summary, &format!("{error}{advice}"), hint, &about, error)
}

/// The advice where a permission is missing.
fn role(words: &Words) -> String {
    format!(
        "\n\nThe API key may not do this. {}s are managed with the role FlinkAdmin, \
         EnvironmentAdmin or OrganizationAdmin; an IP filter refuses in the same way.",
        capitalized(words.name)
    )
}

/// The error of a failed read of the control plane. `about` names the object.
pub(crate) fn cloud_read_failed(
    settings: &Settings,
    summary: &str,
    about: &str,
    error: &Error,
) -> Diagnostics {
    let hint = match (error.is_unreachable(), error.is_unauthenticated(), error.is_forbidden()) {
        (true, _, _) => Some(format!("The address is {}.", CLOUD_ENDPOINT.names())),
        (_, true, _) => Some(format!(
            "The control plane takes {} with {}, or the `oauth` block. It does not take a Flink \
             API key.",
            CLOUD_API_KEY.names(),
            CLOUD_API_SECRET.names()
        )),
        (_, _, true) => Some(
            "The owner of the key, or the identity pool, lacks a role that may read this, or a \
             proxy or an IP filter refuses."
                .to_owned(),
        ),
        _ => None,
    };
    report(settings, summary, &error.to_string(), hint, about, error)
}

/// The error with the settings to check, or in short where it was reported before.
fn report(
    settings: &Settings,
    summary: &str,
    detail: &str,
    hint: Option<String>,
    about: &str,
    error: &Error,
) -> Diagnostics {
    let detail = match (reported_before(settings, error), hint) {
        (Some(short), _) => short,
        (None, Some(hint)) => format!("{detail}\n\n{hint}"),
        (None, None) => detail.to_owned(),
    };
    Diagnostic::error(summary).detail(format!("{detail}\n\n{about}")).into()
}

/// The error of a planned replacement whose name belongs to another object.
pub(crate) fn name_is_taken(words: &Words, place: &Place, name: &str) -> Diagnostic {
    Diagnostic::error("The name is taken")
        .detail(format!(
            "{}\n\nThe plan would delete the {} that this resource manages now and could not create \
             the new one. If another resource of this configuration gives the name up, apply that \
             first.",
            import_it(words, place, name),
            words.name
        ))
        .at("name")
}

/// Terraform does not report whether a create is half of a replacement.
fn created_first(Words { name, .. }: &Words) -> String {
    format!(
        "If this is a replacement under `create_before_destroy`: names are unique in a place, so \
         the new {name} cannot come first. Remove `create_before_destroy` here and in what depends \
         on the {name}, or give the new one another name."
    )
}

/// The advice to import an object that exists. The protocol does not give a provider the
/// label of the resource, so the user writes it.
fn import_it(words: &Words, place: &Place, name: &str) -> String {
    let id = object_id(place, name);
    let noun = words.name;
    format!(
        "A {noun} `{name}` is there already. To manage it with Terraform, import it:\n\n\
         import {{\n  to = flink_{noun}.<label>\n  id = \"{id}\"\n}}"
    )
}

/// The error in short where it was reported in full before: it is the same for all objects
/// of a host.
fn reported_before(settings: &Settings, error: &Error) -> Option<String> {
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

/// A word at the beginning of a sentence.
fn capitalized(word: &str) -> String {
    let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
    format!("{}{rest}", first.to_uppercase())
}
