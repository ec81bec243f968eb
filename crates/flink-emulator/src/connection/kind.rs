//! The types of connection and the credentials that each one takes.
//!
//! This is the server's own table, after the documentation of CREATE
//! CONNECTION and of the `connection_type` enum in the description. A message
//! names keys, never values.

use super::credentials::Credentials;

/// A credential may be at most this long, in bytes.
const MAX_SECRET: usize = 4000;

const AUTH_TYPE: &str = "AUTH_TYPE";
const NO_AUTH: &str = "NO_AUTH";
const TRANSPORT_TYPE: &str = "TRANSPORT_TYPE";
const SSE_ENDPOINT: &str = "SSE_ENDPOINT";

/// One way to authenticate.
struct Method {
    required: &'static [&'static str],
    optional: &'static [&'static str],
    /// The value of `AUTH_TYPE`, where it is sent along; `None`: it is not taken.
    auth_type: Option<&'static str>,
}

/// Most models and search services.
const API_KEY: Method =
    Method { required: &["API_KEY"], optional: &[], auth_type: Some("API_KEY") };
/// Databases, and REST endpoints by RFC 7617.
const BASIC: Method =
    Method { required: &["USERNAME", "PASSWORD"], optional: &[], auth_type: Some("BASIC") };
/// A token that never changes, as opposed to [`OAUTH2`].
const BEARER: Method =
    Method { required: &["BEARER_TOKEN"], optional: &[], auth_type: Some("BEARER") };
/// The client credentials grant: all four keys, or none.
const OAUTH2: Method = Method {
    required: &[
        "OAUTH2_TOKEN_ENDPOINT",
        "OAUTH2_CLIENT_ID",
        "OAUTH2_CLIENT_SECRET",
        "OAUTH2_SCOPE",
    ],
    optional: &[],
    auth_type: Some("OAUTH2"),
};
/// An access key, with a session token where it is a temporary one.
const AWS: Method = Method {
    required: &["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
    optional: &["AWS_SESSION_TOKEN"],
    auth_type: None,
};
/// The JSON of a Google service account, as one text.
const SERVICE_KEY: Method = Method { required: &["SERVICE_KEY"], optional: &[], auth_type: None };

/// Each type and its alternatives, of which exactly one must be given.
const KINDS: &[(&str, &[Method])] = &[
    ("A2A", &[API_KEY, BASIC, BEARER, OAUTH2]),
    ("ANTHROPIC", &[API_KEY]),
    ("AZUREML", &[API_KEY]),
    ("AZUREOPENAI", &[API_KEY]),
    ("BEDROCK", &[AWS]),
    ("CONFLUENT_JDBC", &[BASIC]),
    ("COSMOSDB", &[API_KEY]),
    ("COUCHBASE", &[BASIC]),
    ("ELASTIC", &[API_KEY, BASIC]),
    ("FIREWORKSAI", &[API_KEY]),
    ("GOOGLEAI", &[API_KEY]),
    ("MCP_SERVER", &[API_KEY, BASIC, BEARER, OAUTH2]),
    ("MONGODB", &[BASIC]),
    ("OPENAI", &[API_KEY]),
    ("PINECONE", &[API_KEY]),
    ("REST", &[BASIC, BEARER, OAUTH2]),
    ("S3VECTORS", &[AWS]),
    ("SAGEMAKER", &[AWS]),
    ("VERTEXAI", &[SERVICE_KEY]),
];

/// Returns true if the description lists a type.
pub(super) fn is_known(connection_type: &str) -> bool {
    methods(connection_type).is_some()
}

/// Checks credentials against what their type takes; the error is a sentence
/// that names the key at fault.
pub(super) fn check(connection_type: &str, credentials: &Credentials) -> Result<(), String> {
    check_sizes(credentials)?;
    let Some(methods) = methods(connection_type) else { return Ok(()) };
    let has_transport = connection_type == "MCP_SERVER";
    for key in credentials.keys() {
        let taken = key == AUTH_TYPE
            || methods.iter().any(|method| method.takes(key))
            || has_transport && [TRANSPORT_TYPE, SSE_ENDPOINT].contains(&key);
        if !taken {
            return Err(format!("A connection of type {connection_type} does not take {key}."));
        }
    }
    if has_transport {
        check_transport(credentials)?;
    }
    match chosen(methods, credentials)? {
        Some(method) => method.check(credentials),
        None if has_transport && credentials.find(AUTH_TYPE) == Some(NO_AUTH) => Ok(()),
        None => {
            let ways: Vec<String> = methods.iter().map(Method::named).collect();
            let ways = ways.join(", or ");
            Err(format!("A connection of type {connection_type} needs {ways}."))
        }
    }
}

fn methods(connection_type: &str) -> Option<&'static [Method]> {
    KINDS.iter().find(|(name, _)| *name == connection_type).map(|(_, methods)| *methods)
}

