//! The rules over a whole configuration: do these credentials fit this type,
//! and this endpoint?
//!
//! Every value may be unset, unknown or set. What is unknown is given the
//! benefit of the doubt; the rules run again when it is known. A message names
//! attributes and never a credential.

use tf_provider::schema::{Given, View};
use tf_provider::{Diagnostic, Diagnostics};

use super::credential::{CREDENTIALS, Group, RAW, secrets, write_only};
use super::kind::{KINDS, Kind};

/// Whether an attribute or its write-only twin is given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Has {
    No,
    Perhaps,
    Yes,
}

/// Holds a configuration against the table of types.
pub(super) fn configuration(config: &View<'_>) -> Diagnostics {
    let mut told = raw_beside_named(config);
    let Given::Known(name) = config.text("type") else { return told };
    match Kind::find(name) {
        Some(kind) => {
            told.extend(endpoint_fits(kind, config));
            told.extend(unused(kind, config));
            told.extend(one_whole_way(kind, config));
            told.extend(transport(config));
            told.extend(settings_alone(kind, config));
        }
        None => told.extend(unknown_type(name, config)),
    }
    told
}

/// What a new connection of this configuration lacks: an imported one may do
/// without credentials, but nothing can be created without them.
pub(super) fn creation(config: &View<'_>) -> Diagnostics {
    if !lacks_credentials(config) {
        return Diagnostics::none();
    }
    let Given::Known(name) = config.text("type") else { return Diagnostics::none() };
    let (first, what) = match Kind::find(name) {
        Some(kind) => (
            kind.ways.first().and_then(|way| way.required.first()).copied().unwrap_or(RAW),
            format!("A new connection of type {} needs {}", kind.name, kind.ways_in_words()),
        ),
        None => (RAW, format!("A new connection of type {name} needs `{RAW}`")),
    };
    let without = if Kind::find(name).is_some_and(|kind| kind.name == "MCP_SERVER") {
        " A server that asks for none takes `auth_data = { AUTH_TYPE = \"NO_AUTH\" }`."
    } else {
        ""
    };
    Diagnostic::error("Missing credentials")
        .detail(format!(
            "{what}. Each can also be given as `<name>_wo`, which is never stored.{without}"
        ))
        .at(first)
        .into()
}

fn has(config: &View<'_>, attribute: &str) -> Has {
    let twin = write_only(attribute);
    let given = [config.get(attribute), config.get(&twin)];
    if given.iter().any(|each| matches!(each, Given::Known(_))) {
        Has::Yes
    } else if given.iter().any(Given::is_unknown) {
        Has::Perhaps
    } else {
        Has::No
    }
}

/// The spelling of an attribute that the configuration uses.
fn as_written(config: &View<'_>, attribute: &str) -> String {
    let twin = write_only(attribute);
    if config.get(attribute).is_null() && !config.get(&twin).is_null() {
        twin
    } else {
        attribute.to_owned()
    }
}

fn raw_beside_named(config: &View<'_>) -> Diagnostics {
    let named = CREDENTIALS.iter().find(|each| has(config, each.attribute) == Has::Yes);
    match named {
        Some(named) if has(config, RAW) == Has::Yes => {
            let raw = as_written(config, RAW);
            Diagnostic::error("Credentials given twice")
                .detail(format!(
                    "`{raw}` is the whole payload, so `{}` cannot stand beside it. Keep the named \
                     credentials for types that this provider knows, and `{raw}` for others.",
                    as_written(config, named.attribute)
                ))
                .at(raw.as_str())
                .into()
        }
        _ => Diagnostics::none(),
    }
}

fn unknown_type(name: &str, config: &View<'_>) -> Diagnostics {
    let known = match Kind::like(name) {
        Some(kind) => format!("Did you mean {}?", kind.name),
        None => {
            let known: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
            format!("It knows {}.", known.join(", "))
        }
    };
    let mut told = Diagnostics::from(
        Diagnostic::warning("Unknown connection type")
            .detail(format!(
                "This version of the provider does not know the type \"{name}\" and sends it as it \
                 is, with the payload in `{RAW}`. {known}"
            ))
            .at("type"),
    );
    let named = CREDENTIALS.iter().filter(|each| has(config, each.attribute) == Has::Yes);
    for credential in named {
        let written = as_written(config, credential.attribute);
        told.push(
            Diagnostic::error("Credential of an unknown type")
                .detail(format!(
                    "Which credentials a \"{name}\" takes is not known to this version of the \
                     provider. Give them by their payload keys instead of as `{written}`: \
                     `{RAW} = {{ {} = … }}`.",
                    credential.key
                ))
                .at(written.as_str()),
        );
    }
    told
}

