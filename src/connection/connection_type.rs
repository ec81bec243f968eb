//! The table of connection types: what each takes and what its endpoint looks
//! like. Validation, payload and documentation read it; nothing copies it.
//!
//! Source: Confluent Cloud API, `sql.v1.ConnectionSpec`; Confluent's pages on
//! CREATE CONNECTION for credentials and endpoints.

use tf_provider::schema::{Violation, nearest, same_word};

use super::credential::{API_KEY, AWS, AuthMethod, BASIC, BEARER, NO_AUTH, OAUTH2, SERVICE_KEY};
use super::text::{begins_with, has_host, host};

/// A connection type.
#[derive(Debug)]
pub struct ConnectionType {
    /// The name, as the API spells it.
    pub name: &'static str,
    /// The ways to authenticate, of which one is used.
    pub auth_methods: &'static [AuthMethod],
    /// Arguments beside the credentials.
    pub settings: &'static [&'static str],
    /// The beginnings that an endpoint can have.
    pub(super) schemes: &'static [&'static str],
    /// The hosts that the service's documentation shows; none where the service
    /// runs on its user's own host. `*` stands for anything.
    pub(super) hosts: &'static [&'static str],
    /// An endpoint to show in messages.
    pub example: &'static str,
}

/// An argument that is sent together with the credentials, and shown.
#[derive(Debug)]
pub(super) struct Setting {
    pub(super) attribute: &'static str,
    pub(super) payload: &'static str,
    /// The words that it can be, in any case; none where it is free text.
    words: &'static [&'static str],
    /// Another setting, and the word of it that excludes this one.
    pub(super) excluded_by: Option<(&'static str, &'static str)>,
}

pub(super) const TRANSPORT_TYPE: &str = "transport_type";
pub(super) const SSE_ENDPOINT: &str = "sse_endpoint";

/// The transport of an MCP server.
pub(super) static TRANSPORT: Setting = Setting {
    attribute: TRANSPORT_TYPE,
    payload: "TRANSPORT_TYPE",
    words: &["SSE", "STREAMABLE_HTTP"],
    excluded_by: None,
};

/// The address of an MCP server's events.
static SSE: Setting = Setting {
    attribute: SSE_ENDPOINT,
    payload: "SSE_ENDPOINT",
    words: &[],
    excluded_by: Some((TRANSPORT_TYPE, "STREAMABLE_HTTP")),
};

/// All of them.
pub(super) static SETTINGS: [&Setting; 2] = [&TRANSPORT, &SSE];

impl Setting {
    /// The form of a value in the payload.
    pub(super) fn payload_of<'a>(&self, value: &'a str) -> &'a str {
        self.words.iter().find(|word| word.eq_ignore_ascii_case(value)).unwrap_or(&value)
    }

    /// Refuses a value that is none of the words.
    pub(super) fn check(&self, value: &str) -> Result<(), Violation> {
        let is_word = self.words.iter().any(|word| word.eq_ignore_ascii_case(value));
        if is_word || self.words.is_empty() {
            return Ok(());
        }
        let words: Vec<_> = self.words.iter().map(|word| format!("\"{word}\"")).collect();
        Err(Violation::error(format!("must be {}", words.join(" or "))))
    }
}

/// Services of HTTP. Plain `http://` is for servers in private networks.
const HTTP: &[&str] = &["https://", "http://"];

/// A type whose endpoint is an address of HTTP.
const fn http(
    name: &'static str,
    auth_methods: &'static [AuthMethod],
    hosts: &'static [&'static str],
    example: &'static str,
) -> ConnectionType {
    ConnectionType { name, auth_methods, settings: &[], schemes: HTTP, hosts, example }
}

/// A database, which takes a user and a password.
const fn user(
    name: &'static str,
    schemes: &'static [&'static str],
    example: &'static str,
) -> ConnectionType {
    ConnectionType { name, auth_methods: &[BASIC], settings: &[], schemes, hosts: &[], example }
}

