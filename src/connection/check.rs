//! The rules over a whole configuration: do these credentials fit this type, and
//! this endpoint?
//!
//! Every value may be known, null or not known yet. What is not known yet is
//! tolerated; the rules run again when it is known. A message names arguments and
//! keys, and never a credential.

use tf_provider::schema::{Entries, Entry, Given, View, Violation, nearest, same_word};
use tf_provider::value::Path;
use tf_provider::{Diagnostic, Diagnostics};

use super::connection_type::{CONNECTION_TYPES, ConnectionType, Named, SETTINGS};
use super::credential::{
    AUTH_TYPE, AuthMethod, CREDENTIALS, CREDENTIALS_ARGUMENT, CREDENTIALS_VERSION,
    WITHOUT_AUTHENTICATION,
};
use super::text::has_hidden_characters;

/// Holds a configuration against the table of types.
pub(super) fn configuration(config: &View<'_>) -> Diagnostics {
    let credentials = config.entries(CREDENTIALS_ARGUMENT);
    let named = match config.text("type") {
        Given::Known(name) if name.trim().is_empty() => return Diagnostics::none(),
        Given::Known(name) => Some((name, ConnectionType::named(name))),
        Given::Null | Given::Unknown => None,
    };
    let mut found = match named {
        None => Diagnostics::none(),
        // Nothing else can be said of a type that is not meant.
        Some((name, Named::Slip(meant))) => return misspelled_type(name, meant),
        Some((name, Named::Unknown)) => unknown_type(name),
        Some((_, Named::Known(ty))) => [
            endpoint_fits(ty, config),
            keys_fit(ty, &credentials),
            one_whole_method(ty, &credentials),
            settings_fit(ty, config),
            settings_need_credentials(ty, config, &credentials),
        ]
        .into_iter()
        .flatten()
        .collect(),
    };
    found.extend(settings_go_together(config));
    found.extend(write_only_version(config, &credentials));
    found
}

/// The errors of a new connection without credentials: an imported one may do without, but
/// nothing can be created without them.
pub(super) fn creation(planned: &View<'_>) -> Diagnostics {
    let credentials = planned.entries(CREDENTIALS_ARGUMENT);
    let Given::Known(name) = planned.text("type") else { return Diagnostics::none() };
    if !credentials.is_empty() {
        return Diagnostics::none();
    }
    let ty = ConnectionType::find(name);
    let (key, what) = match ty {
        Some(ty) => {
            let first = ty.auth_methods.first().and_then(|method| method.required.first());
            let needs = ty.auth_methods_in_words();
            (first.copied(), format!("A new connection of type {} needs {needs}", ty.name))
        }
        None => (None, format!("A new connection of type {name} needs the keys of its type")),
    };
    let path = key.map_or_else(|| CREDENTIALS_ARGUMENT.into(), |key| credentials.path_of(key));
    let without = match ty.is_some_and(|ty| ty.takes(AUTH_TYPE)) {
        true => " `auth_type = \"NO_AUTH\"` is for a server that asks for none.",
        false => "",
    };
    Diagnostic::error("Missing credentials")
        .detail(format!(
            "{what}, in `credentials` or, to be stored nowhere, in `credentials_wo`.{without}"
        ))
        .at(path)
        .into()
}

/// Refuses the name of a type that is none, as a filter: an empty list would look as if the
/// place had no such connection.
pub(super) fn filter(name: &str) -> Result<(), Violation> {
    match ConnectionType::named(name) {
        _ if name.trim().is_empty() => Err(Violation::error("must be the name of a type")),
        Named::Slip(meant) => Err(Violation::error(format!(
            "must be the name of a type; did you mean \"{}\"?",
            meant.name
        ))),
        Named::Known(_) => Ok(()),
        Named::Unknown => Err(Violation::warning(
            "Unknown connection type",
            "is no type that this version of the provider knows",
        )),
    }
}

/// The error of a type that is one slip away from a known one. An error and not a warning,
/// because the service would refuse it only after a replacement has deleted the old object.
fn misspelled_type(name: &str, meant: &ConnectionType) -> Diagnostics {
    Diagnostic::error("Unknown connection type")
        .detail(format!("There is no connection type \"{name}\". Did you mean {}?", meant.name))
        .at("type")
        .into()
}

/// The warning of a type that is like no known one: the service may be newer than this
/// provider.
fn unknown_type(name: &str) -> Diagnostics {
    let known: Vec<&str> = CONNECTION_TYPES.iter().map(|each| each.name).collect();
    Diagnostic::warning("Unknown connection type")
        .detail(format!(
            "This version of the provider does not know the type \"{name}\" and sends it as it is, \
             with all keys of its credentials. Whether the service knows it shows when the \
             connection is created. Known types: {}.",
            known.join(", ")
        ))
        .at("type")
        .into()
}

