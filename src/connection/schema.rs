//! The attributes of `flink_connection` and how a plan treats each.

use std::time::Duration;

use tf_provider::Schema;
use tf_provider::schema::{
    Attribute, Complaint, Operation, Validator, View, length, map, one_of, rule, string,
};
use tf_provider::value::{Type, Value};

use super::check;
use super::credential::{CREDENTIALS, Credential, RAW};
use super::drift::Policy;
use super::kind::{KINDS, Kind};
use crate::scope::{PARTS, Part};

/// How long an operation may take where the configuration does not say.
pub(super) const TIMEOUT_MINUTES: u64 = 5;

/// The most bytes of one credential that the API takes.
const LONGEST_SECRET: usize = 4000;

pub(super) fn schema() -> Schema {
    let timeout = Duration::from_secs(60 * TIMEOUT_MINUTES);
    Schema::resource(
        "connection",
        "Where an external service is and how to authenticate to it, for Flink SQL statements to \
         use by name. Its name, type, endpoint and place cannot change; its credentials can.",
    )
    .attribute(name())
    .attribute(kind())
    .attribute(endpoint())
    .attributes(PARTS.iter().map(Part::resource_attribute))
    .attributes(CREDENTIALS.iter().map(credential))
    .attribute(raw())
    .attribute(string("credentials_wo_version").describe(
        "Any text or number. A new value sends the write-only credentials again: Terraform \
         cannot see that they have changed.",
    ))
    .attribute(
        string("credential_drift").default(Policy::REPAIR).local().validate(one_of(Policy::WORDS)).describe(
            "What to do when someone else changed the credentials: `repair` plans an update that \
             sends the configured ones again and warns, `warn` only warns, `ignore` does neither. \
             Default: `repair`.",
        ),
    )
    .attributes(computed())
    .timeouts([
        (Operation::Create, timeout),
        (Operation::Read, timeout),
        (Operation::Update, timeout),
        (Operation::Delete, timeout),
    ])
    .check(|config: &View<'_>| check::configuration(config))
}

fn name() -> Attribute {
    string("name")
        .required()
        .force_new()
        .validate(length(1..=100))
        .validate(rule(|name| match name.contains('/') || matches!(name, "." | "..") {
            true => Err(Complaint::error("must not contain \"/\" and not be \".\" or \"..\"")),
            false => Ok(()),
        }))
        .validate(rule(|name| match is_documented_name(name) {
            true => Ok(()),
            false => Err(Complaint::warning(
                "should be lower-case letters, digits and \"-\", in parts separated by \".\", as \
                 the API documents it",
            )),
        }))
        .describe(
            "The name by which statements use the connection: 1 to 100 characters without `/`. A \
             change replaces the connection.",
        )
}

/// The pattern of `sql.v1.Connection`'s `name`.
fn is_documented_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    name.split('.').all(|part| {
        part.starts_with(fits) && part.ends_with(fits) && part.chars().all(|c| fits(c) || c == '-')
    })
}

fn kind() -> Attribute {
    let names: Vec<String> = KINDS.iter().map(|kind| format!("`{}`", kind.name)).collect();
    string("type")
        .required()
        .force_new()
        .equal_by(str::eq_ignore_ascii_case)
        .validate(length(1..=100))
        .describe(&format!(
            "The type of service, in any case: {}. Another type is sent as it is, with its \
             credentials in `auth_data`. A change replaces the connection.",
            names.join(", ")
        ))
}

fn endpoint() -> Attribute {
    let attribute = string("endpoint").required().force_new().validate(length(1..=16_384));
    attribute.validate(without_password()).describe(
        "Where the service is: a URL that begins as endpoints of the type do. At most 16,384 \
             characters. A change replaces the connection.",
    )
}

fn credential(credential: &Credential) -> Attribute {
    let users: Vec<String> = KINDS
        .iter()
        .filter(|kind| kind.takes(credential.attribute))
        .map(|kind: &Kind| format!("`{}`", kind.name))
        .collect();
    let description = format!("{}. For {}.", credential.what, users.join(", "));
    let attribute = string(credential.attribute).describe(&description);
    match credential.attribute {
        "transport_type" => attribute.validate(transport_type()),
        "sse_endpoint" => attribute.validate(url_or_path()).validate(without_password()),
        "token_endpoint" => attribute.validate(url()).validate(without_password()),
        "service_key" => secret(attribute).validate(service_account()),
        _ if credential.secret => secret(attribute),
        _ => attribute.validate(not_empty()),
    }
}

fn secret(attribute: Attribute) -> Attribute {
    attribute.sensitive().with_write_only_twin().validate(not_empty()).validate(rule(|text| {
        match text.len() <= LONGEST_SECRET {
            true => Ok(()),
            false => Err(Complaint::error(format!(
                "must be at most {LONGEST_SECRET} bytes long; it has {}",
                text.len()
            ))),
        }
    }))
}