/// All types of the API, in alphabetical order.
pub(super) const CONNECTION_TYPES: [ConnectionType; 19] = [
    http("A2A", &[API_KEY, BASIC, BEARER, OAUTH2], &[], "https://agent.example.com"),
    http("ANTHROPIC", &[API_KEY], &["api.anthropic.com"], "https://api.anthropic.com/v1/messages"),
    http(
        "AZUREML",
        &[API_KEY],
        &["*.inference.ml.azure.com", "*.ai.azure.com"],
        "https://workspace.westeurope.inference.ml.azure.com/score",
    ),
    http(
        "AZUREOPENAI",
        &[API_KEY],
        &["*.openai.azure.com"],
        "https://resource.openai.azure.com/openai/deployments/chat/chat/completions?api-version=2025-01-01-preview",
    ),
    http(
        "BEDROCK",
        &[AWS],
        &["bedrock-runtime.*.amazonaws.com", "bedrock-runtime-fips.*.amazonaws.com"],
        "https://bedrock-runtime.us-west-2.amazonaws.com/model/amazon.titan-embed-text-v2:0/invoke",
    ),
    user("CONFLUENT_JDBC", &["jdbc:"], "jdbc:postgresql://db.example.com:5432/orders"),
    http(
        "COSMOSDB",
        &[API_KEY],
        &["*.documents.azure.com"],
        "https://account.documents.azure.com:443/",
    ),
    user("COUCHBASE", &["couchbases://", "couchbase://"], "couchbases://cb.example.com"),
    http("ELASTIC", &[API_KEY, BASIC], &[], "https://search.example.com:9243"),
    http(
        "FIREWORKSAI",
        &[API_KEY],
        &["api.fireworks.ai"],
        "https://api.fireworks.ai/inference/v1/chat/completions",
    ),
    http(
        "GOOGLEAI",
        &[API_KEY],
        &["generativelanguage.googleapis.com"],
        "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.0-flash:generateContent",
    ),
    ConnectionType {
        name: "MCP_SERVER",
        auth_methods: &[API_KEY, BASIC, BEARER, OAUTH2, NO_AUTH],
        settings: &[TRANSPORT_TYPE, SSE_ENDPOINT],
        schemes: HTTP,
        hosts: &[],
        example: "https://mcp.example.com",
    },
    user(
        "MONGODB",
        &["mongodb+srv://", "mongodb://"],
        "mongodb+srv://cluster.example.mongodb.net/catalog",
    ),
    http(
        "OPENAI",
        &[API_KEY],
        &["api.openai.com", "*.openai.azure.com", "api.voyageai.com"],
        "https://api.openai.com/v1/chat/completions",
    ),
    http("PINECONE", &[API_KEY], &["*.pinecone.io"], "https://index.svc.region.pinecone.io"),
    http("REST", &[BASIC, BEARER, OAUTH2], &[], "https://api.example.com/v1"),
    http("S3VECTORS", &[AWS], &["s3vectors.*"], "https://s3vectors.us-west-2.api.aws"),
    http(
        "SAGEMAKER",
        &[AWS],
        &["runtime.sagemaker.*.amazonaws.com", "runtime-fips.sagemaker.*.amazonaws.com"],
        "https://runtime.sagemaker.us-west-2.amazonaws.com/endpoints/scoring/invocations",
    ),
    http(
        "VERTEXAI",
        &[SERVICE_KEY],
        &["*-aiplatform.googleapis.com"],
        "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/endpoints/1:predict",
    ),
];

/// The meaning of a configured type.
#[derive(Clone, Copy, Debug)]
pub(super) enum Named {
    /// A type of the table.
    Known(&'static ConnectionType),
    /// Nothing, but this is probably meant.
    Slip(&'static ConnectionType),
    /// A type that is newer than the table.
    Unknown,
}

impl ConnectionType {
    /// The type of this name. Case does not matter, and `-` is the same as `_`.
    pub(super) fn find(name: &str) -> Option<&'static Self> {
        CONNECTION_TYPES.iter().find(|each| same_word(each.name, name))
    }

    /// Finds the type of a configured name, or the one that was meant.
    pub(super) fn named(name: &str) -> Named {
        if let Some(known) = Self::find(name) {
            return Named::Known(known);
        }
        let names = CONNECTION_TYPES.iter().map(|each| each.name);
        nearest(name, names).and_then(Self::find).map_or(Named::Unknown, Named::Slip)
    }

    /// The name that the API uses; one that the table does not have is left as it is.
    pub(super) fn api_name(name: &str) -> &str {
        Self::find(name).map_or(name, |known| known.name)
    }

    /// Returns true if a connection of this type takes the key in its credentials.
    pub(super) fn takes(&self, key: &str) -> bool {
        self.auth_methods.iter().any(|method| method.takes(key))
    }

    /// Every key that a connection of this type can take.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.auth_methods.iter().flat_map(AuthMethod::keys).collect::<Vec<_>>().into_iter()
    }

    /// Returns true if the endpoint begins as endpoints of this type do.
    pub(super) fn has_scheme_of(&self, endpoint: &str) -> bool {
        self.schemes.iter().any(|scheme| begins_with(endpoint, scheme))
    }

    /// Returns true if the endpoint names something behind its scheme: a host where the
    /// scheme is followed by one. What follows `jdbc:` is each driver's own.
    pub(super) fn has_address(&self, endpoint: &str) -> bool {
        match begins_with(endpoint, "jdbc:") {
            true => {
                endpoint.rsplit(':').next().is_some_and(|rest| !rest.trim_matches('/').is_empty())
            }
            false => has_host(endpoint),
        }
    }