fn endpoint_fits(kind: &Kind, config: &View<'_>) -> Diagnostics {
    let Given::Known(endpoint) = config.text("endpoint") else { return Diagnostics::none() };
    let (name, example) = (kind.name, kind.example);
    let told = if !kind.has_scheme_of(endpoint) {
        let schemes = kind.schemes.join(" or ");
        Diagnostic::error("Invalid endpoint").detail(format!(
            "The endpoint of a connection of type {name} must begin with {schemes}, as in {example}."
        ))
    } else if !kind.is_usual(endpoint) {
        Diagnostic::warning("Unusual endpoint").detail(format!(
            "Endpoints of type {name} usually look like {example}. The provider uses the one that \
             is configured."
        ))
    } else {
        return Diagnostics::none();
    };
    told.at("endpoint").into()
}

fn unused(kind: &Kind, config: &View<'_>) -> Diagnostics {
    let surplus = CREDENTIALS
        .iter()
        .filter(|each| !kind.takes(each.attribute) && has(config, each.attribute) == Has::Yes);
    surplus
        .map(|each| {
            let written = as_written(config, each.attribute);
            let settings = kind.settings.iter().map(|name| format!("; `{name}`"));
            Diagnostic::error(format!("Wrong credentials for {}", kind.name))
                .detail(format!(
                    "A connection of type {} does not take `{written}`. It takes {}{}.",
                    kind.name,
                    kind.ways_in_words(),
                    settings.collect::<String>()
                ))
                .at(written.as_str())
        })
        .collect()
}

/// One way to authenticate, and all of it.
fn one_whole_way(kind: &Kind, config: &View<'_>) -> Diagnostics {
    let begun = |way: &&Group| {
        let names = || way.required.iter().chain(way.optional);
        names().any(|name| has(config, name) == Has::Yes)
    };
    let used: Vec<&Group> = kind.ways.iter().filter(begun).collect();
    match used.as_slice() {
        [] => Diagnostics::none(),
        [way] => {
            let missing = way.required.iter().filter(|name| has(config, name) == Has::No);
            missing
                .map(|name| {
                    Diagnostic::error(format!("Missing {name}"))
                        .detail(format!("{} go together: `{name}` is missing.", way.in_words()))
                        .at(*name)
                })
                .collect()
        }
        [first, second, ..] => {
            let written = |way: &Group| {
                let mut names = way.required.iter().chain(way.optional);
                let name = names.find(|name| has(config, name) == Has::Yes).copied();
                as_written(config, name.unwrap_or_default())
            };
            let (one, other) = (written(first), written(second));
            Diagnostic::error("Two ways to authenticate")
                .detail(format!(
                    "`{one}` and `{other}` are different ways to authenticate. A connection of type \
                     {} takes {}.",
                    kind.name,
                    kind.ways_in_words()
                ))
                .at(other.as_str())
                .into()
        }
    }
}

fn transport(config: &View<'_>) -> Diagnostics {
    let streams = config
        .text("transport_type")
        .known()
        .is_some_and(|transport| transport.eq_ignore_ascii_case("STREAMABLE_HTTP"));
    if streams && has(config, "sse_endpoint") == Has::Yes {
        return Diagnostic::error("No sse_endpoint with STREAMABLE_HTTP")
            .detail(
                "`sse_endpoint` is where events come from under the SSE transport. Remove it, or \
                 set `transport_type` to \"SSE\".",
            )
            .at("sse_endpoint")
            .into();
    }
    Diagnostics::none()
}

/// A payload replaces the one before it, so settings cannot be sent without the
/// credentials they travel with.
fn settings_alone(kind: &Kind, config: &View<'_>) -> Diagnostics {
    let given = kind.settings.iter().find(|name| has(config, name) == Has::Yes);
    match given {
        Some(setting) if lacks_credentials(config) => {
            Diagnostic::error(format!("{setting} without credentials"))
                .detail(format!(
                    "`{setting}` is sent together with the credentials, and none are configured. A \
                     connection of type {} takes {}.",
                    kind.name,
                    kind.ways_in_words()
                ))
                .at(*setting)
                .into()
        }
        _ => Diagnostics::none(),
    }
}

/// Whether there is certainly nothing secret to send.
fn lacks_credentials(config: &View<'_>) -> bool {
    secrets().all(|name| has(config, name) == Has::No)
}

#[cfg(test)]
mod tests;
