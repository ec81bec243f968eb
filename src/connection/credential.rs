//! The table of what a connection can authenticate with: the key in `credentials` and
//! the key in the API's payload.
//!
//! Source: Confluent Cloud API, `sql.v1.PlaintextProvider`; CREATE CONNECTION.

use tf_provider::schema::{Key, Violation, key, rule};

use super::text;

/// The map of credentials; its write-only twin is `credentials_wo`.
pub(super) const CREDENTIALS_ARGUMENT: &str = "credentials";
/// Tells Terraform that the write-only credentials have changed, which it cannot see.
pub(super) const CREDENTIALS_VERSION: &str = "credentials_wo_version";

/// A key of `credentials`.
#[derive(Debug)]
pub struct Credential {
    /// The key, as documentation and messages spell it.
    pub key: &'static str,
    /// The key in the API's payload.
    pub payload: &'static str,
    /// Its meaning, for the documentation.
    pub description: &'static str,
}

/// The key for a server that asks for no credentials.
pub(super) const AUTH_TYPE: &str = "auth_type";

/// The only value of [`AUTH_TYPE`]; the provider derives all others.
pub(super) const WITHOUT_AUTHENTICATION: &str = "NO_AUTH";

/// The most bytes of one credential that the API takes.
const MAX_BYTES: usize = 4000;

const fn credential(
    key: &'static str,
    payload: &'static str,
    description: &'static str,
) -> Credential {
    Credential { key, payload, description }
}

/// All of them.
pub(super) const CREDENTIALS: [Credential; 13] = [
    credential("api_key", "API_KEY", "The API key of the service"),
    credential("aws_access_key", "AWS_ACCESS_KEY_ID", "The id of an AWS access key"),
    credential("aws_secret_key", "AWS_SECRET_ACCESS_KEY", "The secret of the AWS access key"),
    credential("aws_session_token", "AWS_SESSION_TOKEN", "The session token of temporary AWS keys"),
    credential("service_key", "SERVICE_KEY", "A Google service account key, as its JSON text"),
    credential("username", "USERNAME", "The user name"),
    credential("password", "PASSWORD", "The password of the user"),
    credential("token", "BEARER_TOKEN", "A bearer token"),
    credential("token_endpoint", "OAUTH2_TOKEN_ENDPOINT", "The OAuth 2.0 token endpoint, a URL"),
    credential("client_id", "OAUTH2_CLIENT_ID", "The OAuth 2.0 client id"),
    credential("client_secret", "OAUTH2_CLIENT_SECRET", "The OAuth 2.0 client secret"),
    credential("scope", "OAUTH2_SCOPE", "The OAuth 2.0 scope"),
    credential(AUTH_TYPE, "AUTH_TYPE", "Only `NO_AUTH`, for a server that asks for no credentials"),
];

impl Credential {
    /// The credential of this key, as the table spells it.
    pub(super) fn find(key: &str) -> Option<&'static Self> {
        CREDENTIALS.iter().find(|each| each.key == key)
    }

    /// The key with its spellings and rules.
    pub(super) fn declared(&self) -> Key {
        match self.key {
            "token_endpoint" => secret(self.key).validate(text::url()),
            // Its JSON may stand between white space, as a file ends with a newline.
            "service_key" => bounded(self.key).validate(service_account()),
            _ => secret(self.key),
        }
        .alias(self.payload)
    }
}

/// A key that holds a secret of any form.
pub(super) fn secret(name: &str) -> Key {
    let title = format!("White space around {name}");
    bounded(name).validate(rule(move |value| match value == value.trim_matches(text::is_hidden) {
        true => Ok(()),
        false => Err(Violation::warning(
            &title,
            "should not begin or end with white space or an invisible character, such as the \
             newline at the end of a file. `trimspace()` removes white space",
        )),
    }))
}

/// A key whose value has content, and not more than the API takes.
fn bounded(name: &str) -> Key {
    key(name)
        .validate(rule(|value| match value.trim().is_empty() {
            true => {
                Err(Violation::error("must not be empty or blank; leave it out, or set it to null"))
            }
            false => Ok(()),
        }))
        .validate(rule(|value| match value.len() <= MAX_BYTES {
            true => Ok(()),
            false => Err(Violation::error(format!(
                "must be at most {MAX_BYTES} bytes long; it has {}",
                value.len()
            ))),
        }))
}

/// A warning only: the service decides which forms of a key it takes.
fn service_account() -> tf_provider::schema::Validator {
    rule(|text| match serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text) {
        Ok(_) => Ok(()),
        Err(_) => Err(Violation::warning(
            "No JSON in service_key",
            "should be the JSON text of a service account key",
        )),
    })
}

/// Credentials that only make sense together.
#[derive(Debug, PartialEq, Eq)]
pub struct AuthMethod {
    /// The API's name of this way to authenticate, where it has one.
    pub(super) auth_type: Option<&'static str>,
    /// The keys that are always needed.
    pub required: &'static [&'static str],
    /// The keys that some accounts need.
    pub optional: &'static [&'static str],
}

/// A key of the service's own, in a header that depends on the type.
pub(super) const API_KEY: AuthMethod = only(Some("API_KEY"), &["api_key"]);
/// An access key of IAM. A temporary one needs its session token too.
pub(super) const AWS: AuthMethod = AuthMethod {
    auth_type: None,
    required: &["aws_access_key", "aws_secret_key"],
    optional: &["aws_session_token"],
};
/// The key of a service account of Google Cloud, as JSON text.
pub(super) const SERVICE_KEY: AuthMethod = only(None, &["service_key"]);
/// A user and password: Basic authentication (RFC 7617), or those of a database.
pub(super) const BASIC: AuthMethod = only(Some("BASIC"), &["username", "password"]);
/// A token that is sent as it is (RFC 6750).
pub(super) const BEARER: AuthMethod = only(Some("BEARER"), &["token"]);
/// The client-credentials flow (RFC 6749, section 4.4).
pub(super) const OAUTH2: AuthMethod =
    only(Some("OAUTH2"), &["token_endpoint", "client_id", "client_secret", "scope"]);
/// A server that asks for no credentials.
pub(super) const NO_AUTH: AuthMethod = only(None, &[AUTH_TYPE]);

/// A way to authenticate all of whose keys are required.
const fn only(auth_type: Option<&'static str>, required: &'static [&'static str]) -> AuthMethod {
    AuthMethod { auth_type, required, optional: &[] }
}

impl AuthMethod {
    /// All of its keys.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.required.iter().chain(self.optional).copied()
    }

    /// Returns true if the key belongs to it.
    pub(super) fn takes(&self, key: &str) -> bool {
        self.keys().any(|own| own == key)
    }

    /// The required keys as a sentence has them: `` `username` and `password` ``.
    pub(super) fn in_words(&self) -> String {
        let quoted: Vec<String> = self.required.iter().map(|name| format!("`{name}`")).collect();
        match quoted.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => quoted.concat(),
        }
    }
}
