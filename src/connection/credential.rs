//! The table of what a connection can authenticate with: the attribute in
//! Terraform and the key in the API's payload.
//!
//! Source: Confluent Cloud API, `sql.v1.PlaintextProvider`; CREATE CONNECTION.

/// One credential, or one setting that travels with the credentials.
#[derive(Debug)]
pub(super) struct Credential {
    /// The attribute; with `_wo` behind it, its write-only twin.
    pub(super) attribute: &'static str,
    /// The key in the payload.
    pub(super) key: &'static str,
    /// Settings are shown, secrets are not.
    pub(super) secret: bool,
    /// What it is.
    pub(super) what: &'static str,
}

const fn secret(attribute: &'static str, key: &'static str, what: &'static str) -> Credential {
    Credential { attribute, key, secret: true, what }
}

const fn setting(attribute: &'static str, key: &'static str, what: &'static str) -> Credential {
    Credential { attribute, key, secret: false, what }
}

/// All of them.
pub(super) const CREDENTIALS: [Credential; 14] = [
    secret("api_key", "API_KEY", "The API key of the service"),
    secret("aws_access_key", "AWS_ACCESS_KEY_ID", "The id of an AWS access key"),
    secret("aws_secret_key", "AWS_SECRET_ACCESS_KEY", "The secret of the AWS access key"),
    secret("aws_session_token", "AWS_SESSION_TOKEN", "The session token of temporary AWS keys"),
    secret("service_key", "SERVICE_KEY", "A Google service account key, as its JSON text"),
    secret("username", "USERNAME", "The user name"),
    secret("password", "PASSWORD", "The password of the user"),
    secret("token", "BEARER_TOKEN", "A bearer token"),
    setting("token_endpoint", "OAUTH2_TOKEN_ENDPOINT", "The OAuth 2.0 token endpoint, a URL"),
    secret("client_id", "OAUTH2_CLIENT_ID", "The OAuth 2.0 client id"),
    secret("client_secret", "OAUTH2_CLIENT_SECRET", "The OAuth 2.0 client secret"),
    setting("scope", "OAUTH2_SCOPE", "The OAuth 2.0 scope"),
    setting(
        "transport_type",
        "TRANSPORT_TYPE",
        "The transport of an MCP server: `SSE` or `STREAMABLE_HTTP`, in any case. Without it, `SSE`",
    ),
    setting(
        "sse_endpoint",
        "SSE_ENDPOINT",
        "Where an MCP server sends its events under `SSE`: a URL or a path. Without it, `<endpoint>/sse`",
    ),
];

/// The raw payload, for types that this version does not know.
pub(super) const RAW: &str = "auth_data";

/// The attributes that hold secrets, each of which has a write-only twin.
pub(super) fn secrets() -> impl Iterator<Item = &'static str> {
    let named = CREDENTIALS.iter().filter(|each| each.secret).map(|each| each.attribute);
    named.chain([RAW])
}

/// The write-only twin of an attribute.
pub(super) fn write_only(attribute: &str) -> String {
    format!("{attribute}_wo")
}

/// Credentials that only make sense together.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// How the API names this way to authenticate, where it has a name.
    pub(super) auth_type: Option<&'static str>,
    pub(super) required: &'static [&'static str],
    pub(super) optional: &'static [&'static str],
}

pub(super) const API_KEY: Group =
    Group { auth_type: Some("API_KEY"), required: &["api_key"], optional: &[] };
pub(super) const AWS: Group = Group {
    auth_type: None,
    required: &["aws_access_key", "aws_secret_key"],
    optional: &["aws_session_token"],
};
pub(super) const SERVICE_KEY: Group =
    Group { auth_type: None, required: &["service_key"], optional: &[] };
pub(super) const BASIC: Group =
    Group { auth_type: Some("BASIC"), required: &["username", "password"], optional: &[] };
pub(super) const BEARER: Group =
    Group { auth_type: Some("BEARER"), required: &["token"], optional: &[] };
pub(super) const OAUTH2: Group = Group {
    auth_type: Some("OAUTH2"),
    required: &["token_endpoint", "client_id", "client_secret", "scope"],
    optional: &[],
};

impl Group {
    /// Whether the attribute belongs to it.
    pub(super) fn has(&self, attribute: &str) -> bool {
        self.required.contains(&attribute) || self.optional.contains(&attribute)
    }

    /// As a user reads it: `` `username` and `password` ``.
    pub(super) fn in_words(&self) -> String {
        let quoted: Vec<String> = self.required.iter().map(|name| format!("`{name}`")).collect();
        match quoted.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => quoted.concat(),
        }
    }
}
