//! The attributes of `flink_connection` and how a plan treats each.
//!
//! An attribute costs every command at every object, most of all one that is
//! sensitive: hence one map for all credentials.

use std::time::Duration;

use tf_provider::Schema;
use tf_provider::schema::{
    Attribute, View, Violation, length, map, one_of, rule, same_word, string,
};
use tf_provider::value::Type;

use super::check;
use super::connection_type::{CONNECTION_TYPES, SSE_ENDPOINT, TRANSPORT, TRANSPORT_TYPE};
use super::credential::{
    CREDENTIALS, CREDENTIALS_ARGUMENT, CREDENTIALS_VERSION, Credential, secret,
};
use super::drift::Policy;
use super::text::{url_or_path, without_hidden_characters, without_password};
use crate::scope;

/// The time of each operation.
const TIME_LIMIT: Duration = Duration::from_secs(5 * 60);

/// The schema of the resource. Place, name, type and endpoint are immutable in the API
/// (`x-immutable` in `sql.v1.Connection`), so their changes replace the object.
pub(super) fn schema() -> Schema {
    Schema::resource(
        "connection",
        "Where an external service is and how to authenticate to it, for Flink SQL statements to \
         use by name. Its name, type, endpoint and place cannot change; its credentials can.",
    )
    .attribute(name())
    .attribute(connection_type())
    .attribute(endpoint())
    .attributes(scope::resource_attributes())
    .attribute(credentials())
    .attribute(string(CREDENTIALS_VERSION).describe(
        "Any text or number. A new value sends `credentials_wo` again: Terraform cannot see that \
         it has changed.",
    ))
    .attribute(
        string(TRANSPORT_TYPE)
            .semantic_equality(str::eq_ignore_ascii_case)
            .validate(rule(|word| TRANSPORT.check(word)))
            .describe(
                "The transport of an MCP server: `SSE` or `STREAMABLE_HTTP`, in any case. Without \
                 it, `SSE`. Sent together with the credentials.",
            ),
    )
    .attribute(
        string(SSE_ENDPOINT)
            .validate(without_hidden_characters())
            .validate(url_or_path())
            .validate(without_password(SSE_ENDPOINT))
            .describe(
                "Where an MCP server sends its events under `SSE`: a URL or a path. Without it, \
                 `<endpoint>/sse`. Sent together with the credentials.",
            ),
    )
    .attribute(
        string("credential_drift")
            .default(Policy::REPAIR)
            .local()
            .validate(one_of(Policy::WORDS))
            .describe(
                "What to do when the credentials may have changed outside of Terraform: `repair` \
             plans an update that sends the configured ones again and warns, `warn` only warns, \
             `ignore` does neither. Default: `repair`.",
            ),
    )
    .attributes(computed())
    .time_limit(TIME_LIMIT)
    .check(|config: &View<'_>| check::configuration(config))
}

/// 1 to 100 characters (`maxLength`). A slash or a dot would lead to another path of the API.
fn name() -> Attribute {
    string("name")
        .required()
        .requires_replace()
        .validate(length(1..=100))
        .validate(rule(|name| match name.contains('/') || matches!(name, "." | "..") {
            true => Err(Violation::error("must not contain \"/\" and not be \".\" or \"..\"")),
            false => Ok(()),
        }))
        .describe(
            "The name by which statements use the connection: 1 to 100 characters without `/`. A \
             change replaces the connection.",
        )
}

/// Returns true if a name fits the pattern of `sql.v1.Connection`'s `name`. The API
/// takes other names too.
pub(super) fn is_documented_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    name.split('.').all(|part| {
        part.starts_with(fits) && part.ends_with(fits) && part.chars().all(|c| fits(c) || c == '-')
    })
}

/// An open vocabulary (`x-extensible-enum`), so that an unknown word is no error here.
fn connection_type() -> Attribute {
    let names: Vec<String> =
        CONNECTION_TYPES.iter().map(|each| format!("`{}`", each.name)).collect();
    string("type")
        .required()
        .requires_replace()
        .semantic_equality(same_word)
        .validate(rule(|name| match name.trim().is_empty() || name.chars().count() > 100 {
            true => Err(Violation::error("must be the name of a connection type")),
            false => Ok(()),
        }))
        .describe(&format!(
            "The type of service: {}. Case does not matter, and `-` is the same as `_`. Another \
             type is sent as it is. A change replaces the connection.",
            names.join(", ")
        ))
}

/// At most 16,384 characters (`maxLength`). It is stored and shown, so a password in it
/// causes a warning.
fn endpoint() -> Attribute {
    string("endpoint")
        .required()
        .requires_replace()
        .validate(length(1..=16_384))
        .validate(without_hidden_characters())
        .validate(without_password("endpoint"))
        .describe(
            "Where the service is: a URL that begins as endpoints of the type do. At most 16,384 \
             characters. A change replaces the connection.",
        )
}

/// One map for all keys: each attribute, and each sensitive one most of all, costs time in
/// every command for every object (DESIGN.md).
fn credentials() -> Attribute {
    map(CREDENTIALS_ARGUMENT, Type::String)
        .sensitive()
        .with_write_only_twin()
        .open_keys(CREDENTIALS.iter().map(Credential::declared), secret)
        .describe(
            "How to authenticate to the service: the keys that the type takes, each with its \
             value. Stored in state.",
        )
}

/// The values of the API that concern a user. The version and the time of the last change
/// are in private state: here they would show as a change in every plan of an update.
fn computed() -> [Attribute; 4] {
    let computed = |name: &str, description: &str| string(name).computed().describe(description);
    [
        computed("uid", "The id that the API gave the object.").use_state_for_unknown(),
        computed("created_at", "When the object was created, in RFC 3339.").use_state_for_unknown(),
        computed(
            "status",
            "What the service says of the connection, such as `READY`, `UNREACHABLE` or \
             `INVALID_AUTH`; absent where it says nothing.",
        ),
        computed("status_detail", "Why the connection is in its status."),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_eighteen_attributes_and_no_block() {
        let schema = schema();
        assert_eq!((schema.all_attributes().len(), schema.all_blocks().len()), (18, 0));
    }

    #[test]
    fn tells_the_documented_names_from_others() {
        for name in ["a", "azure-openai", "a.b-c.d9", "0x"] {
            assert!(is_documented_name(name), "{name}");
        }
        for name in ["", "A", "openai_conn", "-a", "a-", "a..b", "a b", "ä"] {
            assert!(!is_documented_name(name), "{name}");
        }
    }
}
