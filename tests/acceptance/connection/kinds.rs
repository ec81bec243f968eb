//! Every type with every way to authenticate, and what of it the server holds.
//!
//! The table is the documentation's, written down a second time: the provider's
//! own would agree with itself.

use crate::configuration::{Block, OPENAI, connection, openai};
use crate::world::{Scenario, World};

/// Attributes with the payload keys they become, and the `AUTH_TYPE` that is
/// sent with them.
struct Way {
    name: &'static str,
    credentials: &'static [(&'static str, &'static str)],
    auth_type: Option<&'static str>,
}

const API_KEY: Way =
    Way { name: "key", credentials: &[("api_key", "API_KEY")], auth_type: Some("API_KEY") };
const AWS: Way = Way {
    name: "aws",
    credentials: &[
        ("aws_access_key", "AWS_ACCESS_KEY_ID"),
        ("aws_secret_key", "AWS_SECRET_ACCESS_KEY"),
    ],
    auth_type: None,
};
const AWS_SESSION: Way = Way {
    name: "session",
    credentials: &[
        ("aws_access_key", "AWS_ACCESS_KEY_ID"),
        ("aws_secret_key", "AWS_SECRET_ACCESS_KEY"),
        ("aws_session_token", "AWS_SESSION_TOKEN"),
    ],
    auth_type: None,
};
const SERVICE_KEY: Way =
    Way { name: "service", credentials: &[("service_key", "SERVICE_KEY")], auth_type: None };
const BASIC: Way = Way {
    name: "basic",
    credentials: &[("username", "USERNAME"), ("password", "PASSWORD")],
    auth_type: Some("BASIC"),
};
const BEARER: Way =
    Way { name: "bearer", credentials: &[("token", "BEARER_TOKEN")], auth_type: Some("BEARER") };
const OAUTH2: Way = Way {
    name: "oauth2",
    credentials: &[
        ("token_endpoint", "OAUTH2_TOKEN_ENDPOINT"),
        ("client_id", "OAUTH2_CLIENT_ID"),
        ("client_secret", "OAUTH2_CLIENT_SECRET"),
        ("scope", "OAUTH2_SCOPE"),
    ],
    auth_type: Some("OAUTH2"),
};

const KINDS: [(&str, &str, &[Way]); 19] = [
    ("A2A", "https://agent.example.com", &[API_KEY, BASIC, BEARER, OAUTH2]),
    ("ANTHROPIC", "https://api.anthropic.com/v1/messages", &[API_KEY]),
    ("AZUREML", "https://ws.westeurope.inference.ml.azure.com/score", &[API_KEY]),
    (
        "AZUREOPENAI",
        "https://res.openai.azure.com/openai/deployments/d/chat/completions?api-version=2025-01-01",
        &[API_KEY],
    ),
    (
        "BEDROCK",
        "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/invoke",
        &[AWS, AWS_SESSION],
    ),
    ("CONFLUENT_JDBC", "jdbc:postgresql://db.example.com:5432/orders", &[BASIC]),
    ("COSMOSDB", "https://account.documents.azure.com:443/", &[API_KEY]),
    ("COUCHBASE", "couchbases://cb.example.com", &[BASIC]),
    ("ELASTIC", "https://search.example.com:9243", &[API_KEY, BASIC]),
    ("FIREWORKSAI", "https://api.fireworks.ai/inference/v1/chat/completions", &[API_KEY]),
    (
        "GOOGLEAI",
        "https://generativelanguage.googleapis.com/v1beta/models/m:generateContent",
        &[API_KEY],
    ),
    ("MCP_SERVER", "https://mcp.example.com", &[API_KEY, BASIC, BEARER, OAUTH2]),
    ("MONGODB", "mongodb+srv://cluster.example.mongodb.net/catalog", &[BASIC]),
    ("OPENAI", "https://api.openai.com/v1/chat/completions", &[API_KEY]),
    ("PINECONE", "https://index-1.svc.us-east-1.pinecone.io", &[API_KEY]),
    ("REST", "https://api.example.com/v1", &[BASIC, BEARER, OAUTH2]),
    ("S3VECTORS", "https://s3vectors.us-east-1.api.aws", &[AWS, AWS_SESSION]),
    (
        "SAGEMAKER",
        "https://runtime.sagemaker.us-east-1.amazonaws.com/endpoints/e/invocations",
        &[AWS, AWS_SESSION],
    ),
    (
        "VERTEXAI",
        "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/l/endpoints/1:predict",
        &[SERVICE_KEY],
    ),
];

/// One connection of the table.
struct Case {
    name: String,
    kind: &'static str,
    endpoint: &'static str,
    way: &'static Way,
}

fn cases() -> Vec<Case> {
    let of_kind = |(kind, endpoint, ways): &(&'static str, &'static str, &'static [Way])| {
        let (kind, endpoint) = (*kind, *endpoint);
        ways.iter().map(move |way| {
            let name = format!("{}-{}", kind.to_lowercase().replace('_', "-"), way.name);
            Case { name, kind, endpoint, way }
        })
    };
    KINDS.iter().flat_map(of_kind).collect()
}