    /// Returns true if the documentation shows endpoints of this shape.
    pub(super) fn is_usual(&self, endpoint: &str) -> bool {
        let Some(host) = host(endpoint) else { return true };
        let encrypted = self.schemes != HTTP || begins_with(endpoint, "https://");
        encrypted && (self.hosts.is_empty() || self.hosts.iter().any(|shape| matches(shape, host)))
    }

    /// The ways to authenticate as a sentence has them.
    pub(super) fn auth_methods_in_words(&self) -> String {
        let methods: Vec<String> = self.auth_methods.iter().map(AuthMethod::in_words).collect();
        match methods.as_slice() {
            [only] => only.clone(),
            several => format!("one of {}", several.join("; ")),
        }
    }
}

/// Returns true if `host` has this shape, in which one `*` stands for one or more
/// characters.
fn matches(shape: &str, host: &str) -> bool {
    match shape.split_once('*') {
        None => shape.eq_ignore_ascii_case(host),
        Some((start, end)) => {
            let host = host.to_ascii_lowercase();
            host.len() > start.len() + end.len() && host.starts_with(start) && host.ends_with(end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::credential::{CREDENTIALS, Credential};
    use super::*;

    #[test]
    fn every_key_and_setting_of_the_table_exists() {
        for each in &CONNECTION_TYPES {
            for key in each.keys() {
                assert!(Credential::find(key).is_some(), "{}: {key}", each.name);
            }
            for name in each.settings {
                assert!(SETTINGS.iter().any(|setting| setting.attribute == *name), "{name}");
            }
        }
        for credential in &CREDENTIALS {
            let is_used = CONNECTION_TYPES.iter().any(|each| each.takes(credential.key));
            assert!(is_used, "no type takes {}", credential.key);
        }
    }

    #[test]
    fn every_example_is_an_endpoint_of_its_type() {
        for each in &CONNECTION_TYPES {
            let example = each.example;
            assert!(each.has_scheme_of(example) && each.has_address(example), "{}", each.name);
            assert!(each.is_usual(example), "{}", each.name);
        }
    }

    #[test]
    fn finds_types_in_any_spelling_and_keeps_them_sorted() {
        for (written, name) in [
            ("azureOpenAI", "AZUREOPENAI"),
            ("mcp-server", "MCP_SERVER"),
            ("confluent-JDBC", "CONFLUENT_JDBC"),
        ] {
            assert_eq!(ConnectionType::find(written).map(|each| each.name), Some(name));
        }
        assert!(ConnectionType::find("nothing").is_none());
        assert!(CONNECTION_TYPES.is_sorted_by_key(|each| each.name));
    }

    #[test]
    fn tells_a_slip_from_a_newer_type() {
        for (written, meant) in [
            ("OPENIA", "OPENAI"),
            ("BEDROK", "BEDROCK"),
            ("mongo", "MONGODB"),
            ("azure_openai", "AZUREOPENAI"),
            ("openai ", "OPENAI"),
            ("mcp_servers", "MCP_SERVER"),
        ] {
            let named = ConnectionType::named(written);
            assert!(
                matches!(named, Named::Slip(each) if each.name == meant),
                "{written}: {named:?}"
            );
        }
        for newer in ["SNOWFLAKE", "NEWCOMER", "QDRANT", "GEMINI"] {
            assert!(matches!(ConnectionType::named(newer), Named::Unknown), "{newer}");
        }
    }

    #[test]
    fn tells_an_unusual_endpoint_from_a_wrong_one() {
        let openai = ConnectionType::find("openai").unwrap();
        assert!(openai.is_usual("https://x.openai.azure.com/v1"));
        assert!(!openai.is_usual("https://openai.azure.com.example.org/v1"));
        assert!(!openai.is_usual("http://api.openai.com/v1"));
        assert!(openai.has_scheme_of("HTTPS://api.openai.com"));
        assert!(!openai.has_scheme_of("mongodb://api.openai.com"));
        assert!(!openai.has_address("https://"));
        let mongodb = ConnectionType::find("mongodb").unwrap();
        assert!(mongodb.is_usual("mongodb+srv://user:x@host.example/db"));
        assert!(!mongodb.has_scheme_of("https://host.example"));
        let jdbc = ConnectionType::find("confluent_jdbc").unwrap();
        assert!(jdbc.has_address("jdbc:sqlserver://;serverName=db.example"));
        assert!(!jdbc.has_address("jdbc:") && !jdbc.has_address("jdbc:postgresql://"));
    }
}