fn raw() -> Attribute {
    map(RAW, Type::String)
        .sensitive()
        .with_write_only_twin()
        .validate(Validator::new(|value| match value.as_map() {
            Some(entries) if entries.is_empty() => {
                Err(Complaint::error("must name at least one key of the payload"))
            }
            Some(entries) if entries.values().any(Value::is_null) => {
                Err(Complaint::error("must have a value for each of its keys"))
            }
            _ => Ok(()),
        }))
        .describe(
            "The credentials by their payload keys, such as `{ API_KEY = \"...\" }`, for types newer \
             than the provider. Not together with the named credentials.",
        )
}

fn computed() -> [Attribute; 7] {
    let computed = |name: &str, description: &str| string(name).computed().describe(description);
    [
        computed(
            "id",
            "`<organization>/<environment>/<cloud>/<region>/<name>`, as an import takes it.",
        )
        .stable(),
        computed("uid", "The id that the API gave the object.").stable(),
        computed("created_at", "When the object was created, in RFC 3339.").stable(),
        computed("resource_version", "The version of the object, which changes with each change."),
        computed("updated_at", "When the object was last changed, in RFC 3339."),
        computed(
            "status",
            "What the service says of the connection, such as `READY`, `UNREACHABLE` or \
             `INVALID_AUTH`; absent where it says nothing.",
        ),
        computed("status_detail", "Why the connection is in its status."),
    ]
}

fn not_empty() -> Validator {
    rule(|text| match text.is_empty() {
        true => Err(Complaint::error("must not be empty; leave it out where there is none")),
        false => Ok(()),
    })
}

fn transport_type() -> Validator {
    rule(|text| {
        let known = ["SSE", "STREAMABLE_HTTP"].iter().any(|each| each.eq_ignore_ascii_case(text));
        match known {
            true => Ok(()),
            false => Err(Complaint::error("must be \"SSE\" or \"STREAMABLE_HTTP\"")),
        }
    })
}

fn url() -> Validator {
    rule(|text| match is_url(text) {
        true => Ok(()),
        false => Err(Complaint::error("must be a URL that begins with https:// (or http://)")),
    })
}

fn url_or_path() -> Validator {
    rule(|text| match is_url(text) || text.starts_with('/') {
        true => Ok(()),
        false => Err(Complaint::error("must be a URL, or a path that begins with \"/\"")),
    })
}

/// A URL is no secret, so that anyone sees what is in it.
fn without_password() -> Validator {
    rule(|text| match has_password(text) {
        true => Err(Complaint::warning(
            "should have no password or key in it: it is stored and shown in plans. Give \
             credentials by their own arguments",
        )),
        false => Ok(()),
    })
}

/// Whether a URL names a user's password before its host, or a key in its query.
fn has_password(text: &str) -> bool {
    const KEYS: [&str; 7] =
        ["access_token", "api_key", "api-key", "apikey", "key", "password", "token"];
    let after_scheme = text.split_once("://").map_or("", |(_, rest)| rest);
    let authority = after_scheme.split(['/', '?', '#']).next().unwrap_or_default();
    let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
    let query = text.split_once('?').map_or("", |(_, query)| query);
    let names = query.split(['&', ';']).filter_map(|pair| Some(pair.split_once('=')?.0));
    user.contains(':') || names.map(str::to_ascii_lowercase).any(|name| KEYS.contains(&&*name))
}

fn is_url(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "https" | "http"))
}

fn service_account() -> Validator {
    rule(|text| match serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text) {
        Ok(_) => Ok(()),
        Err(_) => Err(Complaint::warning("should be the JSON text of a service account key")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_a_url_is_noticed_and_other_parts_are_not() {
        for text in [
            "mongodb+srv://user:pass@cluster0.abc.mongodb.net",
            "https://host/v1?alt=json&Key=abc",
            "jdbc:postgresql://host:5432/db?user=a&password=b",
        ] {
            assert!(has_password(text), "{text}");
        }
        for text in [
            "mongodb+srv://user@cluster0.abc.mongodb.net",
            "https://host:443/path:a@b?api-version=2025-01-01",
            "/sse?monkey=1",
            "x",
        ] {
            assert!(!has_password(text), "{text}");
        }
    }

    #[test]
    fn the_documented_names_are_told_from_others() {
        for name in ["a", "azure-openai", "a.b-c.d9", "0x"] {
            assert!(is_documented_name(name), "{name}");
        }
        for name in ["", "A", "openai_conn", "-a", "a-", "a..b", "a b", "ä"] {
            assert!(!is_documented_name(name), "{name}");
        }
    }
}