impl Case {
    /// The value of a credential, another one for each connection.
    fn value(&self, attribute: &str) -> String {
        match attribute {
            "token_endpoint" => format!("https://idp.example.com/{}/token", self.name),
            "service_key" => format!(r#"{{"type":"service_account","project":"{}"}}"#, self.name),
            _ => format!("{attribute} of {}", self.name),
        }
    }

    fn block(&self, suffix: &str) -> Block {
        let attributes = self.way.credentials.iter().map(|(attribute, _)| *attribute);
        attributes.fold(connection(&self.name, self.kind, self.endpoint), |block, attribute| {
            let is_secret = !["token_endpoint", "scope"].contains(&attribute);
            let name = format!("{attribute}{}", if is_secret { suffix } else { "" });
            block.set(&name, &self.value(attribute))
        })
    }

    /// Asserts that the server has exactly what was configured.
    fn is_held_in(&self, world: &World) {
        let connections = world.connections();
        let there = connections.get(&self.name).expect("the connection is there");
        assert_eq!((&*there.connection_type, &*there.endpoint), (self.kind, self.endpoint));
        let mut keys: Vec<&str> = self.way.credentials.iter().map(|(_, key)| *key).collect();
        keys.extend(self.way.auth_type.map(|_| "AUTH_TYPE"));
        keys.sort_unstable();
        assert_eq!(there.credential_keys, keys, "{}", self.name);
        for (attribute, key) in self.way.credentials {
            let value = self.value(attribute);
            assert!(connections.holds(&self.name, key, &value), "{}: {key}", self.name);
        }
        let auth_type = self.way.auth_type;
        assert!(auth_type.is_none_or(|word| connections.holds(&self.name, "AUTH_TYPE", word)));
    }
}

async fn every_type_works(suffix: &str) {
    let cases = cases();
    let configuration: String = cases.iter().map(|case| case.block(suffix).to_string()).collect();
    let world = Scenario::new(configuration).await;
    world.apply().await.warns_of_nothing();
    cases.iter().for_each(|case| case.is_held_in(&world));
    world.plan().await.is_empty().warns_of_nothing();
    world.destroy().await;
    assert!(world.emulator.all_connections().is_empty());
}

#[tokio::test]
async fn every_type_takes_each_of_its_ways_to_authenticate() {
    every_type_works("").await;
}

#[tokio::test]
async fn every_secret_can_be_given_write_only() {
    every_type_works("_wo").await;
}

#[tokio::test]
async fn changing_the_way_to_authenticate_replaces_the_whole_payload() {
    let elastic = connection("openai", "ELASTIC", "https://search.example.com");
    let world = Scenario::new(elastic.clone().set("api_key", "first")).await;
    world.apply().await;
    world.configure(elastic.set("username", "u").set("password", "p"));
    world.plan().await.updates_in_place(OPENAI);
    world.apply().await;
    assert_eq!(world.openai().credential_keys, ["AUTH_TYPE", "PASSWORD", "USERNAME"]);
    world.plan().await.is_empty();
}

#[tokio::test]
async fn a_type_that_is_newer_than_the_provider_takes_its_raw_payload() {
    let newcomer = connection("openai", "NEWCOMER", "newcomer://anything");
    let payload = r#"{ NEW_KEY = "first", OTHER = "x" }"#;
    for argument in ["auth_data", "auth_data_wo"] {
        let world = Scenario::new(newcomer.clone().expression(argument, payload)).await;
        let types = vec!["NEWCOMER".to_owned()];
        world.emulator.settings(|settings| settings.extra_connection_types = types);
        let applied = world.apply().await;
        applied.warns(&["Unknown connection type", "NEWCOMER"]);
        assert_eq!(world.openai().credential_keys, ["NEW_KEY", "OTHER"]);
        assert!(world.connections().holds("openai", "NEW_KEY", "first"));
        world.plan().await.is_empty().warns(&["Unknown connection type"]);
    }
}

#[tokio::test]
async fn a_raw_payload_is_replaced_as_a_whole() {
    let raw = |payload: &str| openai().without("api_key").expression("auth_data", payload);
    let world = Scenario::new(raw(r#"{ API_KEY = "first", AUTH_TYPE = "API_KEY" }"#)).await;
    world.apply().await;
    world.configure(raw(r#"{ API_KEY = "second" }"#));
    world.plan().await.updates_in_place(OPENAI);
    world.apply().await;
    world.holds_api_key("second");
    assert_eq!(world.openai().credential_keys, ["API_KEY"]);
    world.plan().await.is_empty();
}

#[tokio::test]
async fn an_mcp_server_takes_its_transport_in_any_case_and_changes_it_in_place() {
    let server = connection("openai", "MCP_SERVER", "https://mcp.example.com").set("token", "t");
    let sse = server.clone().set("transport_type", "sse").set("sse_endpoint", "/events");
    let world = Scenario::new(sse).await;
    world.apply().await.warns_of_nothing();
    let holds = |key: &str, value: &str| world.connections().holds("openai", key, value);
    assert!(holds("TRANSPORT_TYPE", "SSE") && holds("SSE_ENDPOINT", "/events"));
    world.plan().await.is_empty();

    world.configure(server.set("transport_type", "streamable_http"));
    world.plan().await.updates_in_place(OPENAI);
    world.apply().await;
    assert!(holds("TRANSPORT_TYPE", "STREAMABLE_HTTP") && holds("BEARER_TOKEN", "t"));
    assert_eq!(world.openai().credential_keys, ["AUTH_TYPE", "BEARER_TOKEN", "TRANSPORT_TYPE"]);
    world.plan().await.is_empty();
}

#[tokio::test]
async fn an_mcp_server_without_credentials_says_so_in_its_payload() {
    let server = connection("openai", "MCP_SERVER", "https://mcp.example.com");
    let world = Scenario::new(&server).await;
    world.plan_expecting_error("NO_AUTH").await;
    let payload = r#"{ AUTH_TYPE = "NO_AUTH", TRANSPORT_TYPE = "STREAMABLE_HTTP" }"#;
    world.configure(server.expression("auth_data", payload));
    world.apply().await;
    assert!(world.connections().holds("openai", "AUTH_TYPE", "NO_AUTH"));
    world.plan().await.is_empty();
}