/// The documentation bounds a credential in bytes; an empty one is of no use.
fn check_sizes(credentials: &Credentials) -> Result<(), String> {
    for key in credentials.keys() {
        match credentials.find(key).map_or(0, str::len) {
            0 => return Err(format!("{key} must not be empty.")),
            length if length > MAX_SECRET => {
                return Err(format!("{key} must not be longer than {MAX_SECRET} bytes."));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The one method of which any key is present.
fn chosen<'a>(
    methods: &'a [Method],
    credentials: &Credentials,
) -> Result<Option<&'a Method>, String> {
    let mut present =
        methods.iter().filter(|method| credentials.keys().any(|key| method.takes(key)));
    let first = present.next();
    match (first, present.next()) {
        (Some(one), Some(other)) => {
            Err(format!("{} and {} exclude each other.", one.named(), other.named()))
        }
        _ => Ok(first),
    }
}

/// The transport of an MCP server: SSE by default, and only SSE has an endpoint of
/// its own.
fn check_transport(credentials: &Credentials) -> Result<(), String> {
    let transport = credentials.find(TRANSPORT_TYPE).unwrap_or("SSE");
    let streamable = transport.eq_ignore_ascii_case("STREAMABLE_HTTP");
    if !streamable && !transport.eq_ignore_ascii_case("SSE") {
        return Err(format!("{TRANSPORT_TYPE} must be SSE or STREAMABLE_HTTP."));
    }
    match credentials.find(SSE_ENDPOINT) {
        Some(_) if streamable => {
            Err(format!("{SSE_ENDPOINT} cannot be used with the transport STREAMABLE_HTTP."))
        }
        Some(address) if !address.starts_with('/') && !address.contains("://") => {
            Err(format!("{SSE_ENDPOINT} must be an absolute URL or a path."))
        }
        _ => Ok(()),
    }
}

impl Method {
    fn takes(&self, key: &str) -> bool {
        self.required.contains(&key) || self.optional.contains(&key)
    }

    fn named(&self) -> String {
        self.required.join(" and ")
    }

    fn check(&self, credentials: &Credentials) -> Result<(), String> {
        if let Some(missing) = self.required.iter().find(|key| credentials.find(key).is_none()) {
            return Err(format!("{missing} is missing: {} go together.", self.named()));
        }
        match (credentials.find(AUTH_TYPE), self.auth_type) {
            (None, _) => Ok(()),
            (Some(sent), Some(expected)) if sent == expected => Ok(()),
            (Some(_), Some(expected)) => {
                Err(format!("{AUTH_TYPE} must be {expected} with {}.", self.named()))
            }
            (Some(_), None) => Err(format!("{AUTH_TYPE} is not taken with {}.", self.named())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks credentials that are written as `KEY=value KEY=value`.
    fn checked(connection_type: &str, credentials: &str) -> Result<(), String> {
        let pairs = credentials.split_whitespace().filter_map(|pair| pair.split_once('='));
        check(connection_type, &pairs.collect())
    }

    #[test]
    fn lists_nineteen_types() {
        assert_eq!(KINDS.len(), 19);
        assert!(is_known("OPENAI") && !is_known("openai"));
    }

    #[test]
    fn takes_each_method_of_a_type_and_refuses_an_incomplete_one() {
        for (name, methods) in KINDS {
            for method in *methods {
                let full: Credentials = method.required.iter().map(|key| (*key, "v")).collect();
                assert_eq!(check(name, &full), Ok(()), "{name} {}", method.named());
                for missing in method.required {
                    let part = full.keys().filter(|key| key != missing).map(|key| (key, "v"));
                    assert!(check(name, &part.collect()).is_err(), "{name} without {missing}");
                }
            }
        }
    }

    #[test]
    fn takes_only_the_keys_of_one_method_of_the_type() {
        let oauth2 =
            "OAUTH2_TOKEN_ENDPOINT=u OAUTH2_CLIENT_ID=i OAUTH2_CLIENT_SECRET=s OAUTH2_SCOPE=a";
        let both = format!("{oauth2} BEARER_TOKEN=t");
        for (connection_type, credentials, error) in [
            ("OPENAI", "API_KEY=v PASSWORD=s3cret", Some("PASSWORD")),
            ("OPENAI", "", Some("API_KEY")),
            ("REST", oauth2, None),
            ("REST", &both, Some("BEARER_TOKEN")),
            ("REST", "API_KEY=v", Some("API_KEY")),
            ("OPENAI", "API_KEY=v AUTH_TYPE=API_KEY", None),
            ("OPENAI", "API_KEY=v AUTH_TYPE=BASIC", Some(AUTH_TYPE)),
            ("VERTEXAI", "SERVICE_KEY={} AUTH_TYPE=API_KEY", Some(AUTH_TYPE)),
            ("REST", "AUTH_TYPE=NO_AUTH", Some("BEARER_TOKEN")),
            ("MCP_SERVER", "AUTH_TYPE=NO_AUTH", None),
            ("MCP_SERVER", "TRANSPORT_TYPE=SSE", Some("API_KEY")),
            ("MCP_SERVER", "API_KEY=v TRANSPORT_TYPE=sse SSE_ENDPOINT=/events", None),
            ("MCP_SERVER", "API_KEY=v TRANSPORT_TYPE=SSE SSE_ENDPOINT=https://e/sse", None),
            ("MCP_SERVER", "API_KEY=v SSE_ENDPOINT=events", Some(SSE_ENDPOINT)),
            ("MCP_SERVER", "API_KEY=v TRANSPORT_TYPE=GRPC", Some(TRANSPORT_TYPE)),
            (
                "MCP_SERVER",
                "API_KEY=v TRANSPORT_TYPE=streamable_http SSE_ENDPOINT=/events",
                Some(SSE_ENDPOINT),
            ),
        ] {
            let checked = checked(connection_type, credentials);
            let found = checked.as_ref().err().map_or("", String::as_str);
            assert_eq!(checked.is_err(), error.is_some(), "{credentials}: {found}");
            assert!(found.contains(error.unwrap_or("")) && !found.contains("s3cret"), "{found}");
        }
    }

    #[test]
    fn bounds_values() {
        let long = "é".repeat(MAX_SECRET / 2);
        assert!(checked("OPENAI", &format!("API_KEY={long}")).is_ok());
        assert!(checked("OPENAI", &format!("API_KEY={long}x")).is_err());
        assert!(checked("OPENAI", "API_KEY=").is_err());
    }
}
