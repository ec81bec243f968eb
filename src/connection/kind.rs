//! The table of connection types: what each takes and what its endpoint looks
//! like. Validation, payload and documentation read it; nothing copies it.
//!
//! Source: Confluent Cloud API, `sql.v1.ConnectionSpec`; Confluent's pages on
//! CREATE CONNECTION for credentials and endpoints.

use super::credential::{API_KEY, AWS, BASIC, BEARER, Group, OAUTH2, SERVICE_KEY};

/// A connection type.
#[derive(Debug)]
pub(super) struct Kind {
    /// As the API spells it.
    pub(super) name: &'static str,
    /// The ways to authenticate, of which one is used.
    pub(super) ways: &'static [Group],
    /// Settings beside the credentials.
    pub(super) settings: &'static [&'static str],
    /// What an endpoint must begin with.
    pub(super) schemes: &'static [&'static str],
    /// The hosts that the service's documentation shows; none where the service
    /// runs on its user's own host. `*` stands for anything.
    pub(super) hosts: &'static [&'static str],
    /// An endpoint to show in messages.
    pub(super) example: &'static str,
}

const HTTP: &[&str] = &["https://", "http://"];

const fn http(
    name: &'static str,
    ways: &'static [Group],
    hosts: &'static [&'static str],
    example: &'static str,
) -> Kind {
    Kind { name, ways, settings: &[], schemes: HTTP, hosts, example }
}

const fn user(name: &'static str, schemes: &'static [&'static str], example: &'static str) -> Kind {
    Kind { name, ways: &[BASIC], settings: &[], schemes, hosts: &[], example }
}

/// All types of the API, in alphabetical order.
pub(super) const KINDS: [Kind; 19] = [
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
    Kind {
        name: "MCP_SERVER",
        ways: &[API_KEY, BASIC, BEARER, OAUTH2],
        settings: &["transport_type", "sse_endpoint"],
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

impl Kind {
    /// The type of this name, in any case.
    pub(super) fn find(name: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.name.eq_ignore_ascii_case(name))
    }

    /// The type that was probably meant by a name with a slip in it.
    pub(super) fn like(name: &str) -> Option<&'static Self> {
        let name = name.to_ascii_uppercase();
        let near = KINDS.iter().map(|kind| (edits(&name, kind.name), kind));
        near.filter(|(edits, _)| *edits <= 2).min_by_key(|(edits, _)| *edits).map(|(_, kind)| kind)
    }

    /// Whether a connection of this type uses the attribute.
    pub(super) fn takes(&self, attribute: &str) -> bool {
        self.settings.contains(&attribute) || self.ways.iter().any(|way| way.has(attribute))
    }

    /// Whether the endpoint begins as endpoints of this type do.
    pub(super) fn has_scheme_of(&self, endpoint: &str) -> bool {
        self.schemes.iter().any(|scheme| begins_with(endpoint, scheme))
    }

    /// Whether the documentation shows endpoints of this shape.
    pub(super) fn is_usual(&self, endpoint: &str) -> bool {
        let Some(host) = host(endpoint) else { return true };
        let encrypted = self.schemes != HTTP || begins_with(endpoint, "https://");
        encrypted && (self.hosts.is_empty() || self.hosts.iter().any(|shape| matches(shape, host)))
    }

    /// The ways to authenticate as a user reads them.
    pub(super) fn ways_in_words(&self) -> String {
        let ways: Vec<String> = self.ways.iter().map(Group::in_words).collect();
        match ways.as_slice() {
            [only] => only.clone(),
            several => format!("one of {}", several.join("; ")),
        }
    }
}

/// How many characters have to be changed, added or taken away to get from one
/// text to the other (the Levenshtein distance).
fn edits(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (above, this) in one.chars().enumerate() {
        let mut diagonal = above;
        row[0] = above + 1;
        for (column, that) in other.chars().enumerate() {
            let changed = diagonal + usize::from(this != that);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

fn begins_with(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
}

fn host(endpoint: &str) -> Option<&str> {
    let (_, rest) = endpoint.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    Some(host.split(':').next().unwrap_or(host))
}

/// Whether `host` has this shape, in which one `*` stands for one or more
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
    use super::super::credential::CREDENTIALS;
    use super::*;

    #[test]
    fn every_attribute_of_the_table_exists() {
        for kind in &KINDS {
            let ways = kind.ways.iter().flat_map(|way| way.required.iter().chain(way.optional));
            for name in ways.chain(kind.settings) {
                let known = CREDENTIALS.iter().any(|credential| credential.attribute == *name);
                assert!(known, "{}: {name}", kind.name);
            }
        }
    }

    #[test]
    fn every_example_is_an_endpoint_of_its_type() {
        for kind in &KINDS {
            assert!(kind.has_scheme_of(kind.example), "{}", kind.name);
            assert!(kind.is_usual(kind.example), "{}", kind.name);
        }
    }

    #[test]
    fn types_are_found_in_any_case_and_sorted() {
        assert_eq!(Kind::find("azureOpenAI").map(|kind| kind.name), Some("AZUREOPENAI"));
        assert!(Kind::find("nothing").is_none());
        assert!(KINDS.is_sorted_by_key(|kind| kind.name));
    }

    #[test]
    fn a_slip_in_a_name_is_recognized() {
        for (written, meant) in [
            ("BEDROK", "BEDROCK"),
            ("mongdb", "MONGODB"),
            ("OPEN_AI", "OPENAI"),
            ("mcp_servers", "MCP_SERVER"),
        ] {
            assert_eq!(Kind::like(written).map(|kind| kind.name), Some(meant), "{written}");
        }
        assert!(Kind::like("SNOWFLAKE").is_none());
    }

    #[test]
    fn an_unusual_endpoint_is_told_from_a_wrong_one() {
        let openai = Kind::find("openai").unwrap();
        assert!(openai.is_usual("https://x.openai.azure.com/v1"));
        assert!(!openai.is_usual("https://openai.azure.com.example.org/v1"));
        assert!(!openai.is_usual("http://api.openai.com/v1"));
        assert!(openai.has_scheme_of("HTTPS://api.openai.com"));
        assert!(!openai.has_scheme_of("mongodb://api.openai.com"));
        let mongodb = Kind::find("mongodb").unwrap();
        assert!(mongodb.is_usual("mongodb+srv://user:x@host.example/db"));
        assert!(!mongodb.has_scheme_of("https://host.example"));
    }
}