/// Refuses an endpoint that no service of the type can have, and warns of an unusual one. A
/// proxy or a private link can be anywhere, so the host is never an error.
fn endpoint_fits(ty: &ConnectionType, config: &View<'_>) -> Diagnostics {
    let Given::Known(endpoint) = config.text("endpoint") else { return Diagnostics::none() };
    // The attribute has its own rule for these.
    if endpoint.is_empty() || has_hidden_characters(endpoint) {
        return Diagnostics::none();
    }
    let (name, example) = (ty.name, ty.example);
    let found = if !ty.has_scheme_of(endpoint) {
        let schemes = ty.schemes.join(" or ");
        Diagnostic::error("Invalid endpoint").detail(format!(
            "The endpoint of a connection of type {name} must begin with {schemes}, as in {example}."
        ))
    } else if !ty.has_address(endpoint) {
        Diagnostic::error("Invalid endpoint")
            .detail(format!("The endpoint must name a host behind its scheme, as in {example}."))
    } else if !ty.is_usual(endpoint) {
        Diagnostic::warning("Unusual endpoint").detail(format!(
            "Endpoints of type {name} usually look like {example}. The provider uses the one that \
             is configured."
        ))
    } else {
        return Diagnostics::none();
    };
    found.at("endpoint").into()
}

/// Refuses keys that the type does not take.
fn keys_fit(ty: &ConnectionType, credentials: &Entries<'_>) -> Diagnostics {
    credentials.iter().filter_map(|entry| key_fits(ty, credentials, &entry)).collect()
}

/// The error or warning of one key. A key in the spelling of the payload may be newer than
/// this provider, so it is sent with a warning; any other unknown key is refused.
fn key_fits(ty: &ConnectionType, all: &Entries<'_>, entry: &Entry<'_>) -> Option<Diagnostic> {
    if ty.takes(entry.key) {
        return wrong_auth_type(entry);
    }
    let written = entry.written;
    let is_setting = |own: &str| same_word(own, written);
    let setting = SETTINGS.iter().find(|setting| is_setting(setting.attribute));
    if let Some(setting) = setting {
        return Some(wrong_key(
            ty,
            entry,
            &format!("`{}` is an argument of its own.", setting.attribute),
        ));
    }
    if entry.is_declared {
        // What is not known yet may turn out to be null: modules name all keys.
        let hint = match entry.key {
            AUTH_TYPE => "The provider derives it from the other credentials.",
            _ => "",
        };
        return entry.text.is_known().then(|| wrong_key(ty, entry, hint));
    }
    let names = ty.keys().chain(ty.keys().filter_map(payload_word));
    let meant = nearest(written, names).map(key_of_word);
    let hint = meant.map(|key| format!("Did you mean `{key}`?")).unwrap_or_default();
    // A slip is certain only where the key that was meant is missing.
    let is_slip = meant.is_some_and(|key| all.get(key).is_null());
    if is_slip || !is_payload_word(written) {
        return Some(wrong_key(ty, entry, &hint));
    }
    Some(
        Diagnostic::warning(format!("Unknown payload key {written}"))
            .detail(format!(
                "This version of the provider does not know the key `{written}` and sends it as it \
                 is. A connection of type {} takes {}.",
                ty.name,
                ty.auth_methods_in_words()
            ))
            .at(entry.path.clone()),
    )
}

/// The key in the payload for a key of `credentials`.
fn payload_word(key: &str) -> Option<&'static str> {
    CREDENTIALS.iter().find(|each| each.key == key).map(|each| each.payload)
}

/// The key of `credentials` for a key in the payload; any other word is its own key.
fn key_of_word(word: &str) -> &str {
    CREDENTIALS.iter().find(|each| each.payload == word).map_or(word, |each| each.key)
}

/// Returns true if a key is written as the API's payload writes its keys.
fn is_payload_word(key: &str) -> bool {
    let fits = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    key.starts_with(|c: char| c.is_ascii_uppercase()) && key.chars().all(fits)
}

/// The error of a key that the type does not take. It names the key and no value.
fn wrong_key(ty: &ConnectionType, entry: &Entry<'_>, hint: &str) -> Diagnostic {
    let hint = if hint.is_empty() { String::new() } else { format!("{hint} ") };
    Diagnostic::error(format!("Wrong credentials for {}", ty.name))
        .detail(format!(
            "A connection of type {} does not take the key `{}`. {hint}It takes {}.",
            ty.name,
            entry.written,
            ty.auth_methods_in_words()
        ))
        .at(entry.path.clone())
}

/// The error of an `auth_type` other than `NO_AUTH`. The payload's own `AUTH_TYPE` follows
/// from the other keys, so that the two cannot contradict each other.
fn wrong_auth_type(entry: &Entry<'_>) -> Option<Diagnostic> {
    let value = entry.text.known().filter(|_| entry.key == AUTH_TYPE)?;
    (!same_word(value, WITHOUT_AUTHENTICATION)).then(|| {
        Diagnostic::error("Invalid auth_type")
            .detail(
                "`auth_type` takes only \"NO_AUTH\", for a server that asks for no credentials. \
                 Leave it out beside other credentials: the provider derives it from them.",
            )
            .at(entry.path.clone())
    })
}

/// Refuses two ways to authenticate, and half of one. The service takes either and fails
/// when a statement uses the connection.
fn one_whole_method(ty: &ConnectionType, credentials: &Entries<'_>) -> Diagnostics {
    // An `auth_type` that is none has its own error.
    let is_method = |key: &str, value| key != AUTH_TYPE || same_word(value, WITHOUT_AUTHENTICATION);
    let is_given =
        |key: &str| credentials.get(key).known().is_some_and(|value| is_method(key, value));
    let begun: Vec<(&AuthMethod, &str)> = ty
        .auth_methods
        .iter()
        .filter_map(|method| Some((method, method.keys().find(|key| is_given(key))?)))
        .collect();
    match begun.as_slice() {
        [] => Diagnostics::none(),
        [(method, _)] => {
            let missing = method.required.iter().filter(|key| credentials.get(key).is_null());
            missing.map(|key| missing_key(method, key, credentials.path_of(key))).collect()
        }
        [(_, one), (_, other), ..] => Diagnostic::error("Two ways to authenticate")
            .detail(format!(
                "`{one}` and `{other}` are different ways to authenticate. A connection of type {} \
                 takes {}.",
                ty.name,
                ty.auth_methods_in_words()
            ))
            .at(credentials.path_of(other))
            .into(),
    }
}

/// The error of a key without which the others are of no use.
fn missing_key(method: &AuthMethod, key: &str, path: Path) -> Diagnostic {
    Diagnostic::error(format!("Missing {key}"))
        .detail(format!("{} go together: `{key}` is missing.", method.in_words()))
        .at(path)
}

/// Refuses a setting that the word of another one excludes.
fn settings_go_together(config: &View<'_>) -> Diagnostics {
    let excluded = SETTINGS.iter().filter_map(|setting| {
        let (other, word) = setting.excluded_by?;
        let is_excluded = config.text(other).known()?.eq_ignore_ascii_case(word);
        let name = setting.attribute;
        (is_excluded && config.get(name).is_known()).then(|| {
            Diagnostic::error(format!("No {name} with {word}"))
                .detail(format!(
                    "`{name}` has no meaning where `{other}` is \"{word}\". Remove one of them."
                ))
                .at(name)
        })
    });
    excluded.collect()
}

/// Refuses settings that the type does not take.
fn settings_fit(ty: &ConnectionType, config: &View<'_>) -> Diagnostics {
    let attributes = SETTINGS.iter().map(|setting| setting.attribute);
    let surplus =
        attributes.filter(|name| config.get(name).is_known() && !ty.settings.contains(name));
    surplus
        .map(|name| {
            Diagnostic::error(format!("No {name} for {}", ty.name))
                .detail(format!("A connection of type {} does not take `{name}`.", ty.name))
                .at(name)
        })
        .collect()
}

/// A payload replaces the one before it, so settings cannot be sent without the
/// credentials they travel with.
fn settings_need_credentials(
    ty: &ConnectionType,
    config: &View<'_>,
    credentials: &Entries<'_>,
) -> Diagnostics {
    let given = ty.settings.iter().find(|name| config.get(name).is_known());
    match given {
        Some(setting) if credentials.is_empty() => {
            Diagnostic::error(format!("{setting} without credentials"))
                .detail(format!(
                    "`{setting}` is sent together with the credentials, and none are configured. A \
                     connection of type {} takes {}.",
                    ty.name,
                    ty.auth_methods_in_words()
                ))
                .at(*setting)
                .into()
        }
        _ => Diagnostics::none(),
    }
}

/// Terraform cannot see a change of what it does not store.
fn write_only_version(config: &View<'_>, credentials: &Entries<'_>) -> Diagnostics {
    if !credentials.uses_write_only() || !config.get(CREDENTIALS_VERSION).is_null() {
        return Diagnostics::none();
    }
    Diagnostic::warning("Write-only credentials without a version")
        .detail(
            "Terraform cannot see a change of `credentials_wo`, so a changed credential is not \
             sent. Set `credentials_wo_version`, and give it a new value with each change.",
        )
        // Not at the map: Terraform would quote the line with the credentials.
        .at(CREDENTIALS_VERSION)
        .into()
}

#[cfg(test)]
mod tests;
